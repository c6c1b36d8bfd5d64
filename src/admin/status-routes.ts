import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { VERSION } from '../version.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'

/** Routes for the gateway's own status. */
export const statusRoutes = () =>
  new Hono<AppEnv>().get('/status', async (c) => {
    const { directory } = c.var.gateway
    const { warnings } = await directory.ping()
    const database = { bytes: await directory.size(), warnings }
    return c.json({ version: VERSION, origin: c.var.outside.origin, database } satisfies Answer<
      typeof A.Status
    >)
  })
