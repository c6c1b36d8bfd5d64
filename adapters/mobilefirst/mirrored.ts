import type { Accepted, Answered, Heard } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import type { GrantRequest, Lesson } from '../../src/domain/mirroring.ts'
import { isObject, type Json, mapOf } from '../../src/wire/json.ts'
import { segmentOrNull } from '../../src/wire/path.ts'
import { isPlatform, platformOf, pushToken } from './device-tokens.ts'
import { EVERYBODY, TAGS } from './devices.ts'
import { ANONYMOUS, textOf } from './values.ts'

const PUSH = /^(.*\/imfpush\/v1\/apps\/[^/]+)\/(devices|subscriptions)(?:\/([^/]+))?\/?$/

/** The device that a call is about, by its path, query or body. */
function deviceOf({ c, request }: Pick<Accepted, 'c' | 'request'>): string | null {
  const [, , kind, segment] = PUSH.exec(c.req.path) ?? []
  const named = kind === 'devices' ? segmentOrNull(segment) : (c.req.query('deviceId') ?? null)
  return named || textOf(mapOf(request)?.deviceId) || null
}

/** Most devices of a list that are looked up. */
const LOOKED_UP = 20

/** Whether the device of the call, or any device of a list, is unknown here. */
export async function unknown(call: Accepted): Promise<boolean> {
  const { c, app, theirs } = call
  const { devices, subscriptions } = mapOf(theirs) ?? {}
  const listed = [devices, subscriptions].flatMap((list) => (Array.isArray(list) ? list : []))
  const ids = [deviceOf(call), ...listed.map((one) => textOf(mapOf(one)?.deviceId))]
  for (const externalId of new Set(ids.slice(0, LOOKED_UP))) {
    if (externalId && !(await c.get('gateway').devices.find({ app, externalId }))) return true
  }
  return false
}

/** A device as the vendor returns it, with its token. */
async function made({ c, app }: Pick<Accepted, 'c' | 'app'>, device: Json): Promise<void> {
  const [externalId, token, platformName] = [device.deviceId, device.token, device.platform].map(textOf)
  if (!externalId || !token || !platformName || !isPlatform(platformName)) return
  const { platform, provider } = platformOf(platformName)
  const userId = textOf(device.userId)
  await c.get('gateway').devices.register({
    ...{ app, externalId, identity: 'key', platform },
    pushToken: pushToken(provider, token),
    patch: {
      ...(userId !== '' && userId !== ANONYMOUS && { user: { id: userId, proved: false } }),
      details: { platformName },
    },
    topics: { names: [EVERYBODY], when: 'created' },
    policy: TAGS,
    lists: { topics: false, tags: false },
    cause: c.get('requestId'),
  })
}

/**
 * Creates a device and its tags if only the vendor knows them. Also creates a device that the call removes:
 * the removal is then recorded, and no older import can restore the device.
 */
export async function madeKnown(call: Accepted): Promise<boolean> {
  const { c, app, route, theirs } = call
  const externalId = deviceOf(call)
  await named(
    c,
    app,
    subscriptionsOf(theirs).map(({ tagName }) => textOf(tagName)),
  )
  const [, , kind, segment] = PUSH.exec(c.req.path) ?? []
  const registers = route.method === 'POST' && kind === 'devices'
  if (externalId === null || registers || (kind === 'devices' && segment === undefined)) return false
  if (await c.get('gateway').devices.find({ app, externalId })) return false
  const device = mapOf(theirs)
  if (device?.deviceId === externalId && device.token !== undefined) await made(call, device)
  else
    await c.get('gateway').devices.register({
      ...{ app, externalId, identity: 'key', platform: 'android', platformWhen: 'created', policy: TAGS },
      topics: { names: [EVERYBODY], when: 'created' },
      lists: { topics: false, tags: false },
      cause: c.get('requestId'),
    })
  return true
}

/** Adds to the catalogue every tag to which the vendor has accepted a subscription. */
async function named(c: Accepted['c'], app: DialectApp, names: readonly string[]): Promise<void> {
  for (const name of new Set(names)) {
    const known = name === '' || name === EVERYBODY || [...name].length > TAGS.maxLength
    if (!known) await c.get('gateway').catalogue.create({ app, name, description: '' })
  }
}

/** The subscriptions of an answer, in any of its forms (section 5.3). */
function subscriptionsOf(answer: unknown): readonly Json[] {
  const { subscribed, subscriptions } = mapOf(answer) ?? {}
  const list = [subscribed, subscriptions].find(Array.isArray) ?? [answer]
  return list
    .filter(isObject)
    .filter(({ subscriptionId, tagName }) => subscriptionId != null && tagName != null)
}

/** The vendor's ids of subscriptions; numbers become text. */
async function identified(
  { c, app }: Pick<Accepted, 'c' | 'app'>,
  all: readonly Json[],
  fallback: string | null,
): Promise<void> {
  const byDevice = new Map<string, Record<string, string>>()
  for (const { deviceId, subscriptionId, tagName } of all) {
    const externalId = textOf(deviceId) || fallback
    if (externalId === null) continue
    const ids = byDevice.get(externalId) ?? {}
    ids[textOf(tagName)] = String(subscriptionId)
    byDevice.set(externalId, ids)
  }
  for (const [externalId, subscriptions] of byDevice) {
    await c.get('gateway').mirrors.adopt(app, { externalId, subscriptions }, c.get('requestId'))
  }
}

export const adopted = (call: Heard): Promise<void> =>
  identified(call, subscriptionsOf(call.theirs), deviceOf(call))

/** The device and its subscriptions with their ids, read with the device's own token (section 8). */
export function lesson(call: Accepted): Lesson | null {
  const { c, app, route } = call
  const externalId = deviceOf(call)
  const [, base, kind] = PUSH.exec(c.req.path) ?? []
  // Only the removal of a device needs no answer of the vendor's; the removal of a subscription does.
  const goes = route.method === 'DELETE' && kind === 'devices'
  if (externalId === null || base === undefined || goes) return null
  const id = encodeURIComponent(externalId)
  return {
    subject: externalId,
    asks: [
      { method: 'GET', target: `${base}/devices/${id}` },
      { method: 'GET', target: `${base}/subscriptions?deviceId=${id}` },
    ],
    async take([device, list]) {
      const known = await c.get('gateway').devices.find({ app, externalId })
      const theirs = mapOf(device)
      if (theirs && (!known || known.pushToken === null)) await made(call, theirs)
      const all = subscriptionsOf(list)
      const names = all.map(({ tagName }) => textOf(tagName)).filter((name) => name !== '')
      await named(c, app, names)
      if (names.length === 0) return
      await c
        .get('gateway')
        .subscriptions.add({ app, externalId, names, policy: TAGS, cause: c.get('requestId') })
      await identified(call, all, externalId)
    },
  }
}

const SUBSCRIPTION = /^(.*\/imfpush\/v1\/apps\/[^/]+\/subscriptions)\/([^/]+)\/?$/

/** The subscription in the path of a call, for which the vendor has another id; null for none. */
async function subscription({ c, app }: Pick<Answered, 'c' | 'app'>) {
  const [, list, segment] = SUBSCRIPTION.exec(c.req.path) ?? []
  const id = segmentOrNull(segment)
  const found = list === undefined || id === null ? null : await c.get('gateway').subscriptions.find(app, id)
  return found && { list, topic: found.topic, externalId: found.device.externalId }
}

export const subject = async (call: Answered): Promise<string | null> =>
  deviceOf(call) ?? (await subscription(call))?.externalId ?? null

export function users({ request }: Answered): readonly string[] {
  const id = textOf(mapOf(request)?.userId)
  return id === '' || id === ANONYMOUS ? [] : [id]
}

/** A subscription is removed by its device and tag, which are the same on both sides. */
export async function copiedTo(call: Answered): Promise<string | undefined> {
  const of = await subscription(call)
  if (!of) return undefined
  return `${of.list}?${new URLSearchParams({ deviceId: of.externalId, tagName: of.topic })}`
}

const SCOPES = 'devices.read devices.write subscriptions.read subscriptions.write'

/**
 * The vendor's authorization server issues tokens to a confidential client, which the operator has created
 * there.
 */
export const grant =
  (token: string) =>
  ({ clientId, clientSecret }: Readonly<Record<string, string>>, target: string): GrantRequest => {
    const app = segmentOrNull(/\/imfpush\/v1\/apps\/([^/?]+)/.exec(target)?.[1]) ?? ''
    const form = { grant_type: 'client_credentials', scope: `${SCOPES} push.application.${app}` }
    return {
      target: token,
      headers: [
        [
          'authorization',
          `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${clientId}:${clientSecret}`)))}`,
        ],
        ['content-type', 'application/x-www-form-urlencoded'],
        ['accept', 'application/json'],
      ],
      body: new URLSearchParams(form).toString(),
      read(answer) {
        const { access_token: value, expires_in: seconds } = mapOf(answer) ?? {}
        if (typeof value !== 'string' || value === '') return null
        return { authorization: `Bearer ${value}`, seconds: Number(seconds) || 0 }
      },
    }
  }
