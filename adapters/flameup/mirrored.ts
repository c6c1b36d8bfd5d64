import type { Accepted, Answered, Heard } from '../../src/adapter.ts'
import type { Lesson } from '../../src/domain/mirroring.ts'
import { isObject, mapOf } from '../../src/wire/json.ts'
import { segmentOrNull } from '../../src/wire/path.ts'
import { externalId, pushToken, registrationPatch } from './devices.ts'
import { Registration } from './requests.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LIST = /^(?:\/api\/v1(?:\/workspaces\/[^/]+)?\/people\/([^/]+)\/devices)$/

/** The vendor's id of the registered device, from its answer. */
export function gives({ request, theirs }: Heard): string | null {
  const { id, device_token: token } = mapOf(theirs) ?? {}
  return typeof id === 'string' && UUID.test(id) && token === mapOf(request)?.token ? id : null
}

/** This API then returns the vendor's id of a device: SDKs address devices by their tokens. */
async function kept({ c, app }: Pick<Accepted, 'c' | 'app'>, theirs: unknown): Promise<void> {
  const { id, device_token: token } = mapOf(theirs) ?? {}
  if (typeof id !== 'string' || !UUID.test(id) || typeof token !== 'string' || token === '') return
  await c.get('gateway').devices.update({
    app,
    externalId: externalId(token),
    idIsToken: true,
    patch: { details: { id } },
    superseded: true,
    cause: c.get('requestId'),
  })
}

/** Most devices of a list that are looked up. */
const LOOKED_UP = 20

/** Whether the device of the call, or any device of a list, is unknown here. */
export async function unknown(call: Accepted): Promise<boolean> {
  const { c, app } = call
  const { devices } = mapOf(call.theirs) ?? {}
  const listed = Array.isArray(devices) ? devices.map((one) => mapOf(one)?.device_token) : []
  const tokens = listed.filter((one): one is string => typeof one === 'string').map(externalId)
  for (const id of [subject(call), ...tokens].slice(0, LOOKED_UP)) {
    if (id !== null && !(await c.get('gateway').devices.find({ app, externalId: id, idIsToken: true })))
      return true
  }
  return false
}

/**
 * A device that only the vendor knows is created before the person removes it. The removal is then recorded,
 * and no older import can restore the device.
 */
export async function madeKnown(call: Accepted): Promise<boolean> {
  const { c, app, route } = call
  const [id, [person]] = [subject(call), users(call)]
  if (route.method !== 'DELETE' || id === null || person === undefined) return false
  const { devices } = c.get('gateway')
  if (await devices.find({ app, externalId: id, idIsToken: true })) return false
  await devices.register({
    ...{ app, externalId: id, idIsToken: true, identity: 'key', platform: 'android' },
    patch: { user: { id: person, proved: false } },
    lists: { topics: false, tags: false },
    cause: c.get('requestId'),
  })
  return true
}

export async function adopted(call: Heard): Promise<void> {
  const { devices } = mapOf(call.theirs) ?? {}
  for (const one of Array.isArray(devices) ? devices : [call.theirs]) await kept(call, one)
}

/** The devices of a person, at the first call about that person. */
export function lesson(call: Accepted): Lesson | null {
  const { c, app } = call
  const [path, segment] = LIST.exec(c.req.path) ?? []
  if (path === undefined || segment === undefined) return null
  return {
    subject: segmentOrNull(segment) ?? segment,
    asks: [{ method: 'GET', target: `${path}?limit=100` }],
    async take([answer]) {
      const { devices } = mapOf(answer) ?? {}
      for (const one of Array.isArray(devices) ? devices.filter(isObject) : []) await made(call, one)
    },
  }

  async function made(of: Accepted, device: Readonly<Record<string, unknown>>): Promise<void> {
    const body = Registration.safeParse({ ...device, token: device.device_token }).data
    const person = device.person_id
    if (!body || typeof person !== 'string' || device.is_active === false || device.is_valid === false) return
    const id = externalId(body.token)
    const { devices } = c.get('gateway')
    // What is stored here is newer: the device itself reported it later.
    if (await devices.find({ app, externalId: id, idIsToken: true })) return
    await devices.register({
      ...{ app, externalId: id, idIsToken: true, identity: 'key', platform: body.platform },
      pushToken: pushToken(body),
      patch: registrationPatch(body, person),
      lists: { topics: false, tags: false },
      cause: c.get('requestId'),
    })
    await kept(of, device)
  }
}

/** Devices are identified by their tokens. */
export function subject({ c, request }: Answered): string | null {
  const token = mapOf(request)?.token ?? segmentOrNull(/\/devices\/([^/]+)$/.exec(c.req.path)?.[1])
  return typeof token === 'string' && token !== '' ? externalId(token) : null
}

export function users({ c }: Answered): readonly string[] {
  const person = segmentOrNull(/\/people\/([^/]+)\/devices/.exec(c.req.path)?.[1])
  return person === null ? [] : [person]
}

/** Age of a device, in milliseconds, beyond which a call does not wait for the vendor. */
const NEW = 60_000

/** The first registration of a token: later answers return the id that the vendor assigns. */
export async function first(call: Answered): Promise<boolean> {
  const { c, app, route } = call
  const id = route.method === 'POST' ? subject(call) : null
  const device =
    id === null ? null : await c.get('gateway').devices.find({ app, externalId: id, idIsToken: true })
  if (!device || c.get('now')().getTime() - device.createdAt.getTime() > NEW) return false
  return c.get('gateway').mirrors.once(app, 'asked', device.externalId)
}
