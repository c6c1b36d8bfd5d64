import { PROFILE_FIELDS } from '../../domain/device.ts'
import type { Format, RawRow, RawTag } from '../format.ts'
import { isObject } from '../text/json.ts'
import { FileFault, type FileRecord } from '../text/record.ts'
import { cellAt, columnsOf, jsonIn, requireAny } from './columns.ts'
import { environmentIn, platformIn, providerIn, typedTags } from './own.ts'

/** Members that a mapping may contain. */
const MEMBERS = [
  ...[
    'externalId',
    'token',
    'platform',
    'provider',
    'environment',
    'userId',
    'userProved',
    'topics',
    'tags',
    'enabled',
  ],
  ...PROFILE_FIELDS,
  ...['createdAt', 'lastSeenAt', 'p256dh', 'auth'],
] as const

/** How a member is read from a row. */
interface Source {
  readonly column?: string
  readonly values?: Readonly<Record<string, string>>
  readonly split?: string
  readonly value?: string
}

/** The fault of a mapping, or null. */
export function mappingFault(mapping: Readonly<Record<string, unknown>>): string | null {
  for (const [member, source] of Object.entries(mapping)) {
    if (!(MEMBERS as readonly string[]).includes(member)) return `${member}: unknown member`
    const list = member === 'tags' && Array.isArray(source) && source.every((one) => typeof one === 'string')
    if (typeof source === 'string' || list) continue
    if (!isObject(source)) return `${member}: must be a column’s name or an object`
    const unknown = Object.keys(source).find((name) => !['column', 'values', 'split', 'value'].includes(name))
    if (unknown !== undefined) return `${member}.${unknown}: unknown member`
    const { column, values, split, value } = source
    if (![column, split, value].every((one) => one === undefined || typeof one === 'string'))
      return `${member}: must contain strings`
    if (column === undefined && value === undefined) return `${member}: needs column or value`
    if (
      values !== undefined &&
      !(isObject(values) && Object.values(values).every((one) => typeof one === 'string'))
    )
      return `${member}.values: must be an object of strings`
  }
  return 'externalId' in mapping || 'token' in mapping ? null : 'externalId or token must be mapped'
}

const flag = (text: string | undefined): boolean | undefined => {
  const word = text?.trim().toLowerCase()
  if (word === 'true' || word === '1' || word === 'yes') return true
  return word === 'false' || word === '0' || word === 'no' ? false : undefined
}

/** Our own columns, as in our table export. */
function ownRows(header: readonly string[]): (record: FileRecord) => RawRow {
  requireAny(header, ['externalId', 'token'])
  const find = columnsOf(header)
  const at = (record: FileRecord, name: string) => cellAt(record, find(name))
  return (record) => {
    const cell = (name: string) => at(record, name)
    const topics = jsonIn(cell('topics'))
    const ids = jsonIn(cell('subscriptionIds'))
    const keys = jsonIn(cell('keys'))
    const tags = jsonIn(cell('tags'))
    return {
      dialect: cell('dialect') || undefined,
      externalId: cell('externalId'),
      token: cell('token'),
      platform: platformIn(cell('platform')?.trim()),
      provider: providerIn(cell('provider')?.trim()),
      environment: environmentIn(cell('environment')?.trim()),
      keys: isObject(keys) ? { p256dh: keys.p256dh, auth: keys.auth } : undefined,
      userId: cell('userId'),
      userProved: flag(cell('userProved')) ?? false,
      enabled: flag(cell('enabled')),
      profile: Object.fromEntries(PROFILE_FIELDS.map((name) => [name, cell(name)])),
      details: jsonIn(cell('details')),
      expiresAt: cell('expiresAt'),
      supersededAt: cell('supersededAt'),
      createdAt: cell('createdAt'),
      lastSeenAt: cell('lastSeenAt'),
      topics: topics === null ? 'malformed' : topics,
      subscriptionIds: isObject(ids) ? ids : undefined,
      tags: tags === null ? 'malformed' : typedTags(tags, jsonIn(cell('tagTypes'))),
      anyToken: cell('tokenForm') === 'any',
    }
  }
}

/** The row that a mapping produces. */
function mappedRows(header: readonly string[], mapping: Readonly<Record<string, unknown>>) {
  const find = columnsOf(header)
  const placeOf = (column: string): number => {
    const at = find(column)
    if (at === undefined) throw new FileFault('header', `The header has no column ${column}.`)
    return at
  }
  const readers = new Map<string, (record: FileRecord) => string | undefined>()
  for (const [member, source] of Object.entries(mapping)) {
    if (Array.isArray(source)) continue
    const {
      column,
      values = {},
      value,
    } = (typeof source === 'string' ? { column: source } : source) as Source
    const at = column === undefined ? undefined : placeOf(column)
    readers.set(member, (record) => {
      const cell = cellAt(record, at)
      if (cell === undefined) return value
      const known = cell.trim()
      return Object.hasOwn(values, known) ? values[known] : cell
    })
  }
  const lists = Array.isArray(mapping.tags)
    ? mapping.tags.map((name: string) => [name, placeOf(name)] as const)
    : undefined
  const { split = '|' } = isObject(mapping.topics) ? (mapping.topics as Source) : {}
  const fields = Object.fromEntries(
    Object.entries(mapping).flatMap(([member, source]) => {
      const column = typeof source === 'string' ? source : isObject(source) ? source.column : undefined
      return typeof column === 'string' ? [[member, column]] : []
    }),
  )

  return (record: FileRecord): RawRow => {
    const cell = (member: string) => readers.get(member)?.(record)
    const tags = lists?.map(([name, at]): RawTag => ({ name, value: cellAt(record, at) }))
    const document = jsonIn(cell('tags'))
    const topics = cell('topics')
    const [p256dh, auth] = [cell('p256dh'), cell('auth')]
    return {
      externalId: cell('externalId'),
      token: cell('token'),
      platform: platformIn(cell('platform')?.trim()),
      provider: providerIn(cell('provider')?.trim()),
      environment: environmentIn(cell('environment')?.trim()),
      ...(p256dh !== undefined && { keys: { p256dh, auth } }),
      userId: cell('userId'),
      userIsPlain: true,
      userProved: flag(cell('userProved')) ?? false,
      enabled: flag(cell('enabled')),
      profile: Object.fromEntries(PROFILE_FIELDS.map((name) => [name, cell(name)])),
      createdAt: cell('createdAt'),
      lastSeenAt: cell('lastSeenAt'),
      topics: topics === undefined ? undefined : topics.split(split).map((name) => name.trim()),
      tags: tags ?? (document === null ? 'malformed' : typedTags(document, undefined)),
      isTable: true,
      fields,
    }
  }
}

/** A table in a custom form: with our own columns, or with a mapping (migration.md 2.4). */
export const csv: Format = {
  name: 'csv',
  shape: 'table',
  foreign: false,
  read({ header, options: { mapping } }) {
    const columns = header ?? []
    const rows = mapping ? mappedRows(columns, mapping) : ownRows(columns)
    return (record) => (record.fault ? { fault: record.fault } : rows(record))
  },
}
