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

/** The device that sends a request, by the id it is kept under. */
export function senderId({ request }: Call): string {
  return externalIdOf(required(request, 'hwid', HWID), knownType(request.device_type))
}

/** The id of a device and its token. Of a number the one is the other, and of an address that is its own id (section 7). */
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

/** A hwid need not be the address: then the device keeps it, and the address is its token (section 10). */
function emailAddressed(hwid: string, email: string | undefined, token: string | undefined) {
  const own = isEmail(hwid.trim())
  if (token !== undefined && (own ? isEmail(token.trim()) : email === undefined)) {
    return { externalId: externalIdOf(hwid), token: emailAddress(token) }
  }
  const address = emailAddress(own ? hwid : (email ?? hwid))
  return { externalId: externalIdOf(address), token: address }
}

/** `tags` where they may be left out. */
export function optionalTags(request: Json): TagRequest {
  return request.tags === undefined || request.tags === null ? NO_TAGS : requiredTags(request)
}

export function requiredTags({ tags }: Json): TagRequest {
  if (tags === undefined || tags === null) throw argument('tags is required')
  return tagRequest(tagsObject(tags))
}

/** PHP and Lua write an empty object as an empty array; one with elements is none (section 4). */
export function tagsObject(tags: unknown): Json {
  if (Array.isArray(tags) && tags.length === 0) return {}
  if (!isObject(tags)) throw argument('tags must be an object')
  return tags
}

/** SDKs send the hwid as the user until the app sets one: such an id is none (section 5). */
export function ownUser(request: Json, member = 'userId'): string | undefined {
  const id = userIdOf(request, member)
  return id === request.hwid ? undefined : id
}

/**
 * The user of an address or a number. Their calls leave the hwid of the phone out, or have the number in its place,
 * and still send it as the user until the app sets one: what names a phone or browser of the app is no user.
 */
export async function userOfAddress({ gateway, app, request }: Call): Promise<string | undefined> {
  const id = ownUser(request)
  if (id === undefined) return undefined
  const device = await gateway.devices.find({ app, externalId: externalIdOf(id) })
  return device === null || ADDRESSES.includes(device.platform) ? id : undefined
}
const ADDRESSES: readonly Platform[] = ['email', 'sms', 'whatsapp']

/** A user who is bound only where nobody is: calls that merely mention one (section 11). */
export function mentionedUser(request: Json): DevicePatch {
  const id = ownUser(request)
  return id === undefined ? {} : { ifNone: { user: { id, proved: false } } }
}

export const boundUser = (id: string | undefined): DevicePatch =>
  id === undefined ? {} : { user: { id, proved: false } }

/** Patches one over the other, what goes only where there is none included. */
export function joinedPatch(...patches: readonly DevicePatch[]): DevicePatch {
  let joined: DevicePatch = {}
  for (const patch of patches) {
    joined = { ...joined, ...patch, ifNone: { ...joined.ifNone, ...patch.ifNone } }
  }
  return joined
}

/** Of one tag the later change: what the app sets wins over what the device reports. */
export function joinedTags(...lists: readonly (readonly TagChange[])[]): readonly TagChange[] {
  return [...new Map(lists.flat().map((change) => [change.name, change])).values()]
}

/**
 * Makes or changes a device. The platform of one that is there stays where the call does not register it; a new one
 * has a platform by its `device_type` or, as well as can be told, by its id. A hwid that many phones have is as good as
 * unknown without a token: nothing is made, and no call of an app's start fails for it (identity R21).
 */
export async function meet(
  { c, gateway, app, request }: Call,
  of: Pick<Registration, 'externalId' | 'patch' | 'tags' | 'pushToken'> & { readonly type?: number },
): Promise<Pick<Registered, 'skippedTags'>> {
  const { type, ...rest } = of
  const platform = type ?? knownType(request.device_type) ?? guessedType(of.externalId)
  try {
    return await gateway.devices.register({
      ...rest,
      app,
      identity: 'key',
      platform: platformOf(platform),
      platformWhen: type === undefined ? 'created' : 'always',
      firstTags: [firstInstall(c.var.now())],
      cause: c.var.requestId,
    })
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'device_unknown') return { skippedTags: [] }
    throw error
  }
}
