import { SQLITE } from './engines/sqlite.ts'
import type { Bound, Call, Statement } from './port.ts'
import { type Any, filled, type Template } from './template.ts'

export type { Statement } from './port.ts'

/**
 * Turns a template into a statement. The text is rendered on first use, since rendering all of them would add 0.1 s to every
 * start.
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
  const binds: Names[] = []
  const text = filled(template as Any, SQLITE, (name) => {
    binds.push(name as Names)
    return '?'
  })
  return { text, binds }
}

/** A statement with its values; extra values are ignored, a missing one does not compile. */
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
