/**
 * Renders plans for PostgreSQL. Imported only by PostgreSQL drivers, so that a Worker over D1 does not contain it.
 */
import type { Bound, Call, Statement } from '../port.ts'
import { type Any, filled } from '../template.ts'
import { CHANGED, POSTGRES } from './postgres-words.ts'

/** A statement as prepared by PostgreSQL: always the same object, so that drivers can use it as a key. */
export interface Prepared {
  /** The text with `$1`, `$2` and so on. */
  readonly text: string
  /** The names of the values for `$1`, `$2` and so on. */
  readonly binds: readonly string[]
  /** The types of these values. */
  readonly types: readonly Type[]
  /** False if the returned rows belong to a wrapper and not to the statement, which returns none. */
  readonly answers: boolean
}
export type Type = 'text' | 'bigint' | 'double precision'

/**
 * The names of numeric values, which have the same type in every statement, because a bound value has no column to derive
 * its type from. All others are text.
 */
const NUMBERS: ReadonlySet<string> = new Set(
  `accepted active activeDays afterAt afterEvent afterPosition againAt alias asked at auditAt batch before
   catalogued change cost createdAt delivered done dropAt dryRun dueAt each enabled ends endsAt epoch erase event excess existing
   expiresAt exportedAt failed failingSince fails fileBytes force fromEvent fromPage fromPart fromRow gone horizon hour forced fromAt full importNumber importedAt keepPlatform keeps keptSince
   keyUntil lastAt lastStatus lastUsedAt limit lists longest madeAt many maxLength most mostDevices mostOfUser next now number offset once openBefore part piece
   position priority
   proved replace restingUntil round resealed rows rowsRead run runAt scan second selective settled signsUntil
   since stop superseded threshold total tries ttl until untilAt userProved walk walked window withIds withTags withTopics
   withWarnings`.split(/\s+/),
)

interface Renderings {
  readonly plain: Prepared
  /** Whether it depends on the previous statement's row count. */
  readonly asks: boolean
  noting?: Prepared
}

const known = new WeakMap<Statement, Renderings>()

/** The statements of a plan, each rendered for its position in the plan. */
export function postgresPlan(plan: readonly Call[]): Prepared[] {
  const made = plan.map(({ statement }) => renderings(statement))
  return made.map((one, at) => {
    if (!made[at + 1]?.asks) return one.plain
    one.noting ??= noting(one.plain)
    return one.noting
  })
}

/** A call's values in the order of `$1`, `$2` and so on; throws if one is missing. */
export const valuesFor = ({ binds, text }: Prepared, { values }: Call): Bound[] =>
  binds.map((name) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for ${name} in: ${text}`)
    return value
  })

function renderings(statement: Statement): Renderings {
  const before = known.get(statement)
  if (before) return before
  const plain = statement.template ? ofTemplate(statement.template) : ofText(statement)
  const made = { plain, asks: plain.text.includes(CHANGED) }
  known.set(statement, made)
  return made
}

/** A value used several times in a statement is bound once. */
function ofTemplate(template: Any): Prepared {
  const binds: string[] = []
  const typeOf = (name: string): Type => (NUMBERS.has(name) ? 'bigint' : 'text')
  const text = filled(template, POSTGRES, (name) => {
    const at = binds.includes(name) ? binds.indexOf(name) : binds.push(name) - 1
    return `$${at + 1}::${typeOf(name)}`
  })
  return { text, binds, types: binds.map(typeOf), answers: true }
}

/** A statement with the same text on every engine. */
function ofText({ text, binds }: Statement): Prepared {
  let place = 0
  const numbered = text.replaceAll('?', () => `$${++place}`)
  return { text: numbered, binds, types: binds.map(() => 'text'), answers: true }
}

/**
 * Wraps a statement so that it also stores its row count in the transaction, since PostgreSQL reports it only to the client
 * and plans depend on it. Conditions without a row of their own are evaluated once, first, so that the count
 * is stored even if nothing changed.
 */
function noting(plain: Prepared): Prepared {
  const answers = /\bRETURNING\b/.test(plain.text)
  const noted = `set_config('${CHANGED}', (SELECT count(*) FROM done)::text, true)`
  const text = `WITH done AS (${plain.text}${answers ? '' : ' RETURNING 1'})
  SELECT ${answers ? `done.* FROM done WHERE (SELECT ${noted}) IS NOT NULL` : noted}`
  return { ...plain, text, answers }
}
