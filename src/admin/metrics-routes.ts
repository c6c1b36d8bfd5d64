import { type Context, Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { signedIn } from './sign-in.ts'

/** `/metrics` in Prometheus text format, on the gateway's port, for operators. */
export const metricsRoutes = (
  adminToken: (c: Context<AppEnv>) => string,
  metrics: (c: Context<AppEnv>) => Promise<string>,
) =>
  new Hono<AppEnv>().get('/metrics', signedIn(adminToken), async (c) => {
    c.header('Cache-Control', 'no-store')
    return c.body(await metrics(c), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
