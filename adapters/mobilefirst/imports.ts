import type { Format, ImportTerms, RawRow } from '../../src/transfer/format.ts'
import { isObject } from '../../src/transfer/text/json.ts'
import { isPlatform, platformOf, pushToken } from './device-tokens.ts'
import { EVERYBODY, TAGS } from './devices.ts'
import { ANONYMOUS } from './values.ts'

type Json = Readonly<Record<string, unknown>>
const FIELDS = {
  externalId: 'deviceId',
  platform: 'platform',
  token: 'token',
  userId: 'userId',
  topics: 'tagName',
}

/** The lists of devices and of subscriptions, one page after another (migration.md 1.4). */
const pages: Format = {
  name: 'mobilefirst-json',
  shape: 'pages',
  lists: ['devices', 'subscriptions'],
  bare: 'devices',
  foreign: false,
  read:
    () =>
    ({ value, list, fault }) => {
      if (fault || !isObject(value)) return { fault: fault ?? 'not_object' }
      // Consecutive pages may also be bare records.
      return list === 'subscriptions' || value.tagName !== undefined ? subscriptionOf(value) : deviceOf(value)
    },
}

function deviceOf(device: Json): RawRow {
  const { platform: name, userId } = device
  const code = typeof name === 'string' ? name.trim().toUpperCase() : ''
  const place = code === 'M' ? platformOf('W') : isPlatform(code) ? platformOf(code) : null
  return {
    externalId: device.deviceId,
    token: device.token,
    platform: place?.platform ?? null,
    ...(place && { provider: place.provider }),
    userId: userId === ANONYMOUS ? undefined : userId,
    details: {
      platformName: code === 'M' ? 'W' : code,
      ...(typeof device.phoneNumber === 'string' && { phoneNumber: device.phoneNumber }),
    },
    createdAt: device.createdTime,
    lastSeenAt: device.lastUpdatedTime,
    fields: FIELDS,
  }
}

function subscriptionOf({ deviceId, tagName, subscriptionId }: Json): RawRow {
  const common = { externalId: deviceId, existing: true, platform: 'android' as const, fields: FIELDS }
  if (typeof tagName !== 'string' || tagName === '')
    return { ...common, fault: 'topic_missing', faultField: 'topics' }
  return { ...common, topics: [tagName], subscriptionIds: { [tagName]: subscriptionId } }
}

/** The platform codes of devices that are imported from elsewhere. */
const NAMES: Readonly<Record<string, string>> = { ios: 'A', android: 'G', windows: 'W', web: 'WEB_CHROME' }

export const IMPORTS: ImportTerms = {
  idLimit: 1000,
  userLimit: 254,
  policy: TAGS,
  formats: [pages],
  topics: (names) => [EVERYBODY, ...names],
  details: ({ platform }) => (NAMES[platform] === undefined ? {} : { platformName: NAMES[platform] }),
  subscription: (token) => pushToken('webpush', token),
}
