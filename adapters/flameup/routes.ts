import { Hono } from 'hono'
import type { AppEnv, CrossOrigin, Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { mediaType, readJsonObject } from '../../src/wire/body.ts'
import { parse } from '../../src/wire/check.ts'
import { refuseBrokenEscapes } from '../../src/wire/path.ts'
import { externalId, presentDevice, pushToken, registrationPatch } from './devices.ts'
import { mayUseDevices } from './provisioning.ts'
import { List, Person, Registration, WorkspaceList } from './requests.ts'

export const BASE = '/api/v1'
const WORKSPACE = `${BASE}/workspaces/:workspace` as const
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
      const { device, created } = await c.var.gateway.devices.register({
        app,
        externalId: externalId(body.token),
        idIsToken: true,
        identity: 'key',
        platform: body.platform,
        pushToken: pushToken(body),
        patch: registrationPatch(body, person),
        replacesAlike: true,
        cause: c.var.requestId,
      })
      return c.json(presentDevice(app.identifier, device), created ? 201 : 200)
    })

    routes.get(devices, async (c) => {
      const { app, person } = await authorized(c)
      const { platform, is_active, limit, offset } = parse(List, c.req.query())
      const filter = { user: person, platform, active: is_active }
      const page = { limit, offset, counted: true }
      const { devices: found, total } = await c.var.gateway.devices.list({ app, ...filter, ...page })
      return c.json({ devices: found.map((one) => presentDevice(app.identifier, one)), total, limit, offset })
    })
    routes.all(devices, (c) => notAllowed(c, 'GET, POST'))

    routes.delete(`${devices}/:token`, async (c) => {
      const { app, person } = await authorized(c)
      const removed = await c.var.gateway.devices.unregister({
        app,
        externalId: externalId(c.req.param('token')),
        idIsToken: true,
        userId: person,
        cause: c.var.requestId,
      })
      if (!removed) throw new GatewayError('device_unknown', 'The person has no such device.')
      return c.body(null, 204)
    })
    routes.all(`${devices}/:token`, (c) => notAllowed(c, 'DELETE'))
  }

  // Not counted: a workspace has all devices of its app, and the vendor's answer contains no total (section 1).
  routes.get(`${WORKSPACE}/devices`, async (c) => {
    const app = await authorizedApp(c)
    const query = parse(WorkspaceList, c.req.query())
    const filter = { user: query.person_id, platform: query.platform, active: query.is_active }
    const page = { limit: query.limit, offset: query.offset, counted: false }
    const { devices } = await c.var.gateway.devices.list({ app, ...filter, ...page })
    return c.json({ devices: devices.map((one) => presentDevice(app.identifier, one)) })
  })
  routes.all(`${WORKSPACE}/devices`, (c) => notAllowed(c, 'GET'))
  return routes
}

/** Checks the key's workspace, then the person of the path, in the order of section 2. */
async function authorized(c: Request): Promise<{ app: DialectApp; person: string }> {
  const app = await authorizedApp(c)
  return { app, person: parse(Person, { person_id: c.req.param('person') }).person_id }
}

async function authorizedApp(c: Request): Promise<DialectApp> {
  // Wrong keys are not rate-limited: an old build with a revoked key must not lock out every phone behind its address.
  const tenant = await c.var.tenant.find()
  if (!tenant) throw new GatewayError('unauthorized', 'Missing or invalid API key.')
  const { app, credential } = tenant
  if (!mayUseDevices(credential?.scopes ?? [])) {
    throw new GatewayError('forbidden', 'This API key lacks the permission devices:write.')
  }
  // Section 1.
  refuseBrokenEscapes(c.req.url)
  const workspace = c.req.param('workspace')
  if (workspace !== undefined && workspace !== app.identifier) {
    throw new GatewayError('forbidden', 'This API key belongs to another workspace.')
  }
  return app
}

/** Refuses other content types; a missing one is accepted. */
function requireJson(c: Request): void {
  const type = mediaType(c)
  if (type !== null && type !== 'application/json') {
    throw new GatewayError('bad_media_type', 'Content-Type must be application/json.')
  }
}

function notAllowed(c: Request, allowed: string): never {
  c.header('Allow', `${allowed}, OPTIONS`)
  throw new GatewayError('method_not_allowed', 'Method not allowed.')
}
