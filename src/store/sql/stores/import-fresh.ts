import type { ImportRow, ImportTag } from '../../../domain/import.ts'
import type { ImportStep } from '../../contract/imports.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import * as F from '../statements/import-fresh.ts'
import { json } from './values.ts'

/** Rows whose ids and tokens no earlier row of the step names; they may use the bulk path. */
export const freshRows = ({ import: of, rounds }: ImportStep): readonly ImportRow[] =>
  of.dryRun ? [] : (rounds[0] ?? []).filter((row) => !row.existing)

/**
 * Makes subscription ids unique within the step: an id used by an earlier row is replaced by a random one, like an id in use
 * elsewhere. Otherwise one statement would lose the second row with its topic.
 */
export function withOwnIds(step: ImportStep): ImportStep {
  const named = new Set<string>()
  const own = (row: ImportRow): ImportRow => {
    const topics = row.topics.map((topic) =>
      topic.i !== null && named.has(topic.i) ? { ...topic, i: null } : topic,
    )
    for (const { i } of topics) if (i !== null) named.add(i)
    return { ...row, topics }
  }
  return step.rounds.some((rows) => rows.some(({ ids }) => ids))
    ? { ...step, rounds: step.rounds.map((rows) => rows.map(own)) }
    : step
}

/** The id for the row's device if no other device has it. */
export const freshId = (row: ImportRow): string => row.rowId ?? row.deviceId

type Names = Readonly<Record<'app' | 'home', string>>
/** Values bound by all statements of a step. */
type StepValues = Names &
  Readonly<Record<'lease' | 'cause' | 'dialects', string>> &
  Readonly<Record<'importNumber' | 'fromRow' | 'now' | 'change', number>> &
  ReturnType<typeof freshValues>

/** The rows that exist already or that the bulk path cannot decide, by the ids of their devices. */
export async function knownAmong(
  db: Db,
  rows: readonly ImportRow[],
  names: Names,
): Promise<ReadonlySet<string>> {
  const [known] = await db.read([call(F.knownRows, { ...names, ...freshValues(rows) })])
  return new Set(known.map(({ id }) => id))
}

/** Values of a step for its new devices; without any, these statements do nothing. */
export function freshValues(rows: readonly ImportRow[]) {
  const shapes = new Shapes()
  const devices: unknown[] = []
  const tokens: unknown[] = []
  const marks: unknown[] = []
  const topics: unknown[] = []
  const tags: unknown[] = []
  const erasable: unknown[] = []
  for (const row of rows) {
    const id = freshId(row)
    const tokenId = row.token && row.tokenId
    let bytes = 0
    for (const tag of row.tags) {
      const texts = textsOf(tag)
      tags.push([id, shapes.placeOf(row, tag), texts])
      bytes += bytesIn(tag.name) + bytesIn(texts[tag.as[0]?.type ?? ''] ?? '')
    }
    devices.push(deviceOf(row, id, tokenId, bytes))
    if (row.token) tokens.push(tokenOf(row, row.token, id))
    const detail = json({ row: row.position, outcome: 'created', pushTokenId: tokenId })
    marks.push([id, row.mark, detail])
    for (const { t, i, a } of row.topics) topics.push([id, t, row.ids ? 1 : 0, i, a])
    for (const one of row.erasable) erasable.push([id, one])
  }
  return {
    freshId: rows[0] ? freshId(rows[0]) : '',
    freshDevices: json(devices),
    freshTokens: json(tokens),
    freshMarks: json(marks),
    freshTopics: json(topics),
    freshNames: json(cataloguedOf(rows)),
    freshTags: json(tags),
    tagShapes: json(shapes.all()),
    erasable: json(erasable),
  }
}

/** The statements that create them; guesses of tag types are separate. */
export function freshPlan(rows: readonly ImportRow[], values: StepValues) {
  if (rows.length === 0) return []
  const topics = rows.some((row) => row.topics.length > 0)
  const tags = rows.some((row) => row.tags.length > 0)
  const all = [
    F.insertFresh,
    F.insertFreshTokens,
    F.insertFreshMarks,
    F.logFresh,
    ...(topics ? [F.insertFreshTopics] : []),
    ...(values.freshNames === '[]' ? [] : [F.catalogueFresh]),
    ...(tags ? [F.insertFreshTags, F.measureFresh] : []),
    F.countFresh,
  ]
  return all.map((one) => call(one, values))
}

/**
 * Removes rows that are the first with a tag name but lie between two rows for the row-by-row path, where the order of all
 * three decides the name's type. These rows use the row-by-row path, too.
 */
export function decidedBy(fresh: readonly ImportRow[], all: readonly ImportRow[]): readonly ImportRow[] {
  if (fresh.length === all.length) return fresh
  for (let left = fresh; ; ) {
    const short = new Set(left)
    const spans = spansOf(all.filter((row) => !short.has(row)))
    const open = new Set(
      [...guessesOf(left)].flatMap(([key, { position }]) => {
        const span = spans.get(key)
        return span && span.first < position && position < span.last ? [key] : []
      }),
    )
    if (open.size === 0) return left
    left = left.filter(({ dialect, tags }) => !tags.some(({ name }) => open.has(`${dialect} ${name}`)))
  }
}

/** The first and last row of each tag name. */
function spansOf(rows: readonly ImportRow[]): ReadonlyMap<string, { first: number; last: number }> {
  const spans = new Map<string, { first: number; last: number }>()
  for (const { dialect, tags, position } of rows) {
    for (const { name } of tags) {
      const key = `${dialect} ${name}`
      const { first = position, last = position } = spans.get(key) ?? {}
      spans.set(key, { first: Math.min(first, position), last: Math.max(last, position) })
    }
  }
  return spans
}

/** The type of each new tag name in the first of these rows that has it. */
export function guessesOf(rows: readonly ImportRow[]): ReadonlyMap<string, Guess> {
  const found = new Map<string, Guess>()
  for (const { dialect, tags, position } of rows) {
    for (const { name, as } of tags) {
      const key = `${dialect} ${name}`
      const type = as[0]?.type
      if (type !== undefined && !found.has(key)) found.set(key, { dialect, name, type, position })
    }
  }
  return found
}
interface Guess {
  readonly dialect: string
  readonly name: string
  readonly type: string
  readonly position: number
}

export function guessing(guesses: readonly Guess[], values: StepValues): readonly Call[] {
  const names = guesses.map(({ dialect, name, type }) => [dialect, name, type])
  return names.length === 0 ? [] : [call(F.guessFresh, { ...values, guesses: json(names) })]
}

function deviceOf(row: ImportRow, id: string, tokenId: string | null, tagBytes: number): unknown[] {
  return [
    ...[id, row.dialect, row.externalId ?? row.placeholder, row.platform, tokenId],
    ...[row.user?.id ?? null, row.user?.proved ? 1 : 0, row.enabled === false ? 0 : 1, row.expiresAt],
    ...[row.name, row.model, row.osVersion, row.appVersion, row.sdkVersion, row.language, row.timezone],
    ...[row.details === null ? '{}' : json(row.details), row.createdAt, row.lastSeenAt, row.orderKey],
    ...[row.tags.length, tagBytes, row.supersededAt],
  ]
}

const tokenOf = (row: ImportRow, token: NonNullable<ImportRow['token']>, id: string): unknown[] => [
  ...[id, token.provider, token.hash, row.tokenId, token.text, row.environment],
  ...[token.keys && json(token.keys), json([row.dialect]), row.lastSeenAt],
]

/** A tag's value in each type that it may have. */
function textsOf({ as }: ImportTag): Readonly<Record<string, string>> {
  // No prototype, because types are names from the file.
  const texts: Record<string, string> = Object.create(null)
  for (const { type, value } of as) texts[type] = json(value)
  return texts
}

const encoder = new TextEncoder()
const ASCII = /^\p{ASCII}*$/u
const bytesIn = (text: string): number => (ASCII.test(text) ? text.length : encoder.encode(text).length)

/** The distinct topics of dialects with a catalogue. */
function cataloguedOf(rows: readonly ImportRow[]): readonly (readonly [string, string])[] {
  const found = new Map<string, readonly [string, string]>()
  for (const { catalogued, dialect, topics } of rows) {
    if (catalogued) for (const { t, a } of topics) if (a === 0) found.set(`${dialect} ${t}`, [dialect, t])
  }
  return [...found.values()]
}

/** Tag names with their possible types: few, however many tags there are. */
class Shapes {
  readonly #known = new Map<string, unknown[]>()

  placeOf({ dialect }: ImportRow, { name, as }: ImportTag): number {
    // Names and types come from the file; their lengths keep the key unambiguous.
    let key = `${dialect} ${name.length} ${name}`
    for (const { type } of as) key += ` ${type.length} ${type}`
    const known = this.#known.get(key)
    if (known) return known[3] as number
    const place = this.#known.size
    this.#known.set(key, [dialect, name, as.map(({ type }) => type), place])
    return place
  }
  all(): readonly unknown[] {
    return [...this.#known.values()]
  }
}
