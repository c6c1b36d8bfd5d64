import type { Device } from '../../src/domain/device.ts'
import type { Caller } from './caller.ts'

/** What a device reported of itself, wherever it was registered. */
export const osOf = ({ details }: Device): string => (typeof details.os === 'string' ? details.os : '')
const deviceIdOf = ({ details, externalId }: Device): string =>
  typeof details.deviceId === 'string' ? details.deviceId : externalId

/** A subscription's id as text of a UUID in upper case: opaque, without a colon or comma (section 7). */
const objectId = (id: string): string =>
  id.toUpperCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** The id that such a text is of; null where it is none. */
export function subscriptionId(of: string): string | null {
  return /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i.test(of) ? of.replaceAll('-', '').toLowerCase() : null
}

/** `<id>::<channel>` of every channel, joined by commas (section 7). */
export const registrationId = ({ topics, subscriptionIds }: Device): string =>
  topics.map((channel) => `${objectId(subscriptionIds.get(channel) ?? '')}::${channel}`).join(',')

/** A device as every form of retrieving it shows it (section 4.2); a superseded one has an empty token (section 15). */
export function registrationOf(device: Device) {
  const { topics, subscriptionIds, pushToken, osVersion, expiresAt } = device
  return {
    id: objectId(subscriptionIds.get(topics[0] ?? '') ?? ''),
    deviceToken: pushToken?.token ?? '',
    deviceId: deviceIdOf(device),
    os: osOf(device),
    osVersion: osVersion ?? '',
    channels: [...topics],
    expiration: expiresAt,
  }
}

/** One object or a list of exactly one, by the kind of key and the app's choice (section 4.2). */
export function presentRetrieved({ options, kind }: Caller, device: Device) {
  const { expiration, ...members } = registrationOf(device)
  const one = { ...members, ...(expiration && { expiration: expiration.getTime() }) }
  const bare = options.retrieve === 'object' || (options.retrieve === 'auto' && kind === 'rest')
  return bare ? one : [one]
}

export const presentRegistered = (device: Device) => ({ registrationId: registrationId(device) })
export const CANCELLED = { result: true }
/** Keyed by name; the templates of the vendor's console stay there. */
export const NO_TEMPLATES = {}
/** Exactly one member: Swift takes any first one (section 10). */
export const presentDeleted = (at: Date) => ({ deletionTime: at.getTime() })

/** Rows of the table `DeviceRegistration`, one per channel (section 10). */
export const presentRows = (device: Device) =>
  device.topics.map((channelName) => ({
    ___class: 'DeviceRegistration',
    objectId: objectId(device.subscriptionIds.get(channelName) ?? ''),
    deviceId: deviceIdOf(device),
    deviceToken: device.pushToken?.token ?? '',
    operatingSystemName: osOf(device),
    operatingSystemVersion: device.osVersion ?? '',
    channelName,
    expiration: device.expiresAt?.getTime() ?? null,
  }))

/** Without `loggers` the JavaScript SDK throws; switched off, it sends no logs (section 4). */
export const presentInfo = (appId: string) => ({
  appId,
  rtURL: '',
  loggers: [{ name: 'Global logger', level: 'off' }],
})
