import { isSharedId } from '../../domain/absent.ts'
import type { Profile } from '../../domain/device.ts'
import type { ImportRow, Reason, RefusedRow, Warning } from '../../domain/import.ts'
import { LENGTHS } from '../../domain/lengths.ts'
import { comparedForm, wrappedEndpoint } from '../../domain/push-token.ts'
import { isStorable, repaired, repairedDocument } from '../../domain/text.ts'
import { sha256Hex } from '../../secrets/hash.ts'
import type { ImportTerms, Placed, RawRow } from '../format.ts'
import { isObject } from '../text/json.ts'
import type { FileRecord } from '../text/record.ts'
import { cellOf, described } from './cells.ts'
import { markOf, orderKey } from './mark.ts'
import { shownRow } from './shown.ts'
import { tagsOf } from './tags.ts'
import { FAR, timeOf } from './times.ts'
import { checked, LONGEST_TOKEN, providerOf } from './tokens.ts'
import { topicsOf } from './topics.ts'

/** Values that all rows of an import share. */
export interface Cleaning {
  readonly terms: ImportTerms
  readonly dialect: string
  readonly foreign: boolean
  readonly environment: ImportRow['environment']
  /** The time of the file's data; null if unknown. */
  readonly exportedAt: number | null
  /** The start of the import, by which its rows are compared with those of other imports. */
  readonly begunAt: number
  readonly now: number
  /** Generates ascending ids for new rows. */
  readonly newId: () => string
  readonly uuid: () => string
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

class Refused extends Error {
  readonly reason: Reason
  readonly about: string | undefined
  constructor(reason: Reason, about?: string) {
    super(reason)
    this.reason = reason
    this.about = about
  }
}

/** Converts a record to the store's form, or returns why it cannot be stored. */
export function cleaned(
  raw: RawRow,
  record: FileRecord,
  position: number,
  of: Cleaning,
): ImportRow | RefusedRow {
  const warnings = new Set<Warning>(raw.warnings)
  try {
    requireDevice(raw)
    return rowOf(raw, record, position, of, warnings)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return refusedRow(raw, record, position, error.reason, error.about, [...warnings])
  }
}

export function refusedRow(
  raw: RawRow,
  record: FileRecord,
  position: number,
  reason: Reason,
  about?: string,
  warnings: readonly Warning[] = [],
): RefusedRow {
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const field = about === undefined ? undefined : (raw.fields?.[about] ?? about)
  const value = reason === 'scientific_notation' ? text(about === 'token' ? raw.token : raw.externalId) : null
  return {
    position,
    reason,
    warnings,
    userId: typeof raw.userId === 'string' ? repaired(raw.userId) : null,
    shown: shownRow({
      line: record.line,
      raw: record.raw,
      externalId: text(raw.externalId),
      token: text(raw.token),
      field,
      ...(value !== null && { value }),
    }),
  }
}

/** Builds the row in one expression: merging parts cost more than all checks. */
function rowOf(
  raw: RawRow,
  record: FileRecord,
  position: number,
  of: Cleaning,
  warnings: Set<Warning>,
): ImportRow {
  const { terms, now } = of
  const id = wanted(raw.externalId, terms.idLimit, 'id_too_long', 'externalId', warnings)
  const sent = raw.anyToken
    ? anyToken(raw.token)
    : wanted(raw.token, LONGEST_TOKEN, 'token_too_long', 'token', warnings)
  const platform = platformOf(raw)
  const asked = raw.provider ?? providerOf(platform)
  const token = sent === null ? null : tokenOf(raw, asked, sent, of, warnings)
  const placed: Placed = {
    externalId: id,
    token: token?.text ?? null,
    platform,
    provider: token?.provider ?? asked,
  }
  const externalId = identified(raw, placed, of, warnings)
  const user = userOf(raw, of, warnings)
  const topics = topicsOf(raw, terms, warnings)
  const isTable = raw.isTable ?? false
  const tags = keptTags(raw, isTable, warnings)
  if (raw.enabled === false) warnings.add('inactive')
  const times = timesOf(raw, of, warnings)
  const text = (name: keyof Profile) => descriptionOf(raw.profile?.[name], isTable)
  const row: Omit<ImportRow, 'mark'> & { mark: string } = {
    name: text('name'),
    model: text('model'),
    osVersion: text('osVersion'),
    appVersion: text('appVersion'),
    sdkVersion: text('sdkVersion'),
    language: text('language'),
    timezone: text('timezone'),
    position,
    dialect: of.dialect,
    externalId,
    existing: raw.existing ?? false,
    platform,
    token,
    environment: placed.provider === 'apns' ? (raw.environment ?? of.environment) : 'unknown',
    user,
    topics,
    tags,
    details: detailsOf(raw, placed, terms),
    enabled: raw.enabled ?? null,
    expiresAt: times.expiresAt,
    supersededAt: token === null ? times.supersededAt : null,
    asOf: times.asOf,
    placeholder: externalId === null ? (terms.placeholder?.(placed) ?? `import:${of.uuid()}`) : '',
    deviceId: of.newId(),
    rowId: rowIdOf(raw, warnings),
    tokenId: of.newId(),
    createdAt: times.createdAt ?? now,
    lastSeenAt: Math.min(times.lastSeenAt ?? times.createdAt ?? of.exportedAt ?? now, now),
    orderKey: orderKey(times.asOf ?? of.begunAt, times.rowTime ?? 0, position),
    mark: '',
    ids: terms.policy?.ids ?? false,
    catalogued: terms.policy?.catalogued ?? false,
    spread: raw.spread ?? false,
    warnings: [...warnings],
    erasable: [],
    shown: () => shownRow({ line: record.line, raw: record.raw, externalId, token: sent }),
  }
  row.mark = markOf(row, times)
  return row
}

function requireDevice({ fault, faultField, skip }: RawRow): void {
  if (fault) throw new Refused(fault, faultField)
  if (skip) throw new Refused(skip)
}

function platformOf({ platform }: RawRow): ImportRow['platform'] {
  if (!platform) throw new Refused('platform_unknown', 'platform')
  return platform
}

function keptTags(raw: RawRow, isTable: boolean, warnings: Set<Warning>): ImportRow['tags'] {
  const { tags, whole } = tagsOf(raw.tags, isTable)
  if (!whole) warnings.add('tags_ignored')
  return tags
}

const descriptionOf = (value: unknown, isTable: boolean): string | null => {
  const said = described(value, isTable)
  return said === null ? null : repaired(said).slice(0, LENGTHS.description)
}

function wanted(
  value: unknown,
  most: number,
  tooLong: Reason,
  about: string,
  warnings: Set<Warning>,
): string | null {
  const cell = cellOf(value, most, tooLong)
  if ('reason' in cell) throw new Refused(cell.reason, about)
  if (cell.trimmed) warnings.add('trimmed')
  return cell.text
}

/** A token as it is in the file: some dialects accept any text from phones. */
function anyToken(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') throw new Refused('type', 'token')
  if (!isStorable(value)) throw new Refused('encoding', 'token')
  if (value.length > LENGTHS.webToken) throw new Refused('token_too_long', 'token')
  return value
}

function tokenOf(
  raw: RawRow,
  asked: Placed['provider'],
  sent: string,
  { terms }: Cleaning,
  warnings: Set<Warning>,
) {
  const inside = asked === 'webpush' ? terms.subscription?.(sent) : undefined
  const form = raw.anyToken
    ? { provider: asked, text: sent, endpoint: wrappedEndpoint(sent), keys: anyKeys(raw), warnings: [] }
    : checked(asked, sent, raw.keys ?? inside?.keys)
  if ('reason' in form) throw new Refused(form.reason, 'token')
  for (const one of form.warnings) warnings.add(one)
  const endpoint = form.endpoint ?? inside?.endpoint
  const hash = sha256Hex(comparedForm({ provider: form.provider, token: form.text, endpoint }))
  return { provider: form.provider, hash, text: form.text, keys: form.keys }
}

const anyKeys = ({ keys }: RawRow) =>
  typeof keys?.p256dh === 'string' && typeof keys.auth === 'string'
    ? { p256dh: keys.p256dh, auth: keys.auth }
    : null

/** The row's own id in the dialect's form; null if its token identifies the device. */
function identified(
  raw: RawRow,
  placed: Placed,
  { terms, foreign }: Cleaning,
  warnings: Set<Warning>,
): string | null {
  const { externalId, token } = placed
  const own = externalId !== null && isSharedId(externalId) ? null : externalId
  if (token === null && own === null)
    throw new Refused(externalId === null && foreign ? 'no_token' : 'no_identity')
  if (token === null && !raw.existing) {
    if (foreign) throw new Refused('no_token', 'token')
    warnings.add('no_token')
  }
  if (!terms.idOf || own?.startsWith('import:')) return own
  const id = terms.idOf({ ...placed, externalId: own })
  if (id !== null || own === null) return id
  if (token === null) throw new Refused('id_form', 'externalId')
  warnings.add('id_replaced')
  return null
}

function userOf(raw: RawRow, { terms }: Cleaning, warnings: Set<Warning>): ImportRow['user'] {
  const { userId, userProved = false } = raw
  if (userId === undefined || userId === null || userId === '') return null
  if (typeof userId !== 'string') throw new Refused('type', 'userId')
  if (
    raw.userIsPlain &&
    /^\s*(n\/a|null|\(null\)|undefined|nil|none|nan|\[object object\]|blacklisted)\s*$/i.test(userId)
  )
    return null
  if (!isStorable(userId)) throw new Refused('encoding', 'userId')
  if ([...userId].length > terms.userLimit) {
    warnings.add('user_dropped')
    return null
  }
  return { id: userId, proved: userProved }
}

function timesOf(raw: RawRow, { now, exportedAt }: Cleaning, warnings: Set<Warning>) {
  const time = (value: unknown, ahead?: number) => {
    const found = timeOf(value, now, ahead)
    if (found === undefined) warnings.add('date_ignored')
    return found ?? null
  }
  const lastSeenAt = time(raw.lastSeenAt)
  const [expiresAt, supersededAt] = [time(raw.expiresAt, FAR), time(raw.supersededAt)]
  if (expiresAt !== null && expiresAt <= now) throw new Refused('expired')
  return {
    createdAt: time(raw.createdAt),
    lastSeenAt,
    expiresAt,
    supersededAt: supersededAt && Math.min(supersededAt, now),
    asOf: time(raw.asOf) ?? exportedAt,
    rowTime: raw.updatedAt === undefined ? lastSeenAt : time(raw.updatedAt),
  }
}

function detailsOf(raw: RawRow, placed: Placed, terms: ImportTerms): ImportRow['details'] {
  const own = terms.details?.(placed)
  if (!isObject(raw.details)) return own && Object.keys(own).length > 0 ? own : null
  const said = JSON.stringify(raw.details).length > LENGTHS.document ? {} : repairedDocument(raw.details)
  return { ...own, ...said }
}

function rowIdOf({ rowId }: RawRow, warnings: Set<Warning>): string | null {
  if (rowId === undefined || rowId === null) return null
  if (typeof rowId === 'string' && UUID.test(rowId)) return rowId.toLowerCase()
  warnings.add('id_replaced')
  return null
}
