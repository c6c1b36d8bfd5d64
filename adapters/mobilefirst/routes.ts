import { Hono } from 'hono'
import type { AppEnv, CrossOrigin } from '../../src/adapter.ts'
import { applicationOperations } from './applications.ts'
import { authorizationRoutes } from './authorization/routes.ts'
import { deviceOperations } from './devices.ts'
import { requireAcceptable } from './negotiation.ts'
import { operations } from './operations.ts'
import { messageOperations } from './sending/operations.ts'
import { settingsOperations } from './settings.ts'
import { subscriptionOperations } from './subscriptions.ts'
import { tagOperations } from './tags.ts'
import type { Context } from './variables.ts'
import { webhookOperations } from './webhooks.ts'

/** The bases of the push service and of the runtime context, which serves the push service too (section 2). */
export const basesOf = (context: Context) => ['/imfpush', `${context}/api`] as const

/** CORS (section 4). */
export const CROSS_ORIGIN: CrossOrigin = {
  allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
  allowHeaders: ['authorization', 'content-type', 'clientSecret', 'appSecret', 'x-rewrite-domain'],
  exposeHeaders: ['WWW-Authenticate', 'Location'],
  maxAge: 7200,
}

/** Authorization, and every operation of section 3. */
export function mobileFirstRoutes(context: Context): Hono<AppEnv> {
  const [push, runtime] = basesOf(context)
  const mounts = [`${push}/v1`, `${runtime}/imfpush/v1`]
  const routes = new Hono<AppEnv>()

  const on = operations(mounts)
  applicationOperations(on)
  deviceOperations(on)
  subscriptionOperations(on)
  tagOperations(on)
  settingsOperations(on)
  webhookOperations(on)
  messageOperations(on)
  routes.route('/', on.routes)
  routes.route('/', authorizationRoutes(runtime))
  for (const mount of mounts) {
    for (const path of [`${mount}/health/status`, `${mount}/health/status/`] as const) {
      routes.get(path, async (c) => {
        requireAcceptable(c)
        await c.get('gateway').directory.ping()
        return c.json({ status: 'UP' })
      })
    }
  }
  return routes
}
