import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import type { AppEnv } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import type { Device } from '../../src/domain/device.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { bearerToken } from '../../src/wire/bearer.ts'
import { mediaType, readJsonObject } from '../../src/wire/body.ts'
import { guarded } from '../../src/wire/credentials.ts'
import { pathSegments } from '../../src/wire/path.ts'
import {
  type BeamsPlatform,
  devicePlatform,
  isDeviceId,
  metadataPatch,
  nonEmpty,
  PLATFORMS,
  presentDevice,
  presentRegistered,
  pushToken,
  registrationBody,
} from './devices.ts'
import { type Fault, fault } from './errors.ts'
import { afterCursor, cursorAfter, INTERESTS, interestSet, isInterest, pageLimit } from './interests.ts'
import { DIALECT, INSTANCE_ID, SECRET_KEY } from './provisioning.ts'
import { report } from './reports.ts'
import { verifiedUser } from './user-token.ts'

const INSTANCE = '/device_api/v1/instances/:instance'
const DEVICES = `${INSTANCE}/devices/:platform{(?:apns|fcm|web)}` as const
const DEVICE = `${DEVICES}/:device` as const
type Request = Context<AppEnv, string>

export const BASES = [
  '/device_api',
  '/reporting_api',
  '/user_api',
  '/customer_api',
  '/publish_api',
  '/safari_api',
] as const

/** Every endpoint of the contract's section 2 but the publish calls, whose paths are unknown until sending exists. */
export function beamsRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  for (const base of BASES) {
    routes.use(
      `${base}/*`,
      // Naming Authorization: `*` does not cover it (section 1, #13).
      cors({
        origin: '*',
        allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
        allowHeaders: ['Content-Type', 'Authorization'],
        maxAge: 7200,
      }),
    )
  }

  routes.post(DEVICES, async (c) => {
    requireJson(c)
    const app = await instance(c)
    const platform = platformOf(c)
    const { token, bundleIdentifier, metadata } = registrationBody(await readJsonObject(c), platform)
    const { device } = await c.var.gateway.devices.register({
      app,
      externalId: `${platform}-${crypto.randomUUID()}`,
      identity: 'token',
      platform: devicePlatform(platform, metadata),
      pushToken: pushToken(platform, token),
      patch: registrationPatch(metadata, bundleIdentifier),
      policy: INTERESTS,
      cause: c.var.requestId,
    })
    return c.json(presentRegistered(device))
  })

  routes.get(`${INSTANCE}/web-vapid-public-key`, async (c) => {
    const { app } = await instance(c)
    return c.json({ vapidPublicKey: app.vapid.publicKey })
  })

  routes.get(DEVICE, async (c) => {
    refuseOtherTypes(c)
    const ref = { app: await instance(c), externalId: deviceId(c) }
    return c.json(presentDevice(current(await c.var.gateway.devices.find(ref))))
  })

  routes.delete(DEVICE, async (c) => {
    const app = await instance(c)
    const externalId = c.req.param('device')
    // Unknown, malformed or gone: 200, or the Android SDK retries for ever (section 1, #3).
    if (isDeviceId(externalId, platformOf(c))) {
      await c.var.gateway.devices.unregister({ app, externalId, cause: c.var.requestId })
    }
    return c.body(null)
  })

  routes.put(`${DEVICE}/metadata`, async (c) => {
    requireJson(c)
    const app = await instance(c)
    const patch = metadataPatch(await readJsonObject(c))
    current(await c.var.gateway.devices.update({ app, externalId: deviceId(c), patch, superseded: false }))
    return c.body(null)
  })

  routes.put(`${INSTANCE}/devices/fcm/:device/token`, async (c) => {
    requireJson(c)
    const app = await instance(c)
    const token = nonEmpty((await readJsonObject(c)).token)
    if (token === undefined) throw fault('newTokenMissing')
    const rotated = await c.var.gateway.devices.rotate({
      app,
      externalId: deviceId(c, 'fcm'),
      platform: 'android',
      pushToken: pushToken('fcm', token),
      cause: c.var.requestId,
    })
    current(rotated)
    return c.body(null)
  })

  routes.put(`${DEVICE}/user`, async (c) => {
    refuseOtherTypes(c)
    const app = await instance(c)
    const externalId = wellFormedDeviceId(c, 'userDeviceInvalid')
    const user = await provedUser(c, app)
    const outcome = await c.var.gateway.users.bind({
      app,
      externalId,
      user: { id: user, proved: true },
      rules: { replace: false, limit: { devices: 100, among: PLATFORMS[platformOf(c)].devices } },
      cause: c.var.requestId,
    })
    if (outcome === 'unknown') unknownDevice()
    if (outcome === 'taken') throw fault('userTaken')
    if (outcome === 'limit') throw fault('userLimit')
    return c.body(null)
  })

  routes.get(`${DEVICE}/interests`, async (c) => {
    const app = await instance(c)
    const limit = pageLimit(c.req.query('limit'))
    const after = afterCursor(c.req.query('cursor'))
    const ref = { app, externalId: deviceId(c) }
    const page = await c.var.gateway.topics.page({ ...ref, after, limit, superseded: false })
    if (!page) return unknownDevice()
    const last = page.topics.at(-1)
    const responseMetadata = page.more && last !== undefined ? { nextCursor: cursorAfter(last) } : {}
    return c.json({ interests: page.topics, responseMetadata })
  })

  routes.put(`${DEVICE}/interests`, async (c) => {
    const app = await instance(c)
    const names = interestSet(await readJsonObject(c))
    const ref = { app, externalId: deviceId(c) }
    const outcome = await c.var.gateway.topics.replace({
      ...ref,
      names,
      policy: INTERESTS,
      superseded: false,
    })
    return changedInterests(c, outcome)
  })

  routes.post(`${DEVICE}/interests/:interest`, async (c) => {
    const app = await instance(c)
    const externalId = wellFormedDeviceId(c, 'deviceInvalid')
    const name = c.req.param('interest')
    if (!isInterest(name)) throw fault('interestInvalid')
    const request = { app, externalId, names: [name], policy: INTERESTS, superseded: false }
    return changedInterests(c, await c.var.gateway.topics.add(request))
  })

  routes.delete(`${DEVICE}/interests/:interest`, async (c) => {
    const app = await instance(c)
    const externalId = wellFormedDeviceId(c, 'deviceInvalid')
    // A name that cannot exist was never subscribed to: the seed has no row that refuses it.
    const names = [c.req.param('interest')]
    const request = { app, externalId, names, policy: INTERESTS, superseded: false }
    return changedInterests(c, await c.var.gateway.topics.remove(request))
  })

  routes.post('/reporting_api/v2/instances/:instance/events', async (c) => {
    requireJson(c)
    const app = await instance(c, 'reportInstance')
    const { kind, publishId, deviceId, at, details } = report(await readJsonObject(c))
    const seen = { messageId: publishId, kind, at, details }
    await c.var.gateway.receipts.record({ app, externalId: deviceId, ...seen })
    return c.body(null)
  })

  // Clients that leave a slash in a user id unescaped (the Python SDK) are understood too.
  for (const path of ['/user_api/v1', '/customer_api/v1'] as const) {
    routes.delete(`${path}/instances/:instance/users/:user{.+}`, async (c) => {
      const app = await instance(c)
      await requireSecretKey(c, app)
      const userId = c.req.param('user')
      if ([...userId].length > 164) throw fault('userTooLong')
      const remove = (id: string) =>
        c.var.gateway.users.removeDevices({ app, userId: id, cause: c.var.requestId })
      // Java, PHP and Ruby write a blank as a plus, Go a plus as it is: the literal id first (section 4).
      if ((await remove(userId)) === 0 && userId.includes('+')) await remove(userId.replaceAll('+', ' '))
      return c.body(null)
    })
  }

  for (const base of ['/device_api/*', '/reporting_api/*'] as const) {
    routes.all(base, (c) => incomplete(c))
  }
  return routes
}

function registrationPatch(
  metadata: Readonly<Record<string, unknown>> | undefined,
  bundle: string | undefined,
) {
  const patch = metadata ? metadataPatch(metadata) : {}
  return {
    ...patch,
    details: { ...patch.details, ...(bundle !== undefined && { bundleIdentifier: bundle }) },
  }
}

/** The app that the path's instance id names, without regard to case. */
async function instance(c: Request, unknown?: Fault): Promise<DialectApp> {
  refuseBrokenEscapes(c)
  return findInstance(c, c.req.param('instance') ?? '', unknown)
}

async function findInstance(c: Request, id: string, unknown?: Fault): Promise<DialectApp> {
  if (id === '') throw fault('instanceMissing')
  if (!INSTANCE_ID.test(id)) throw fault('instanceInvalid')
  const app = await c.var.gateway.apps.find(DIALECT, id.toLowerCase())
  if (!app) throw unknown ? fault(unknown) : new GatewayError('app_unknown', 'Could not find the instance.')
  c.set('appId', app.app.id)
  return app
}

/** The router leaves a broken escape as it is; here it is an error. */
function refuseBrokenEscapes(c: Request): void {
  if (c.req.url.includes('%')) pathSegments(c.req.url)
}

const platformOf = (c: Request): BeamsPlatform => c.req.param('platform') as BeamsPlatform

/** An id of another platform, or one that is none, is simply unknown. */
function deviceId(c: Request, platform = platformOf(c)): string {
  const id = c.req.param('device') ?? ''
  return isDeviceId(id, platform) ? id : unknownDevice()
}

function wellFormedDeviceId(c: Request, otherwise: Fault): string {
  const id = c.req.param('device') ?? ''
  if (!isDeviceId(id, platformOf(c))) throw fault(otherwise)
  return id
}

function unknownDevice(): never {
  throw new GatewayError('device_unknown', 'Could not find the device.')
}

/** A device whose token another one took is gone on the wire (section 11, R2). */
const current = (device: Device | null): Device =>
  device && device.supersededAt === null ? device : unknownDevice()

function requireJson(c: Request): void {
  if (mediaType(c) !== 'application/json') throw fault('contentType')
}

function refuseOtherTypes(c: Request): void {
  const type = mediaType(c)
  if (type !== null && type !== 'application/json') throw fault('contentType')
}

/** No limit on failures here: a 429 would block the iOS SDK's queue for good (section 6). */
async function provedUser(c: Request, app: DialectApp): Promise<string> {
  const presented = bearerToken(c.req.header('authorization'))
  if (presented === 'missing') throw fault('authorizationMissing')
  if (presented === 'malformed') throw fault('authorizationMalformed')
  const secrets = await c.var.gateway.apps.secrets(app, SECRET_KEY)
  return verifiedUser({ token: presented.token, secrets, instanceId: app.identifier, now: c.var.now() })
}

async function requireSecretKey(c: Request, app: DialectApp): Promise<void> {
  const presented = bearerToken(c.req.header('authorization'))
  if (presented === 'missing') throw fault('secretMissing')
  const match = await guarded(c, () =>
    presented === 'malformed' ? null : c.var.gateway.apps.verify(app, [SECRET_KEY], presented.token),
  )
  if (!match) throw fault('secretWrong')
}

function changedInterests(c: Request, outcome: 'done' | 'unknown' | 'limit'): Response {
  if (outcome === 'unknown') unknownDevice()
  if (outcome === 'limit') throw fault('interestsTooMany')
  return c.body(null)
}

const LAST = new Set(['metadata', 'token', 'user', 'interests'])

/**
 * What no route took. An empty segment where an id or a name belongs is an incomplete request (section 9); everything
 * else is unknown.
 */
async function incomplete(c: Request): Promise<Response> {
  const [, , instances, id, kind, platform, device, last, interest, ...more] = pathSegments(c.req.url)
  const known =
    instances === 'instances' &&
    more.length === 0 &&
    (kind === 'web-vapid-public-key' ||
      kind === 'events' ||
      (kind === 'devices' && platform !== undefined && platform in PLATFORMS)) &&
    (last === undefined || LAST.has(last)) &&
    (interest === undefined || last === 'interests')
  if (!known || id === undefined) throw new GatewayError('not_found', 'Could not find the resource.')
  await findInstance(c, id, kind === 'events' ? 'reportInstance' : undefined)
  if (device === '') throw fault('deviceMissing')
  if (interest === '') throw fault('interestMissing')
  throw new GatewayError('not_found', 'Could not find the resource.')
}
