import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { presentDevice } from './present.ts'
import { appId } from './request.ts'

/** What is held about a user, and its erasure. */
export function userRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.get('/apps/:app/users/:user', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    const devices = await c.var.gateway.directory.userDevices(app.id, c.req.param('user'))
    if (devices.length === 0) throw new GatewayError('not_found', 'Nothing is held about this user.')
    return c.json({ userId: c.req.param('user'), devices: devices.map(presentDevice) })
  })

  routes.delete('/apps/:app/users/:user', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    await c.var.gateway.directory.eraseUser(app.id, c.req.param('user'), c.var.requestId)
    return c.body(null, 204)
  })

  return routes
}
