import { Hono } from 'hono'
import type { Adapter, AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { check } from '../wire/check.ts'
import { presentDevice, presentEvent, presentInstallation } from './present.ts'
import { appId, by, next, unknownDevice } from './request.ts'
import { CURSORS, DryRunQuery, deviceListQuery } from './schema.ts'

/** Routes for devices and installations of all dialects. */
export function deviceRoutes(adapters: readonly Adapter[]) {
  const dialects = adapters.map(({ name }) => name)
  const DeviceListQuery = deviceListQuery(dialects, CURSORS.devices)
  const InstallationListQuery = deviceListQuery(dialects, CURSORS.installations)

  return new Hono<AppEnv>()
    .get('/apps/:app/devices', check('query', DeviceListQuery), async (c) => {
      const { limit, cursor, ...query } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const page = await c.var.gateway.directory.devices(app.id, query, { after: cursor ?? null, limit })
      return c.json({ devices: page.items.map(presentDevice), ...next(page, CURSORS.devices) })
    })

    .get('/apps/:app/devices/:device', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const device = await c.var.gateway.directory.device(app.id, c.req.param('device'))
      return c.json(presentDevice(device ?? unknownDevice()))
    })

    .get('/apps/:app/devices/:device/events', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const events = await c.var.gateway.directory.history(app.id, c.req.param('device'))
      return c.json({ events: events.map(presentEvent) })
    })

    .delete('/apps/:app/devices/:device', check('query', DryRunQuery), async (c) => {
      const { directory } = c.var.gateway
      const [app, device] = [await directory.app(appId(c)), c.req.param('device')]
      if (c.req.valid('query').dryRun) {
        return c.json({ would: (await directory.deviceCounts(app.id, device)) ?? unknownDevice() })
      }
      const removed = await directory.removeDevice(app.id, device, by(c))
      if (!removed) unknownDevice()
      return c.body(null, 204)
    })

    .get('/apps/:app/installations', check('query', InstallationListQuery), async (c) => {
      const { limit, cursor, ...query } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const page = await c.var.gateway.directory.installations(app.id, query, {
        after: cursor ?? null,
        limit,
      })
      return c.json({
        installations: page.items.map(presentInstallation),
        ...next(page, CURSORS.installations),
      })
    })

    .get('/apps/:app/installations/:installation', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const found = await c.var.gateway.directory.installation(app.id, c.req.param('installation'))
      if (!found) throw new GatewayError('not_found', 'The app has no installation with this id.')
      return c.json(presentInstallation(found))
    })
}
