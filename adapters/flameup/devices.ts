import { type Device, isActive } from '../../src/domain/device.ts'
import { comparedForm, type PushTokenDraft } from '../../src/domain/push-token.ts'
import type { DevicePatch } from '../../src/gateway/devices.ts'
import type { RegistrationBody } from './requests.ts'

/**
 * The store's name for a device, which here is its token (section 14). Nothing but hexadecimal is an APNs token and is
 * compared without case (identity R18), whatever the platform given with it: a deletion gives none, and a token stays
 * the same device when its platform is corrected.
 */
export const externalId = (token: string): string => comparedForm({ provider: 'apns', token })

/** Only an APNs token changes when it is compared, or has nothing to change. */
const isHexadecimal = (token: string): boolean => /^[0-9a-f]+$/.test(externalId(token))

/** All three platforms are reached through FCM, but the page also speaks of APNs tokens (sections 3 and 14). */
export const pushToken = ({ token, platform }: RegistrationBody): PushTokenDraft => ({
  provider: platform === 'ios' && isHexadecimal(token) ? 'apns' : 'fcm',
  token,
})

/** What a registration changes: its person always, the rest where it is given; and the device is in use again. */
export function registrationPatch(body: RegistrationBody, personId: string): DevicePatch {
  return {
    user: { id: personId, proved: false },
    enabled: true,
    name: body.device_name,
    model: body.device_model,
    osVersion: body.os_version,
    appVersion: body.app_version,
    // An APNs token is kept for all dialects as the last of them sent it; this one echoes what it was sent itself.
    ...(isHexadecimal(body.token) && { details: { token: body.token } }),
  }
}

/** All 14 members, everywhere (section 3). */
export const presentDevice = (workspaceId: string, device: Device) => ({
  id: device.id,
  workspace_id: workspaceId,
  person_id: device.user?.id ?? '',
  device_token: deviceToken(device),
  platform: device.platform,
  device_name: device.name,
  device_model: device.model,
  os_version: device.osVersion,
  app_version: device.appVersion,
  is_active: isActive(device),
  is_valid: device.pushToken?.state === 'live',
  last_used_at: device.pushToken?.deliveredAt ? wholeSeconds(device.pushToken.deliveredAt) : null,
  created_at: wholeSeconds(device.createdAt),
  updated_at: wholeSeconds(lastChange(device)),
})

/** The device's last change, or what whoever sends has told of its token since (section 10). */
function lastChange({ updatedAt, pushToken }: Device): Date {
  const told = [pushToken?.deliveredAt, pushToken?.state === 'dead' ? pushToken.stateAt : null]
  return new Date(Math.max(updatedAt.getTime(), ...told.map((time) => time?.getTime() ?? 0)))
}

/** As the page prints times: Swift's stock ISO 8601 strategy refuses fractions (section 3). */
const wholeSeconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z')

const deviceToken = ({ details, pushToken: held }: Device): string =>
  typeof details.token === 'string' ? details.token : (held?.token ?? '')
