import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { check } from '../wire/check.ts'
import { presentDevice, presentEvent, presentInstallation } from './present.ts'
import { appId, list, unknownDevice } from './request.ts'
import { DeviceListQuery } from './schema.ts'

/** Devices and installations of all dialects. */
export function deviceRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.get('/apps/:app/devices', check('query', DeviceListQuery), async (c) => {
    const { limit, cursor, ...query } = c.req.valid('query')
    const app = await c.var.gateway.directory.app(appId(c))
    const page = await c.var.gateway.directory.devices(app.id, query, { limit, cursor: cursor ?? null })
    return c.json(list('devices', page, presentDevice))
  })

  routes.get('/apps/:app/devices/:device', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    const device = await c.var.gateway.directory.device(app.id, c.req.param('device'))
    return c.json(presentDevice(device ?? unknownDevice()))
  })

  routes.get('/apps/:app/devices/:device/events', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    const events = await c.var.gateway.directory.history(app.id, c.req.param('device'))
    return c.json({ events: events.map(presentEvent) })
  })

  routes.delete('/apps/:app/devices/:device', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    const removed = await c.var.gateway.directory.removeDevice(app.id, c.req.param('device'), c.var.requestId)
    if (!removed) unknownDevice()
    return c.body(null, 204)
  })

  routes.get('/apps/:app/installations', check('query', DeviceListQuery), async (c) => {
    const { limit, cursor, ...query } = c.req.valid('query')
    const app = await c.var.gateway.directory.app(appId(c))
    const page = await c.var.gateway.directory.installations(app.id, query, { limit, cursor: cursor ?? null })
    return c.json(list('installations', page, presentInstallation))
  })

  routes.get('/apps/:app/installations/:installation', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    const found = await c.var.gateway.directory.installation(app.id, c.req.param('installation'))
    if (!found) throw new GatewayError('not_found', 'The app has no installation with this id.')
    return c.json(presentInstallation(found))
  })

  return routes
}
