/**
 * The statements in PostgreSQL's words. Only a driver of PostgreSQL imports this file, so that a Worker over D1 carries
 * none of it.
 */
import { is, Placeholder } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'
import type { Bound, Call, Statement } from '../port.ts'

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

interface Renderings {
  plain?: Prepared
  /** The same, noting in the transaction how many rows it changed, for the statement behind it to ask. */
  noting?: Prepared
}

const rendered = new WeakMap<Statement, Renderings>()

/** A plan as it is sent: each call's statement, as it has to be in that place of the plan. */
export function postgresPlan(plan: readonly Call[]): Prepared[] {
  return plan.map(({ statement }) => {
    const known = rendered.get(statement) ?? {}
    rendered.set(statement, known)
    known.plain ??= render(statement)
    return known.plain
  })
}

/** The values of a call in the order of `$1`, `$2` and so on; throws where one is missing. */
export const valuesFor = ({ binds, text }: Prepared, { values }: Call): Bound[] =>
  binds.map((name) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for ${name} in: ${text}`)
    return value
  })

const POSTGRES = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name}"`,
  escapeParam: (index: number) => `$${index + 1}`,
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
}

function render(statement: Statement): Prepared {
  if (!statement.template) return ofText(statement)
  const { sql, params } = statement.template.getSQL().toQuery(POSTGRES)
  const binds = params.map((param) => {
    if (!is(param, Placeholder)) throw new Error(`statement binds a literal: ${sql}`)
    return param.name
  })
  return { text: sql, binds, types: binds.map(() => 'text'), answers: true }
}

/** A statement that is the same on every engine. */
function ofText({ text, binds }: Statement): Prepared {
  let place = 0
  return {
    text: text.replaceAll('?', () => `$${++place}`),
    binds,
    types: binds.map(() => 'text'),
    answers: true,
  }
}
