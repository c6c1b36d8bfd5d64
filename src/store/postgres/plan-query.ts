import { type Connection, Query, type QueryParse } from 'pg'
import type { Prepared, Type } from '../sql/engines/postgres.ts'
import type { Bound } from '../sql/port.ts'
import { type Columns, columnsOf, type FieldOf, NO_COLUMNS } from './rows.ts'

/** A statement with its values, in the order of `$1`, `$2` and so on. */
export interface Step {
  readonly statement: Prepared
  readonly values: readonly Bound[]
}

/** Statements prepared on a connection, each with its result columns. */
export type Known = Map<Prepared, Columns>

const TYPES: Readonly<Record<Type, number>> = { text: 25, bigint: 20, 'double precision': 701 }

/** A statement has the same name on all connections, which helps when reading server logs. */
const names = new WeakMap<Prepared, string>()
let named = 0
function nameOf(statement: Prepared): string {
  const name = names.get(statement) ?? `p${++named}`
  names.set(statement, name)
  return name
}

/** The part of pg's connection that custom queries use; pg's own types describe an older version. */
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
 * Sends all steps in one message and one round trip: the server runs them in order and stops at the first failure. pg's own
 * queries each have their own `Sync`, so that an error stops only one of them.
 */
export class PlanQuery extends Query {
  /** The rows of each finished step. */
  readonly answers: unknown[][] = []
  readonly #steps: readonly Step[]
  readonly #known: Known | null
  readonly #done: (error?: Error) => void
  readonly #described = new Map<Prepared, Columns>()
  #fields: readonly FieldOf[] | undefined
  #current: unknown[] = []
  #at = 0

  /**
   * `done` is called once, without an error if every step succeeded. Short-lived connections prepare nothing: `known` is null
   * and statements have no names.
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
        // A failed plan may have prepared it.
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

  /** The server skips the remaining steps and rolls back the open transaction. */
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
