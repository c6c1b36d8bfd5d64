import { Hono } from 'hono'
import type { AppEnv, CrossOrigin, Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { readJsonObject } from '../../src/wire/body.ts'
import { parse } from '../../src/wire/check.ts'
import { externalId, presentDevice, pushToken, registrationPatch } from './devices.ts'
import { authorizedApp, BASE, notAllowed, requireJson, WORKSPACE } from './request.ts'
import { List, Person, Registration, WorkspaceList } from './requests.ts'
import { sendRoutes } from './sending/routes.ts'

/** The documented paths, and the form with a workspace prefix that the vendor's sample wrapper builds (section 1). */
const PREFIXES = [BASE, WORKSPACE] as const

/** Section 8. */
export const CROSS_ORIGIN: CrossOrigin = {
  allowMethods: ['GET', 'POST', 'DELETE', 'OPTIONS'],
  allowHeaders: ['authorization', 'content-type'],
  maxAge: 7200,
}

export function flameupRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  for (const prefix of PREFIXES) {
    const devices = `${prefix}/people/:person/devices` as const

    routes.post(devices, async (c) => {
      const { app, person } = await authorized(c)
      requireJson(c)
      const body = parse(Registration, await readJsonObject(c))
      const { device, created } = await c.get('gateway').devices.register({
        app,
        externalId: externalId(body.token),
        idIsToken: true,
        identity: 'key',
        platform: body.platform,
        pushToken: pushToken(body),
        patch: registrationPatch(body, person),
        replacesAlike: true,
        lists: { topics: false, tags: false },
        cause: c.get('requestId'),
      })
      return c.json(presentDevice(app.identifier, device), created ? 201 : 200)
    })

    routes.get(devices, async (c) => {
      const { app, person } = await authorized(c)
      const { platform, is_active, limit, offset } = parse(List, c.req.query())
      const filter = { user: person, platform, active: is_active }
      const page = { limit, offset, counted: true }
      const { devices: found, total } = await c.get('gateway').devices.list({ app, ...filter, ...page })
      return c.json({ devices: found.map((one) => presentDevice(app.identifier, one)), total, limit, offset })
    })
    routes.all(devices, (c) => notAllowed(c, 'GET, POST'))

    routes.delete(`${devices}/:token`, async (c) => {
      const { app, person } = await authorized(c)
      const removed = await c.get('gateway').devices.unregister({
        app,
        externalId: externalId(c.req.param('token')),
        idIsToken: true,
        userId: person,
        cause: c.get('requestId'),
      })
      if (!removed) throw new GatewayError('device_unknown', 'The person has no such device.')
      return c.body(null, 204)
    })
    routes.all(`${devices}/:token`, (c) => notAllowed(c, 'DELETE'))
  }

  // Not counted: a workspace has all devices of its app, and the vendor's answer contains no total (section 1).
  routes.get(`${WORKSPACE}/devices`, async (c) => {
    const app = await authorizedApp(c, 'devices:write')
    const query = parse(WorkspaceList, c.req.query())
    const filter = { user: query.person_id, platform: query.platform, active: query.is_active }
    const page = { limit: query.limit, offset: query.offset, counted: false }
    const { devices } = await c.get('gateway').devices.list({ app, ...filter, ...page })
    return c.json({ devices: devices.map((one) => presentDevice(app.identifier, one)) })
  })
  routes.all(`${WORKSPACE}/devices`, (c) => notAllowed(c, 'GET'))

  sendRoutes(routes)
  return routes
}

/** Checks the key's workspace, then the person of the path, in the order of section 2. */
async function authorized(c: Request): Promise<{ app: DialectApp; person: string }> {
  const app = await authorizedApp(c, 'devices:write')
  return { app, person: parse(Person, { person_id: c.req.param('person') }).person_id }
}
