import { is, type Placeholder, Placeholder as PlaceholderClass } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'
import type { Bound, Call, Statement } from './port.ts'
import type { Any, Template } from './template.ts'

export type { Statement } from './port.ts'

/** As Drizzle's dialect of SQLite renders it, without the builders that come with that: 25 KiB of the Worker. */
const SQLITE = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name}"`,
  escapeParam: () => '?',
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
}

/**
 * Turns a template into a statement. Every value must be a named placeholder: a literal would be baked into text that is
 * prepared once, which is a bug; the first use throws, and the store's suite uses every statement. The text is made at that
 * first use, since making all of them takes 0.1 s of each start.
 */
export function statement<Names extends string, Row>(template: Template<Names, Row>): Statement<Row, Names> {
  let rendered: Rendered<Names> | undefined
  const made = () => {
    rendered ??= render(template)
    return rendered
  }
  return {
    template: template as Any,
    get text() {
      return made().text
    },
    get binds() {
      return made().binds
    },
  }
}

interface Rendered<Names> {
  readonly text: string
  readonly binds: readonly Names[]
}

function render<Names extends string>(template: Template<Names, unknown>): Rendered<Names> {
  const { sql, params } = template.getSQL().toQuery(SQLITE)
  const binds = params.map((param) => {
    if (!is(param, PlaceholderClass)) throw new Error(`statement binds a literal: ${sql}`)
    return (param as Placeholder).name as Names
  })
  return { text: sql, binds }
}

/** A statement with its values; an extra value is harmless, a missing one does not compile. */
export function call<Row, Names extends string>(
  of: Statement<Row, Names>,
  values: Readonly<Record<Names, Bound>> & Readonly<Record<string, Bound>>,
): Call<Row> {
  return { statement: of, values }
}

/** The values in the order of the question marks. */
export function boundValues({ statement, values }: Call): Bound[] {
  return statement.binds.map((name) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for ${name} in: ${statement.text}`)
    return value
  })
}
