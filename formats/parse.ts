import type { Platform } from '../src/domain/device.ts'
import type { Provider } from '../src/domain/push-token.ts'
import type { Format, RawRow } from '../src/transfer/format.ts'
import { isObject, type Json } from '../src/transfer/text/json.ts'

const TYPES: Readonly<Record<string, readonly [Platform, Provider]>> = {
  ios: ['ios', 'apns'],
  tvos: ['ios', 'apns'],
  osx: ['macos', 'apns'],
  android: ['android', 'fcm'],
  winrt: ['windows', 'wns'],
  winphone: ['windows', 'wns'],
}
const FIELDS = { token: 'deviceToken', platform: 'deviceType', userId: 'user', topics: 'channels' }

/** Parse’s installations: of its REST API or dashboard, or as MongoDB exports them. */
export const parse: Format = {
  name: 'parse-json',
  shape: 'pages',
  lists: ['results'],
  bare: 'results',
  foreign: true,
  read:
    () =>
    ({ value, fault }) =>
      fault || !isObject(value) ? { fault: fault ?? 'not_object' } : rowOf(value),
}

function rowOf(installation: Json): RawRow {
  const { deviceType, channels } = installation
  const [platform, provider] =
    TYPES[typeof deviceType === 'string' ? deviceType.trim().toLowerCase() : ''] ?? []
  const updatedAt = installation.updatedAt ?? installation._updated_at
  return {
    token: installation.deviceToken,
    platform: platform ?? null,
    provider,
    userId: userOf(installation),
    profile: {
      appVersion: installation.appVersion,
      sdkVersion: installation.parseVersion,
      language: installation.localeIdentifier,
      timezone: installation.timeZone,
    },
    createdAt: installation.createdAt ?? installation._created_at,
    lastSeenAt: updatedAt,
    // The empty name is everybody.
    topics: channels === null ? undefined : channels,
    fields: FIELDS,
  }
}

/** A pointer: an object of the REST API, or a text of the database. */
function userOf({ user, _p_user: stored }: Json): unknown {
  if (isObject(user)) return user.objectId
  return typeof stored === 'string' ? stored.replace(/^[^$]*\$/, '') : undefined
}
