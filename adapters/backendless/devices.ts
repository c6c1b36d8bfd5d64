import type { Request } from '../../src/adapter.ts'
import { isSharedId } from '../../src/domain/absent.ts'
import type { Device } from '../../src/domain/device.ts'
import type { Caller } from './caller.ts'
import { fault } from './errors.ts'
import { osOf, subscriptionId } from './present.ts'
import { CHANNELS, placeOf, type RegistrationInput } from './registration.ts'
import { templatesOf } from './sending/templates.ts'

/** An upsert by app and device id; adds the given channels (section 4.1). */
export async function register(c: Request, caller: Caller, input: RegistrationInput): Promise<Device> {
  const { deviceToken: token, os, osVersion, channels, expiresAt } = input
  const { platform, provider } = placeOf(os, token)
  const { device } = await c.get('gateway').devices.register({
    app: caller.app,
    ...(await keyOf(caller, input)),
    identity: 'key',
    platform,
    pushToken: { provider, token },
    patch: { osVersion, expiresAt, details: detailsOf(caller, input) },
    topics: { names: channels, when: 'always' },
    policy: CHANNELS,
    lists: { tags: false },
    cause: c.get('requestId'),
  })
  return device
}

/**
 * With Flutter 8, all phones with the same Android build share an id; apps can choose to distinguish them by token
 * (section 13).
 */
const sharesIds = ({ options }: Caller, { deviceId, os }: RegistrationInput): boolean =>
  options.keyByToken && os === 'ANDROID' && !isSharedId(deviceId)

async function keyOf(caller: Caller, input: RegistrationInput) {
  const { deviceId, deviceToken } = input
  if (!sharesIds(caller, input)) return { externalId: deviceId }
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(deviceToken))
  const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { externalId: `${deviceId}#${hex}` }
}

/** Keeps the id as sent if the store uses another one for the device (identity R21). */
const detailsOf = (caller: Caller, input: RegistrationInput) => ({
  os: input.os,
  deviceId: sharesIds(caller, input) || isSharedId(input.deviceId) ? input.deviceId : null,
  ...givenTemplates(caller, input),
})

/** The names of the templates that a phone gets with its answer: others must not be sent to it (sending.md 6.4). */
function givenTemplates({ options: { pushTemplates } }: Caller, { os }: RegistrationInput) {
  if (pushTemplates === undefined || !APPLE.has(os)) return {}
  const names = Object.keys(templatesOf(pushTemplates, os))
  return { templates: names.length > 0 ? names : null }
}
const APPLE: ReadonlySet<string> = new Set(['IOS', 'OSX'])

/** The device with an id; null if there is none or, with `keyByToken`, several. */
export async function findDevice(c: Request, caller: Caller, deviceId: string): Promise<Device | null> {
  const { app, options } = caller
  const device = await c.get('gateway').devices.find({ app, externalId: deviceId })
  if (device || !options.keyByToken || isSharedId(deviceId)) return device
  const [only, another] = await c
    .get('gateway')
    .devices.findByPrefix({ app, prefix: `${deviceId}#`, limit: 2 })
  return only && !another ? only : null
}

/**
 * Like `findDevice`, for reading calls: also accepts the registration id, one of its parts, or the subscription id before
 * `::` (section 7).
 */
export async function retrieveDevice(c: Request, caller: Caller, named: string): Promise<Device | null> {
  const device = await findDevice(c, caller, named)
  if (device) return device
  const ids = named.split(',', MOST_PARTS).map((part) => subscriptionId(part.split('::', 1)[0] ?? ''))
  const subscriptionIds = ids.filter((id) => id !== null)
  if (subscriptionIds.length === 0) return null
  return c.get('gateway').topics.holder({ app: caller.app, subscriptionIds })
}

/** Most parts of a registration id to look up; some of its channels may be gone, and any remaining one suffices. */
const MOST_PARTS = 100

/** The external id under which `findDevice` finds a device; needs a look-up only if ids may be shared. */
async function externalIdOf(c: Request, caller: Caller, deviceId: string): Promise<string> {
  if (!caller.options.keyByToken) return deviceId
  return (await findDevice(c, caller, deviceId))?.externalId ?? deviceId
}

/** Throws if the device is unknown or expired. */
export async function cancel(c: Request, caller: Caller, deviceId: string): Promise<void> {
  const externalId = await externalIdOf(c, caller, deviceId)
  const gone = await c
    .get('gateway')
    .devices.unregister({ app: caller.app, externalId, cause: c.get('requestId') })
  if (!gone) throw fault('cancelUnknown')
}

/** Returns the number of remaining channels; at 0 the device has been removed (section 9.2). */
export async function leaveChannels(
  c: Request,
  caller: Caller,
  { deviceId, names }: { readonly deviceId: string; readonly names: readonly string[] },
): Promise<number> {
  const externalId = await externalIdOf(c, caller, deviceId)
  const left = await c.get('gateway').topics.leave({
    app: caller.app,
    externalId,
    names,
    cause: c.get('requestId'),
  })
  if (left === null) throw fault('cancelUnknown')
  return left
}

/** False for an unknown or expired device, whose client then unregisters from FCM. Revives superseded ones (section 15). */
export async function refreshToken(
  c: Request,
  caller: Caller,
  { deviceId, token }: { readonly deviceId: string; readonly token: string },
): Promise<boolean> {
  const device = await findDevice(c, caller, deviceId)
  if (!device) return false
  const { platform, provider } = placeOf(osOf(device), token)
  const rotated = await c.get('gateway').devices.rotate({
    app: caller.app,
    externalId: device.externalId,
    platform,
    pushToken: { provider, token },
    superseded: true,
    cause: c.get('requestId'),
  })
  return rotated !== null
}
