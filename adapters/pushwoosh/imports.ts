import type { Format, ImportTerms, RawRow, RawTag } from '../../src/transfer/format.ts'
import { cellAt, columnsOf, requireAny } from '../../src/transfer/formats/columns.ts'
import { timeOf } from '../../src/transfer/rows/times.ts'
import type { FileRecord } from '../../src/transfer/text/record.ts'
import { externalIdOf } from './address.ts'
import { EMAIL, isAddress, typeNamed, WHATSAPP } from './device-types.ts'
import { HWID } from './registration.ts'
import { isSystemTag, systemType } from './system-tags.ts'

/** Columns that are not tags (migration.md 1.2). */
const OWN = ['Hwid', 'User ID', 'Push Token', 'Type', 'Type (humanized)'] as const
/** Tags that are also columns of devices. */
const PROFILE = {
  language: 'Language',
  appVersion: 'Application Version',
  model: 'Device Model',
  osVersion: 'OS Version',
} as const
const FIELDS = { externalId: OWN[0], userId: OWN[1], token: OWN[2], platform: OWN[3] }

/** An exported segment: a file with one column per tag. */
const segment: Format = {
  name: 'pushwoosh-csv',
  shape: 'table',
  foreign: false,
  read({ header, now }) {
    const columns = header ?? []
    requireAny(columns, [OWN[0], OWN[2]])
    const find = columnsOf(columns)
    const tags = tagColumns(columns)
    const at = (record: FileRecord, name: string) => cellAt(record, find(name))
    return (record) => {
      if (record.fault) return { fault: record.fault }
      return rowOf((name) => at(record, name), record, tags, now)
    }
  },
}

function tagColumns(header: readonly string[]): readonly (readonly [string, number])[] {
  const own = new Set<string>(OWN.map((name) => name.toLowerCase()))
  const names = new Map<string, number>()
  for (const [at, name] of header.entries()) {
    const tag = name.trim()
    if (tag !== '' && !own.has(tag.toLowerCase()) && !names.has(tag)) names.set(tag, at)
  }
  return [...names]
}

function rowOf(
  cell: (name: string) => string | undefined,
  record: FileRecord,
  columns: readonly (readonly [string, number])[],
  now: number,
): RawRow {
  const [hwid, said] = [cell(OWN[0]) ?? '', cell(OWN[3])?.trim() ?? '']
  const type = typeNamed(/^\d+$/.test(said) ? Number(said) : Number.NaN)
  const common = {
    externalId: hwid,
    token: cell(OWN[2]),
    userId: userOf(cell(OWN[1]), hwid),
    isTable: true,
    userIsPlain: true,
    fields: FIELDS,
  }
  if (!type) return { ...common, platform: null }
  const address = isAddress(type.number)
  return {
    ...common,
    ...(address && {
      externalId: idOf(hwid, type.number),
      token: addressOf(type.number, hwid, cell(OWN[2])),
    }),
    platform: type.platform,
    provider: type.provider,
    profile: Object.fromEntries(Object.entries(PROFILE).map(([member, column]) => [member, cell(column)])),
    createdAt: cell('First Install'),
    lastSeenAt: cell('Last Application Open'),
    tags: columns.flatMap(([name, at]) => tagOf(name, cellAt(record, at) ?? '', now)),
  }
}

/** The vendor's SDKs send the hwid as the user until the app sets one. */
const userOf = (user: string | undefined, hwid: string) => (user === hwid ? undefined : user)

const idOf = (hwid: string, type: number) => (hwid.trim() === '' ? hwid : externalIdOf(hwid, type))

/** The token of an address; its id, where the file has no token. */
function addressOf(type: number, hwid: string, token: string | undefined): string {
  const given = token === undefined || token.trim() === '' ? hwid : token
  const plain = given.trim()
  if (type === EMAIL) return plain
  return type === WHATSAPP ? plain.replace(/^whatsapp:/, '') : plain
}

function tagOf(name: string, cell: string, now: number): readonly RawTag[] {
  if (cell === '') return []
  if (!isSystemTag(name)) return [{ name, value: cell }]
  const type = systemType(name)
  if (type !== 'date') return [{ name, value: cell, type }]
  const time = timeOf(cell, now)
  // Dates as devices report them: seconds since 1970, as text.
  return typeof time === 'number' ? [{ name, value: String(Math.floor(time / 1000)), type }] : []
}

export const IMPORTS: ImportTerms = {
  idLimit: HWID,
  userLimit: 512,
  formats: [segment],
  idOf: ({ externalId, platform }) =>
    externalId === null
      ? null
      : platform === 'whatsapp'
        ? externalIdOf(externalId, WHATSAPP)
        : externalIdOf(externalId),
}
