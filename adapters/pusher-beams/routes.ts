import { Hono } from 'hono'
import type { AppEnv, CrossOrigin } from '../../src/adapter.ts'
import { readJsonObject } from '../../src/wire/body.ts'
import { deviceRoutes } from './device-routes.ts'
import { interestRoutes } from './interest-routes.ts'
import { report } from './reports.ts'
import { done, instance, requireJson, unmatched } from './request.ts'
import { publishRoutes } from './sending/routes.ts'
import { userRoutes } from './user-routes.ts'

export const BASES = [
  '/device_api',
  '/reporting_api',
  '/user_api',
  '/customer_api',
  '/publish_api',
  '/safari_api',
] as const

/** CORS (section 1, #13). */
export const CROSS_ORIGIN: CrossOrigin = {
  allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
  allowHeaders: ['Content-Type', 'Authorization'],
  maxAge: 7200,
}

/** Every endpoint of section 2. */
export function beamsRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  deviceRoutes(routes)
  interestRoutes(routes)
  userRoutes(routes)
  publishRoutes(routes)

  routes.post('/reporting_api/v2/instances/:instance/events', async (c) => {
    requireJson(c)
    const app = await instance(c, 'reportInstance')
    const { kind, publishId, deviceId, at, details } = report(await readJsonObject(c))
    await c.get('gateway').receipts.record({
      app,
      externalId: deviceId,
      messageId: publishId,
      kind,
      at,
      details,
    })
    return done(c)
  })

  for (const base of BASES) routes.all(`${base}/*`, unmatched)
  return routes
}
