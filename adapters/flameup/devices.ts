import { type Device, isActive } from '../../src/domain/device.ts'
import { asUuid } from '../../src/domain/ids.ts'
import { comparedForm, type PushTokenDraft } from '../../src/domain/push-token.ts'
import type { DevicePatch } from '../../src/gateway/devices.ts'
import type { RegistrationBody } from './requests.ts'

/**
 * A device's external id, which here is its token (section 14). Hexadecimal tokens are treated as APNs tokens and
 * compared without case (identity R18), whatever the platform: deletions send none, and correcting a platform must not
 * create another device.
 */
export const externalId = (token: string): string => comparedForm({ provider: 'apns', token })

/** Whether a token is hexadecimal, apart from separators. */
export const isHexadecimal = (token: string): boolean => /^[0-9a-f]+$/.test(externalId(token))

/** All three platforms use FCM, but the vendor's documentation also mentions APNs tokens (sections 3 and 14). */
export const pushToken = ({ token, platform }: RegistrationBody): PushTokenDraft => ({
  provider: platform === 'ios' && isHexadecimal(token) ? 'apns' : 'fcm',
  token,
})

/** Always sets the person and enables the device; other members only if present. */
export function registrationPatch(body: RegistrationBody, personId: string): DevicePatch {
  return {
    user: { id: personId, proved: false },
    enabled: true,
    name: body.device_name,
    model: body.device_model,
    osVersion: body.os_version,
    appVersion: body.app_version,
    // All dialects share the stored spelling of an APNs token; this one returns the spelling that it
    // received.
    ...(isHexadecimal(body.token) && { details: { token: body.token } }),
  }
}

/** All 14 members, in every answer (section 3). */
export const presentDevice = (workspaceId: string, device: Device) => ({
  id: typeof device.details.id === 'string' ? device.details.id : asUuid(device.id),
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

/** The last change of the device, or later feedback about its token (section 10). */
function lastChange({ updatedAt, pushToken }: Device): Date {
  const feedback = [pushToken?.deliveredAt, pushToken?.state === 'dead' ? pushToken.stateAt : null]
  return new Date(Math.max(updatedAt.getTime(), ...feedback.map((time) => time?.getTime() ?? 0)))
}

/** Times without fractions, which Swift's default ISO 8601 strategy refuses (section 3). */
const wholeSeconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z')

const deviceToken = ({ details, pushToken: held }: Device): string =>
  typeof details.token === 'string' ? details.token : (held?.token ?? '')
