import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import type { DialectApp } from '../domain/app.ts'

/**
 * Notes for the log which app a request is for, and counts it where the operator limits requests per app. Throws
 * `rate_limited`.
 */
export async function enter(c: Context<AppEnv>, { app }: DialectApp): Promise<void> {
  c.set('appId', app.id)
  await c.var.rates.perApp.consume(app.id)
}
