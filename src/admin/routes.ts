import { type Context, Hono } from 'hono'
import type { Adapter, AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { createRateLimit } from '../rate-limit.ts'
import { sameHash, sha256Hex } from '../secrets/hash.ts'
import type { Page } from '../store/store.ts'
import { bearerToken } from '../wire/bearer.ts'
import { mediaType, readJsonObject } from '../wire/body.ts'
import { check, parse } from '../wire/check.ts'
import { guarded } from '../wire/credentials.ts'
import { appDocuments } from './documents.ts'
import {
  presentCredential,
  presentDevice,
  presentEvent,
  presentInstallation,
  presentReceipt,
  presentStats,
} from './present.ts'
import {
  ChangeApp,
  CreateApp,
  CreateCredential,
  DeviceListQuery,
  encodeCursor,
  PageQuery,
  ReceiptListQuery,
  TopicListQuery,
} from './schema.ts'

export interface AdminDeps {
  readonly adapters: readonly Adapter[]
  readonly adminToken: (c: Context<AppEnv>) => string
  readonly rateLimit: boolean
}

/** The operators' API (design.md, section 5), to be mounted at `/admin/v1`. */
export function adminRoutes({ adapters, adminToken, rateLimit }: AdminDeps): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  const documents = appDocuments(adapters)
  const calls = createRateLimit({ points: rateLimit ? 3000 : undefined, seconds: 60 })

  routes.use(async (c, next) => {
    await calls.consume(c.var.address)
    const presented = bearerToken(c.req.header('authorization'))
    const expected = sha256Hex(adminToken(c))
    const allowed = await guarded(c, () =>
      typeof presented === 'object' && sameHash(sha256Hex(presented.token), expected) ? true : null,
    )
    if (!allowed)
      throw new GatewayError('unauthorized', 'This call needs Authorization: Bearer with the admin token.')
    c.header('Cache-Control', 'no-store')
    await next()
  })

  routes.post('/apps', async (c) => {
    const request = parse(CreateApp, await readDocument(c))
    const { setups, generated } = documents.plan(request.dialects)
    const app = await c.var.gateway.directory.createApp({ ...request, dialects: setups })
    c.header('Location', `/admin/v1/apps/${app.id}`)
    return c.json(documents.present(app, generated), 201)
  })

  routes.get('/apps', check('query', PageQuery), async (c) => {
    const { limit, cursor } = c.req.valid('query')
    const page = await c.var.gateway.directory.apps({ limit, cursor: cursor ?? null })
    return c.json(list('apps', page, (app) => documents.present(app)))
  })

  routes.get('/apps/:app', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    return c.json(documents.present(app))
  })

  routes.patch('/apps/:app', async (c) => {
    const { dialects = {}, ...request } = parse(ChangeApp, await readDocument(c))
    const known = await c.var.gateway.directory.app(appId(c))
    const { setups, generated } = documents.plan(dialects, known)
    const app = await c.var.gateway.directory.changeApp(known.id, { ...request, dialects: setups })
    return c.json(documents.present(app, generated))
  })

  routes.delete('/apps/:app', async (c) => {
    await c.var.gateway.directory.removeApp(appId(c))
    return c.body(null, 204)
  })

  routes.get('/apps/:app/credentials', async (c) => {
    const credentials = await c.var.gateway.directory.credentials(appId(c))
    return c.json({ credentials: credentials.map((one) => presentCredential(one)) })
  })

  routes.post('/apps/:app/credentials', async (c) => {
    const { dialect, ...request } = parse(CreateCredential, await readDocument(c))
    const plan = documents.secret(dialect, request)
    const credential = await c.var.gateway.directory.addCredential(appId(c), dialect, plan)
    return c.json(presentCredential(credential, plan.generated ? plan.secret : undefined), 201)
  })

  routes.delete('/apps/:app/credentials/:credential', async (c) => {
    await c.var.gateway.directory.app(appId(c))
    const removed = await c.var.gateway.directory.removeCredential(appId(c), c.req.param('credential'))
    if (!removed) throw new GatewayError('not_found', 'The app has no credential with this id.')
    return c.body(null, 204)
  })

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

  routes.get('/apps/:app/topics', check('query', TopicListQuery), async (c) => {
    const { limit, cursor } = c.req.valid('query')
    const app = await c.var.gateway.directory.app(appId(c))
    const page = await c.var.gateway.directory.topics(app.id, { after: cursor ?? '', limit })
    return c.json(list('topics', page, (topic) => topic))
  })

  routes.get('/apps/:app/receipts', check('query', ReceiptListQuery), async (c) => {
    const { limit, cursor, device, message } = c.req.valid('query')
    const app = await c.var.gateway.directory.app(appId(c))
    const filter = { ...(device && { deviceId: device }), ...(message && { messageId: message }) }
    const page = await c.var.gateway.directory.receipts(app.id, filter, { after: cursor ?? null, limit })
    return c.json(list('receipts', page, presentReceipt))
  })

  routes.get('/apps/:app/stats', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    return c.json(presentStats(await c.var.gateway.directory.stats(app.id)))
  })

  return routes
}

function appId(c: Context<AppEnv>): string {
  const id = c.req.param('app') ?? ''
  c.set('appId', id)
  return id
}

function unknownDevice(): never {
  throw new GatewayError('device_unknown', 'The app has no device with this id.')
}

async function readDocument(c: Context<AppEnv>): Promise<Record<string, unknown>> {
  if (mediaType(c) !== 'application/json') {
    throw new GatewayError('bad_media_type', 'The body must be application/json.')
  }
  return readJsonObject(c)
}

/** A page in the shape of every list: no `nextCursor` on the last. */
function list<Name extends string, T, At extends Parameters<typeof encodeCursor>[0], Shown>(
  name: Name,
  page: Page<T, At>,
  present: (item: T) => Shown,
) {
  return {
    [name]: page.items.map(present),
    ...(page.next !== null && { nextCursor: encodeCursor(page.next) }),
  }
}
