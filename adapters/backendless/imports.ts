import type { Format, ImportTerms, RawRow } from '../../src/transfer/format.ts'
import { cellAt, columnsOf, requireAny } from '../../src/transfer/formats/columns.ts'
import { subscriptionId } from './present.ts'
import { CHANNELS, DEFAULT_CHANNEL, placeOf } from './registration.ts'

const FIELDS = {
  externalId: 'deviceId',
  token: 'deviceToken',
  platform: 'operatingSystemName',
  topics: 'channelName',
}

/** The table `DeviceRegistration`: a row for each channel of each device (migration.md 1.3). */
const registrations: Format = {
  name: 'backendless-csv',
  shape: 'table',
  foreign: false,
  read({ header }) {
    const columns = header ?? []
    requireAny(columns, ['deviceId', 'deviceToken'])
    const find = columnsOf(columns)
    return (record) =>
      record.fault ? { fault: record.fault } : rowOf((name) => cellAt(record, find(name)) ?? '')
  },
}

function rowOf(cell: (name: string) => string): RawRow {
  const [token, channel, id] = [cell('deviceToken'), cell('channelName'), cell('objectId').trim()]
  const { platform, provider } = placeOf(cell('operatingSystemName').trim().toUpperCase(), token.trim())
  const topic = channel === '' ? DEFAULT_CHANNEL : channel
  return {
    externalId: cell('deviceId'),
    token,
    platform,
    provider,
    profile: { osVersion: cell('operatingSystemVersion') },
    expiresAt: cell('expiration'),
    createdAt: cell('created'),
    lastSeenAt: cell('updated'),
    topics: [topic],
    subscriptionIds: { [topic]: subscriptionId(id) ?? id },
    spread: true,
    isTable: true,
    fields: FIELDS,
  }
}

/** Values of `os` in the vendor's SDKs, by platform. */
const SYSTEMS: Readonly<Record<string, string>> = {
  ios: 'IOS',
  macos: 'OSX',
  android: 'ANDROID',
  windows: 'WP',
}

export const IMPORTS: ImportTerms = {
  idLimit: 1000,
  userLimit: 512,
  policy: CHANNELS,
  formats: [registrations],
  topics: (names) => (names.length > 0 ? names : [DEFAULT_CHANNEL]),
  details: ({ platform }) => (SYSTEMS[platform] === undefined ? {} : { os: SYSTEMS[platform] }),
}
