import type { Platform } from '../../src/domain/device.ts'
import { GatewayError } from '../../src/domain/error.ts'
import type { TagChange } from '../../src/domain/tag.ts'
import type { DevicePatch, Registered, Registration } from '../../src/gateway/devices.ts'
import { isObject, type Json } from '../../src/wire/json.ts'
import { emailAddress, externalIdOf, guessedType, isEmail, smsNumber, whatsappNumber } from './address.ts'
import { EMAIL, knownType, platformOf, SMS, WHATSAPP } from './device-types.ts'
import { argument } from './errors.ts'
import { type Call, required, text, userIdOf } from './request.ts'
import { firstInstall } from './system-tags.ts'
import { NO_TAGS, type TagRequest, tagRequest } from './tags.ts'

/** Section 6: 1 to 512 characters. */
export const HWID = 512
/** Section 6: 1 to 4096 characters. */
export const PUSH_TOKEN = 4096

/** The external id of the device that sends a request. */
export function senderId({ request }: Call): string {
  return externalIdOf(required(request, 'hwid', HWID), knownType(request.device_type))
}

/** A device's id and token. For a phone number, and for an address that is its own id, the token is the id (section 7). */
export function addressed(type: number, hwid: string, request: Json): { externalId: string; token?: string } {
  const token = text(request, 'push_token', PUSH_TOKEN)
  switch (type) {
    case EMAIL:
      return emailAddressed(hwid, text(request, 'email', HWID), token)
    case SMS: {
      const number = smsNumber(hwid)
      return { externalId: number, token: number }
    }
    case WHATSAPP: {
      const number = whatsappNumber(hwid)
      return { externalId: number, token: number }
    }
    default:
      return { externalId: externalIdOf(hwid), ...(token !== undefined && { token }) }
  }
}

/** If the hwid is not the address, it stays the device's id, and the address is its token (section 10). */
function emailAddressed(hwid: string, email: string | undefined, token: string | undefined) {
  const own = isEmail(hwid.trim())
  if (token !== undefined && (own ? isEmail(token.trim()) : email === undefined)) {
    return { externalId: externalIdOf(hwid), token: emailAddress(token) }
  }
  const address = emailAddress(own ? hwid : (email ?? hwid))
  return { externalId: externalIdOf(address), token: address }
}

/** The tags of a request, if any. */
export function optionalTags(request: Json): TagRequest {
  return request.tags === undefined || request.tags === null ? NO_TAGS : requiredTags(request)
}

export function requiredTags({ tags }: Json): TagRequest {
  if (tags === undefined || tags === null) throw argument('tags is required')
  return tagRequest(tagsObject(tags))
}

/** An empty array counts as an empty object, because PHP and Lua encode it so; other arrays are refused (section 4). */
export function tagsObject(tags: unknown): Json {
  if (Array.isArray(tags) && tags.length === 0) return {}
  if (!isObject(tags)) throw argument('tags must be an object')
  return tags
}

/** The user id, unless it equals the hwid, which SDKs send until the app sets a user (section 5). */
export function ownUser(request: Json, member = 'userId'): string | undefined {
  const id = userIdOf(request, member)
  return id === request.hwid ? undefined : id
}

/**
 * The user of an e-mail address or a phone number. These calls omit the phone's hwid, or have the number in its place, but
 * still send the hwid as the user until the app sets one; an id of a known phone or browser is therefore not a user.
 */
export async function userOfAddress({ gateway, app, request }: Call): Promise<string | undefined> {
  const id = ownUser(request)
  if (id === undefined) return undefined
  const device = await gateway.devices.find({ app, externalId: externalIdOf(id) })
  return device === null || ADDRESSES.includes(device.platform) ? id : undefined
}
const ADDRESSES: readonly Platform[] = ['email', 'sms', 'whatsapp']

/** For calls that only mention a user: binds the user if the device has none (section 11). */
export function mentionedUser(request: Json): DevicePatch {
  const id = ownUser(request)
  return id === undefined ? {} : { ifNone: { user: { id, proved: false } } }
}

export const boundUser = (id: string | undefined): DevicePatch =>
  id === undefined ? {} : { user: { id, proved: false } }

/** Merges patches, `ifNone` included; later ones win. */
export function joinedPatch(...patches: readonly DevicePatch[]): DevicePatch {
  const ifNone = Object.assign({}, ...patches.map((patch) => patch.ifNone))
  return Object.assign({}, ...patches, { ifNone })
}

/** Merges tag changes; later ones win, so that values set by the app win over those reported by the device. */
export function joinedTags(reported: readonly TagChange[], set: readonly TagChange[]): readonly TagChange[] {
  // The case of most registrations. No system tag is reported twice.
  if (set.length === 0) return reported
  return [...new Map([...reported, ...set].map((change) => [change.name, change])).values()]
}

/** No answer to a registration contains topics or tags. */
const NO_LISTS = { topics: false, tags: false }

/**
 * Creates or updates a device. Calls other than a registration keep the platform of an existing device; a new device gets
 * its platform from `device_type` or, as a guess, from its id. A shared hwid without a token counts as unknown: nothing
 * is created, and the call still succeeds, so that app starts do not fail (identity R21).
 */
export async function upsert(
  { c, gateway, app, request }: Call,
  device: Pick<Registration, 'externalId' | 'patch' | 'tags' | 'pushToken'> & { readonly type?: number },
): Promise<Pick<Registered, 'skippedTags'>> {
  const { type, externalId, patch, tags, pushToken } = device
  const platform = type ?? knownType(request.device_type) ?? guessedType(externalId)
  try {
    return await gateway.devices.register({
      app,
      externalId,
      patch,
      tags,
      pushToken,
      lists: NO_LISTS,
      identity: 'key',
      platform: platformOf(platform),
      platformWhen: type === undefined ? 'created' : 'always',
      firstTags: [firstInstall(c.get('now')())],
      cause: c.get('requestId'),
    })
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'device_unknown') return { skippedTags: [] }
    throw error
  }
}
