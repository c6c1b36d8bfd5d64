import { type Connection, Query, type QueryParse } from 'pg'
import type { Prepared, Type } from '../sql/engines/postgres.ts'
import type { Bound } from '../sql/port.ts'
import { type Columns, columnsOf, type FieldOf, NO_COLUMNS } from './rows.ts'

/** A statement with its values, in the order of `$1`, `$2` and so on. */
export interface Step {
  readonly statement: Prepared
  readonly values: readonly Bound[]
}

/** What a connection has prepared, and the columns that each statement answers. */
export type Known = Map<Prepared, Columns>

const TYPES: Readonly<Record<Type, number>> = { text: 25, bigint: 20, 'double precision': 701 }

/** Statements have one name on all connections, so that a server's log names them alike. */
const names = new WeakMap<Prepared, string>()
let named = 0
function nameOf(statement: Prepared): string {
  const name = names.get(statement) ?? `p${++named}`
  names.set(statement, name)
  return name
}

/** The part of pg's connection that a query of its own kind talks to; its types are those of an older version. */
interface Wire {
  readonly stream: { cork?(): void; uncork?(): void }
  parse(of: QueryParse): void
  bind(of: { statement: string; values: (string | null)[] }): void
  close(of: { type: 'S'; name: string }): void
  describe(of: { type: 'S'; name: string }): void
  execute(of: { rows: number }): void
  sync(): void
}

/**
 * All steps in one message to the server, and one turn of the conversation: the server answers when it has done them all, or
 * the first that fails and none behind it. pg's own queries have an end (`Sync`) each, and an error there stops one alone.
 */
export class PlanQuery extends Query {
  /** The rows of each step that is done. */
  readonly answers: unknown[][] = []
  readonly #steps: readonly Step[]
  readonly #known: Known | null
  readonly #done: (error?: Error) => void
  readonly #described = new Map<Prepared, Columns>()
  #fields: readonly FieldOf[] | undefined
  #current: unknown[] = []
  #at = 0

  /**
   * `done` is called once: with nothing, where every step was done. A connection that lives for a few plans alone keeps
   * nothing (`known` is null): there no statement gets a name.
   */
  constructor(steps: readonly Step[], known: Known | null, done: (error?: Error) => void) {
    super({ text: '' })
    this.#steps = steps
    this.#known = known
    this.#done = done
  }

  override readonly submit = (connection: Connection): void => {
    const wire = connection as unknown as Wire
    const sent = new Set<Prepared>()
    wire.stream.cork?.()
    for (const { statement, values } of this.#steps) {
      const name = this.#known ? nameOf(statement) : ''
      if (!this.#known || (!this.#known.has(statement) && !sent.has(statement))) {
        sent.add(statement)
        // A plan that failed may have prepared it.
        if (this.#known) wire.close({ type: 'S', name })
        const types = statement.types.map((type) => TYPES[type])
        wire.parse({ name, text: statement.text, types: types as unknown as string[] })
        wire.describe({ type: 'S', name })
      }
      wire.bind({ statement: name, values: values.map((one) => (one === null ? null : String(one))) })
      wire.execute({ rows: 0 })
    }
    wire.sync()
    wire.stream.uncork?.()
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldOf[] }): void {
    this.#fields = fields
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const columns = this.#columns()
    this.#current.push(columns.rowOf(fields))
  }

  handleCommandComplete(): void {
    this.#columns()
    this.answers.push(this.#current)
    this.#current = []
    this.#fields = undefined
    this.#at++
  }

  /** The server does nothing of what follows, and undoes what it did of a transaction that has not ended. */
  handleError(error: Error): void {
    this.#done(error)
  }

  handleReadyForQuery(): void {
    for (const [statement, columns] of this.#described) this.#known?.set(statement, columns)
    this.#done()
  }

  #columns(): Columns {
    const statement = this.#steps[this.#at]?.statement
    if (!statement) return NO_COLUMNS
    const known = this.#known?.get(statement) ?? this.#described.get(statement)
    if (known) return known
    const made = this.#fields ? columnsOf(this.#fields) : NO_COLUMNS
    this.#described.set(statement, made)
    return made
  }
}
