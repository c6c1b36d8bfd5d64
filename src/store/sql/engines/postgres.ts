/**
 * Plans in PostgreSQL's words. Only a driver of PostgreSQL imports this file, so that a Worker over D1 carries none of it.
 */
import type { Bound, Call, Statement } from '../port.ts'
import { type Any, filled } from '../template.ts'
import { CHANGED, POSTGRES } from './postgres-words.ts'

/** A statement as PostgreSQL prepares it: the same object each time, so that a driver can remember it by that. */
export interface Prepared {
  /** With `$1`, `$2` and so on. */
  readonly text: string
  /** The name of the value of `$1`, of `$2` and so on. */
  readonly binds: readonly string[]
  /** The type of each of them. */
  readonly types: readonly Type[]
  /** False where the rows that come back are not the statement's own: it has none then. */
  readonly answers: boolean
}
export type Type = 'text' | 'bigint' | 'double precision'

/**
 * The values that are numbers, by their names, which mean the same in all statements: what is bound has no column that
 * would say its type. All others are texts.
 */
const NUMBERS: ReadonlySet<string> = new Set(
  `accepted active activeDays afterAt afterEvent afterPosition againAt alias asked at auditAt batch before
   catalogued change cost createdAt delivered done dropAt dryRun dueAt each enabled ends endsAt epoch erase event excess existing
   expiresAt exportedAt failed failingSince fails fileBytes force fromEvent fromPart fromRow gone horizon hour forced fromAt full importNumber importedAt keepPlatform
   keyUntil lastAt lastStatus lastUsedAt limit lists longest madeAt many maxLength most mostDevices mostOfUser next now number offset once openBefore part piece
   position priority
   proved replace restingUntil round resealed rows rowsRead run runAt scan second selective settled signsUntil
   since stop superseded threshold total tries ttl until untilAt userProved walk walked window withIds withTags withTopics
   withWarnings`.split(/\s+/),
)

interface Renderings {
  readonly plain: Prepared
  /** It asks whether the statement before it changed something. */
  readonly asks: boolean
  noting?: Prepared
}

const known = new WeakMap<Statement, Renderings>()

/** A plan as it is sent: each call's statement, as it has to be in that place of the plan. */
export function postgresPlan(plan: readonly Call[]): Prepared[] {
  const made = plan.map(({ statement }) => renderings(statement))
  return made.map((one, at) => {
    if (!made[at + 1]?.asks) return one.plain
    one.noting ??= noting(one.plain)
    return one.noting
  })
}

/** The values of a call in the order of `$1`, `$2` and so on; throws where one is missing. */
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

/** A value that a statement names more than once is bound once. */
function ofTemplate(template: Any): Prepared {
  const binds: string[] = []
  const typeOf = (name: string): Type => (NUMBERS.has(name) ? 'bigint' : 'text')
  const text = filled(template, POSTGRES, (name) => {
    const at = binds.includes(name) ? binds.indexOf(name) : binds.push(name) - 1
    return `$${at + 1}::${typeOf(name)}`
  })
  return { text, binds, types: binds.map(typeOf), answers: true }
}

/** A statement that is the same on every engine. */
function ofText({ text, binds }: Statement): Prepared {
  let place = 0
  const numbered = text.replaceAll('?', () => `$${++place}`)
  return { text: numbered, binds, types: binds.map(() => 'text'), answers: true }
}

/**
 * The same statement, which also leaves in its transaction how many rows it changed: PostgreSQL tells nobody but the
 * client, and a plan decides without it. A condition over no row of its own is asked first, and once, so that the count
 * is left also where nothing was changed.
 */
function noting(plain: Prepared): Prepared {
  const answers = /\bRETURNING\b/.test(plain.text)
  const noted = `set_config('${CHANGED}', (SELECT count(*) FROM done)::text, true)`
  const text = `WITH done AS (${plain.text}${answers ? '' : ' RETURNING 1'})
  SELECT ${answers ? `done.* FROM done WHERE (SELECT ${noted}) IS NOT NULL` : noted}`
  return { ...plain, text, answers }
}
