import type { Platform } from '../src/domain/device.ts'
import type { Provider } from '../src/domain/push-token.ts'
import type { Format, RawRow } from '../src/transfer/format.ts'
import { cellAt, columnsOf, jsonIn, requireAny } from '../src/transfer/formats/columns.ts'
import { typedTags } from '../src/transfer/formats/own.ts'

/** By its numbers of devices (migration.md 1.7); the others are of services that have ended. */
const TYPES: Readonly<Record<string, readonly [Platform, Provider]>> = {
  0: ['ios', 'apns'],
  1: ['android', 'fcm'],
  2: ['amazon', 'adm'],
  5: ['web', 'webpush'],
  6: ['windows', 'wns'],
  7: ['web', 'apns'],
  8: ['web', 'webpush'],
  9: ['macos', 'apns'],
  11: ['email', 'email'],
  13: ['huawei', 'hms'],
  14: ['sms', 'sms'],
}
const FIELDS = { token: 'identifier', platform: 'device_type', userId: 'external_user_id', tags: 'tags' }

/** OneSignal's file of an app's subscriptions. */
export const onesignal: Format = {
  name: 'onesignal-csv',
  shape: 'table',
  foreign: true,
  read({ header }) {
    const columns = header ?? []
    requireAny(columns, ['identifier'])
    const find = columnsOf(columns)
    return (record) =>
      record.fault ? { fault: record.fault } : rowOf((name) => cellAt(record, find(name)) ?? '')
  },
}

function rowOf(cell: (name: string) => string): RawRow {
  const [platform, provider] = TYPES[cell('device_type').trim()] ?? []
  const invalid = ['t', 'true'].includes(cell('invalid_identifier').trim().toLowerCase())
  const tags = jsonIn(cell('tags'))
  return {
    token: cell('identifier'),
    platform: platform ?? null,
    provider,
    ...(invalid && { skip: 'unsubscribed' }),
    ...(provider === 'webpush' && { keys: { p256dh: cell('web_p256'), auth: cell('web_auth') } }),
    userId: cell('external_user_id'),
    userIsPlain: true,
    profile: {
      model: cell('device_model'),
      osVersion: cell('device_os'),
      appVersion: cell('game_version'),
      language: cell('language'),
      timezone: cell('timezone_id'),
    },
    createdAt: cell('created_at'),
    lastSeenAt: cell('last_active'),
    tags: tags === null ? 'malformed' : texts(typedTags(tags, undefined)),
    isTable: true,
    fields: FIELDS,
  }
}

/** Its tags are texts: what looks like a number stays what it is. */
const texts = (tags: ReturnType<typeof typedTags>) =>
  tags === 'malformed'
    ? tags
    : tags.map((tag) => (typeof tag.value === 'string' ? { ...tag, type: 'string' } : tag))
