import type { Device } from '../../src/domain/device.ts'
import type { Caller } from './caller.ts'

/** The `os` that the device reported. */
export const osOf = ({ details }: Device): string => (typeof details.os === 'string' ? details.os : '')
const deviceIdOf = ({ details, externalId }: Device): string =>
  typeof details.deviceId === 'string' ? details.deviceId : externalId

/** A subscription id as an upper-case UUID: opaque, without colons or commas (section 7). */
const objectId = (id: string): string =>
  id.toUpperCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** The inverse of `objectId`; null for other texts. */
export function subscriptionId(text: string): string | null {
  return /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i.test(text)
    ? text.replaceAll('-', '').toLowerCase()
    : null
}

/** `<id>::<channel>` of every channel, joined by commas (section 7). */
export const registrationId = ({ topics, subscriptionIds }: Device): string =>
  topics.map((channel) => `${objectId(subscriptionIds.get(channel) ?? '')}::${channel}`).join(',')

/** A device in retrieval answers (section 4.2); a superseded device has an empty token (section 15). */
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

/** One object, or a list of one, depending on the kind of key and the app's options (section 4.2). */
export function presentRetrieved({ options, kind }: Caller, device: Device) {
  const { expiration, ...members } = registrationOf(device)
  const one = { ...members, ...(expiration && { expiration: expiration.getTime() }) }
  const bare = options.retrieve === 'object' || (options.retrieve === 'auto' && kind === 'rest')
  return bare ? one : [one]
}

export const presentRegistered = (device: Device) => ({ registrationId: registrationId(device) })
export const CANCELLED = { result: true }
/** Exactly one member, because Swift reads an arbitrary first one (section 10). */
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

/** Without `loggers` the JavaScript SDK throws; disabled, it sends no logs (section 4). */
export const presentInfo = (appId: string) => ({
  appId,
  rtURL: '',
  loggers: [{ name: 'Global logger', level: 'off' }],
})
