import type { Accepted, Answered, Heard, Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import type { Lesson, PairsOf } from '../../src/domain/mirroring.ts'
import { isStorable } from '../../src/domain/text.ts'
import { bearerToken } from '../../src/wire/bearer.ts'
import { type Json, mapOf } from '../../src/wire/json.ts'
import { segmentOrNull } from '../../src/wire/path.ts'
import {
  type BeamsPlatform,
  devicePlatform,
  isDeviceId,
  pushToken,
  registrationBody,
  registrationPatch,
} from './devices.ts'
import { INTERESTS, isInterest } from './interests.ts'
import { MAX_USER_ID, userOf } from './user-token.ts'

const DEVICE = /^(\/device_api\/v1\/instances\/[^/]+\/devices\/(apns|fcm|web)\/([^/]+))(?:\/(.*))?$/

interface Named {
  readonly platform: BeamsPlatform
  readonly id: string
  /** The path of the device itself, not decoded. */
  readonly path: string
  /** The path after the device. */
  readonly rest: string
}

/** The device in the path of a call; null for any other path. */
function named(c: Request): Named | null {
  const [, path = '', platform, segment, rest = ''] = DEVICE.exec(c.req.path) ?? []
  const id = segmentOrNull(segment)
  if (platform === undefined || id === null || !isDeviceId(id, platform as BeamsPlatform)) return null
  return { platform: platform as BeamsPlatform, id, path, rest }
}

/** The id that the vendor assigned to the registered device; undefined for none, or for another format. */
export function givenId(answer: unknown, platform: BeamsPlatform): string | undefined {
  const id = mapOf(answer)?.id
  return typeof id === 'string' && isDeviceId(id, platform) ? id : undefined
}

const find = (c: Request, app: DialectApp, externalId: string) =>
  c.get('gateway').devices.find({ app, externalId })

/**
 * A device that only the vendor knows is created without a token, because a running app does not send it
 * again (migration.md 6.6). The same applies to a device that the call removes: the removal is then recorded,
 * and no older import can restore it.
 */
export async function madeKnown({ c, app }: Accepted): Promise<boolean> {
  const device = named(c)
  if (!device || (await find(c, app, device.id))) return false
  await c.get('gateway').devices.register({
    app,
    externalId: device.id,
    identity: 'key',
    platform: devicePlatform(device.platform, undefined),
    platformWhen: 'created',
    policy: INTERESTS,
    lists: { tags: false, topics: false },
    cause: c.get('requestId'),
  })
  return true
}

/** Registrations too: they are answered with the interests that only the vendor knows. */
export async function unknown(call: Accepted): Promise<boolean> {
  const { c, app } = call
  const platform = REGISTRATION.exec(c.req.path)?.[1] as BeamsPlatform | undefined
  const id = platform === undefined ? named(c)?.id : givenId(call.theirs, platform)
  return id !== undefined && !(await find(c, app, id))
}

/** The ids and interests in an answer. */
export async function adopted({ c, app, route, request, theirs, ours }: Heard): Promise<void> {
  const cause = c.get('requestId')
  const registered = /\/devices\/(apns|fcm|web)$/.exec(c.req.path)?.[1] as BeamsPlatform | undefined
  if (registered !== undefined) {
    const [theirId, ourId] = [givenId(theirs, registered), mapOf(ours)?.id]
    if (theirId === undefined || typeof ourId !== 'string') return
    if (theirId !== ourId) {
      await c.get('gateway').mirrors.adopt(app, { externalId: ourId, renamed: theirId }, cause)
      await joined({ c, app, request }, { platform: registered, ourId, theirId })
    }
    return learnt(c, app, theirId, mapOf(theirs)?.initialInterestSet)
  }
  const device = named(c)
  if (device && route.method === 'GET') {
    if (device.rest === 'interests') await learnt(c, app, device.id, mapOf(theirs)?.interests)
    if (device.rest === '') await bound(c, app, device.id, mapOf(theirs))
  }
}

/**
 * The vendor's id may belong to a device that is stored here without a token, because only its id was known
 * or another process created it first. That device then takes over the token and all data of the device under
 * our id, which is removed.
 */
async function joined(
  { c, app, request }: Pick<Heard, 'c' | 'app' | 'request'>,
  {
    platform,
    ourId,
    theirId,
  }: { readonly platform: BeamsPlatform; readonly ourId: string; readonly theirId: string },
): Promise<void> {
  const [device, kept] = [await find(c, app, ourId), await find(c, app, theirId)]
  if (device?.externalId !== ourId || kept?.externalId !== theirId) return
  const body = registrationBody(mapOf(request) ?? {}, platform)
  const cause = c.get('requestId')
  const { devices } = c.get('gateway')
  await devices.register({
    ...{ app, externalId: theirId, identity: 'key', cause, policy: INTERESTS, lists: { tags: false } },
    platform: devicePlatform(platform, body.metadata),
    platformWhen: body.metadata ? 'always' : 'created',
    pushToken: pushToken(platform, body.token),
    patch: {
      ...registrationPatch(body),
      ...(device.user && { ifNone: { user: device.user } }),
    },
    topics: { names: device.topics, when: 'always' },
  })
  await devices.unregister({ app, externalId: ourId, cause })
}

/** Adds the interests that the vendor returned. */
async function learnt(c: Request, app: DialectApp, externalId: string, interests: unknown): Promise<void> {
  const names = Array.isArray(interests) ? interests.filter(isInterest) : []
  if (names.length === 0) return
  const cause = c.get('requestId')
  await c.get('gateway').topics.add({ app, externalId, names, policy: INTERESTS, superseded: false, cause })
}

/** The vendor has verified this user's token. */
async function bound(
  c: Request,
  app: DialectApp,
  externalId: string,
  device: Json | undefined,
): Promise<void> {
  const id = device?.userId
  if (typeof id !== 'string' || id === '' || [...id].length > MAX_USER_ID || !isStorable(id)) return
  const patch = { ifNone: { user: { id, proved: true } } }
  await c
    .get('gateway')
    .devices.update({ app, externalId, patch, superseded: false, cause: c.get('requestId') })
}

/** At the first call of a device, the vendor is asked for its user and interests. */
export function lesson({ c, app, theirs }: Accepted): Lesson | null {
  const registered = /^(.*\/devices\/(apns|fcm|web))$/.exec(c.req.path)
  const given = registered && givenId(theirs, registered[2] as BeamsPlatform)
  const device = named(c)
  // The vendor is not asked about a device that is being removed.
  const goes = c.req.method === 'DELETE' && device?.rest === ''
  const at = given ? { id: given, path: `${registered[1]}/${given}` } : device
  if (!at || goes) return null
  return {
    subject: at.id,
    asks: [
      { method: 'GET', target: at.path },
      { method: 'GET', target: `${at.path}/interests` },
    ],
    async take([known, interests]) {
      await bound(c, app, at.id, mapOf(known))
      await learnt(c, app, at.id, mapOf(interests)?.interests)
    },
  }
}

/** SDKs repeat these calls after a new registration; browsers do not. */
export async function coaxed({ c, app }: Pick<Accepted, 'c' | 'app'>) {
  const device = named(c)
  if (!device || device.platform === 'web' || !/^(?:interests|metadata|user)(?:\/|$)/.test(device.rest))
    return null
  const known = await find(c, app, device.id)
  return known?.pushToken ? null : { device: device.id, target: device.path }
}

const REGISTRATION = /\/devices\/(apns|fcm|web)$/

/** A registration is about the device that it creates or finds. */
export function subject({ c, request, ours }: Answered): string | null | undefined {
  if (REGISTRATION.test(c.req.path)) {
    const id = mapOf(ours)?.id
    return typeof id === 'string' ? id : undefined
  }
  const reported = mapOf(request)?.deviceId
  return named(c)?.id ?? (typeof reported === 'string' ? reported : null)
}

/** The user in a call: from a token that was verified here, or the user to delete. */
export function users({ c }: Answered): readonly string[] {
  const [, deleted] = /\/users\/(.+)$/.exec(c.req.path) ?? []
  if (deleted !== undefined) return [segmentOrNull(deleted) ?? deleted]
  const presented = bearerToken(c.req.header('authorization'))
  const id = typeof presented === 'object' ? userOf(presented.token) : null
  return id === null ? [] : [id]
}

/**
 * The tokens in a call: of a registration, its token; of a token change, both tokens; of a removal, also the
 * device's id, because it may be all that is known here of an Android device.
 */
export async function handles({ c, app, request }: Answered): Promise<readonly string[]> {
  const [device, sent] = [named(c), tokenOf(request)]
  const told = sent === undefined ? [] : [sent]
  if (!device) return REGISTRATION.test(c.req.path) ? told : []
  const ends = c.req.method === 'DELETE' && device.rest === ''
  if (!ends && device.rest !== 'token') return []
  const before = (await find(c, app, device.id))?.pushToken?.token
  return [...new Set([...(ends ? [device.id] : told), ...(before === undefined ? [] : [before])])]
}

/** Browsers register with an object. */
function tokenOf(request: unknown): string | undefined {
  const token = mapOf(request)?.token
  return token === undefined || token === null || typeof token === 'string'
    ? (token ?? undefined)
    : JSON.stringify(token)
}

export const gives = ({ c, theirs }: Heard): string | null =>
  givenId(theirs, REGISTRATION.exec(c.req.path)?.[1] as BeamsPlatform) ?? null

/** Age of a device, in milliseconds, beyond which a call does not wait for the vendor. */
const NEW = 60_000

/** The first registration of a token: the app stores the id in the answer permanently. */
export async function first({ c, app, ours }: Answered): Promise<boolean> {
  const id = REGISTRATION.test(c.req.path) ? mapOf(ours)?.id : undefined
  const device = typeof id === 'string' ? await find(c, app, id) : null
  if (!device || c.get('now')().getTime() - device.createdAt.getTime() > NEW) return false
  // The answer changes the device's id, but not its row; a token that returns after a removal is a new device
  // at the vendor too.
  return c.get('gateway').mirrors.once(app, 'asked', device.id)
}

/** The vendor's id of a device, where it differs from ours. */
export function pairs({ subject: ours, route, theirs }: PairsOf) {
  const vendor = mapOf(theirs)?.id
  const registers = route.method === 'POST' && route.name.endsWith('/devices/{p}')
  return registers && ours !== null && typeof vendor === 'string' && vendor !== ours ? [{ ours, vendor }] : []
}
