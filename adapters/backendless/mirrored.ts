import type { Accepted, Answered, Heard } from '../../src/adapter.ts'
import { isSharedId } from '../../src/domain/absent.ts'
import type { Copying, Lesson } from '../../src/domain/mirroring.ts'
import { isObject, mapOf, parseJsonText } from '../../src/wire/json.ts'
import { rawPath, segmentOrNull } from '../../src/wire/path.ts'
import { decodePacket } from './amf/packet.ts'
import { type AmfValue, isAmfObject, itemsOf, membersOf } from './amf/values.ts'
import { subscriptionId } from './present.ts'
import { optionsOf } from './provisioning.ts'
import { CHANNELS, isChannel } from './registration.ts'

/** Most nested objects that are inspected. */
const DEEPEST = 12

/** An AMF value as JSON. Values that are referenced twice are written twice, up to the depth of answers. */
function plain(value: AmfValue, depth = 0): unknown {
  if (depth > DEEPEST) return null
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return '(bytes)'
  const items = itemsOf(value)
  if (items) return items.map((one) => plain(one, depth + 1))
  const members = membersOf(value)
  if (members) return Object.fromEntries([...members].map(([name, one]) => [name, plain(one, depth + 1)]))
  return typeof value === 'object' && value !== null ? null : value
}

const OF_ENVELOPE = [
  'clientId',
  'messageId',
  'correlationId',
  'timestamp',
  'timeToLive',
  'headers',
  'destination',
]

/** The content of a binary message, without members that each side generates anew for every message. */
export function read(body: Uint8Array): unknown {
  try {
    const [first] = decodePacket(body).bodies
    const message = first && (itemsOf(first.value) ?? [first.value])[0]
    if (!isAmfObject(message)) return undefined
    const said = plain(message)
    if (!isObject(said)) return undefined
    for (const name of OF_ENVELOPE) delete said[name]
    const result = typeof said.body === 'string' ? registered(said.body) : said.body
    return { ...said, class: message.className, body: result }
  } catch {
    return undefined
  }
}

/** The result of a binary registration: a registration id, since version 5 in a JSON list with the push templates. */
function registered(text: string): unknown {
  const list = parseJsonText(text)
  const id = Array.isArray(list) ? list[0] : text
  return typeof id === 'string' && id.includes('::') ? { registrationId: idsOf(id) } : text
}

/** The parts of a registration id (section 7), by channel. */
const idsOf = (id: string): Record<string, string> =>
  Object.fromEntries(
    id.split(',').flatMap((part) => {
      const at = part.indexOf('::')
      return at < 0 ? [] : [[part.slice(at + 2), part.slice(0, at)] as const]
    }),
  )

/** A registration id split into its parts, because their order has no meaning. */
export function shown(answer: unknown): unknown {
  if (!isObject(answer) || typeof answer.registrationId !== 'string') return answer
  return { ...answer, registrationId: idsOf(answer.registrationId) }
}

/** Whether a binary message is an error. */
export const refuses = (answer: unknown): boolean =>
  isObject(answer) && typeof answer.class === 'string' && answer.class.endsWith('.ErrorMessage')

function deviceOf(request: unknown): string | undefined {
  const body = mapOf(request)
  const [first] = Array.isArray(body?.body) ? body.body : []
  const id = typeof first === 'string' ? first : (mapOf(first) ?? body)?.deviceId
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** The device that a call removes as a whole, not only some of its channels; null for any other call. */
function endedBy({ c, route, request }: Accepted): string | null {
  if (route.method === 'DELETE') return segmentOrNull(REGISTRATION.exec(rawPath(c.req.url))?.[2])
  const { operation, body } = mapOf(request) ?? {}
  const [id, channels] = Array.isArray(body) ? body : []
  const ends = operation === 'unregisterDevice' && (channels === undefined || channels === null)
  return ends && typeof id === 'string' ? id : null
}

export async function unknown(call: Accepted): Promise<boolean> {
  const { c, app } = call
  const externalId = subject(call)
  return externalId !== null && !(await c.get('gateway').devices.find({ app, externalId }))
}

/**
 * A device that only the vendor knows is created before it is removed. The removal is then recorded, and no
 * older import can restore the device.
 */
export async function madeKnown(call: Accepted): Promise<boolean> {
  const { c, app } = call
  const externalId = endedBy(call)
  if (externalId === null || isSharedId(externalId) || optionsOf(app.options).keyByToken) return false
  const { devices } = c.get('gateway')
  if (await devices.find({ app, externalId })) return false
  await devices.register({
    ...{ app, externalId, identity: 'key', platform: 'android', platformWhen: 'created', policy: CHANNELS },
    lists: { tags: false, topics: false },
    cause: c.get('requestId'),
  })
  return true
}

/** The ids that the vendor assigned to the device's channels. */
export async function adopted({ c, app, request, theirs }: Heard): Promise<void> {
  const externalId = deviceOf(request)
  const answer = mapOf(shown(theirs))
  const ids = mapOf(answer?.registrationId) ?? mapOf(mapOf(answer?.body)?.registrationId)
  // Devices that are distinguished by token have different ids here (section 13).
  if (externalId === undefined || !ids || optionsOf(app.options).keyByToken) return
  const subscriptions = Object.fromEntries(
    Object.entries(ids).flatMap(([channel, id]) => {
      const own = subscriptionId(String(id))
      return own === null || !isChannel(channel) ? [] : [[channel, own]]
    }),
  )
  const missing = Object.keys(subscriptions)
  const cause = c.get('requestId')
  const { topics, mirrors } = c.get('gateway')
  if (missing.length > 0)
    await topics.add({ app, externalId, names: missing, policy: CHANNELS, superseded: false, cause })
  await mirrors.adopt(app, { externalId, subscriptions }, cause)
}

const REGISTRATION = /^(.*\/messaging\/registrations?)(?:\/([^/]+))?$/

/** At the first call of a device: the channels and expiry of its registration. */
export function lesson({ c, app, route, request }: Accepted): Lesson | null {
  const [, base, segment] = REGISTRATION.exec(rawPath(c.req.url)) ?? []
  const externalId = segmentOrNull(segment) ?? deviceOf(request)
  if (base === undefined || externalId === undefined || route.method === 'DELETE') return null
  return {
    subject: externalId,
    asks: [{ method: 'GET', target: `${base}/${encodeURIComponent(externalId)}` }],
    async take([answer]) {
      const [first] = Array.isArray(answer) ? answer : [answer]
      const { channels, expiration } = mapOf(first) ?? {}
      const names = Array.isArray(channels) ? channels.filter(isChannel) : []
      const cause = c.get('requestId')
      const { topics, devices } = c.get('gateway')
      if (names.length > 0)
        await topics.add({ app, externalId, names, policy: CHANNELS, superseded: false, cause })
      if (typeof expiration === 'number' && expiration > c.get('now')().getTime()) {
        const patch = { expiresAt: new Date(expiration) }
        await devices.update({ app, externalId, patch, superseded: false, cause })
      }
    },
  }
}

export function subject({ c, request }: Answered): string | null {
  const segment = /\/messaging\/registrations?\/([^/]+)$/.exec(rawPath(c.req.url))?.[1]
  return segmentOrNull(segment) ?? deviceOf(request) ?? null
}

const DEVICES = /DeviceRegistrationService$/

/** Binary calls are mirrored only if they are about devices. */
export function copying(request: unknown): Copying | undefined {
  const message = mapOf(request)
  if (typeof message?.class !== 'string') return undefined
  return DEVICES.test(String(message.source)) ? undefined : 'never'
}
