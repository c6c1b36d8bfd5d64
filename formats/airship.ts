import type { Platform } from '../src/domain/device.ts'
import type { Provider } from '../src/domain/push-token.ts'
import type { Format, RawRow } from '../src/transfer/format.ts'
import { isObject, type Json } from '../src/transfer/text/json.ts'

const TYPES: Readonly<Record<string, readonly [Platform, Provider]>> = {
  ios: ['ios', 'apns'],
  android: ['android', 'fcm'],
  amazon: ['amazon', 'adm'],
  web: ['web', 'webpush'],
  email: ['email', 'email'],
  sms: ['sms', 'sms'],
}
const FIELDS = { token: 'push_address', platform: 'device_type', userId: 'named_user_id' }

/** Airship's list of channels. */
export const airship: Format = {
  name: 'airship-json',
  shape: 'pages',
  lists: ['channels'],
  bare: 'channels',
  foreign: true,
  read:
    () =>
    ({ value, fault }) =>
      fault || !isObject(value) ? { fault: fault ?? 'not_object' } : rowOf(value),
}

function rowOf(channel: Json): RawRow {
  const { device_type: type, tags, web, opt_in: optedIn, installed } = channel
  const [platform, provider] = TYPES[typeof type === 'string' ? type : ''] ?? []
  const keys = isObject(web) && isObject(web.subscription) ? web.subscription : undefined
  return {
    token: channel.push_address ?? channel.address,
    platform: platform ?? null,
    provider,
    ...((optedIn === false || installed === false) && { skip: 'unsubscribed' }),
    ...(provider === 'webpush' && keys && { keys: { p256dh: keys.p256dh, auth: keys.auth } }),
    userId: channel.named_user_id,
    createdAt: channel.created,
    lastSeenAt: channel.last_registration,
    tags: tagsOf(tags),
    fields: FIELDS,
  }
}

/** Its tags have no values: they are one list. */
function tagsOf(tags: unknown): NonNullable<RawRow['tags']> {
  if (tags === undefined || tags === null) return []
  if (!Array.isArray(tags)) return 'malformed'
  return tags.length === 0 ? [] : [{ name: 'tags', value: tags, type: 'list' }]
}
