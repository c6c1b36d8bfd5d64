import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import type { DialectApp } from '../domain/app.ts'

/**
 * Records the app of a request for the log, and counts the request if the operator limits requests per app. Throws
 * `rate_limited`.
 */
export async function noteTenant(c: Context<AppEnv>, { app }: DialectApp): Promise<void> {
  c.set('appId', app.id)
  await c.var.rates.perApp.consume(app.id)
}
