import type { MovedTable } from './tables.ts'

export type Cell = string | number | Uint8Array | null
/** The values of a row, in the order of its table's columns. */
export type Row = readonly Cell[]

/** The progress of each table. Tables without an entry have not begun. */
export type Progress = Readonly<Record<string, { readonly rows: number; readonly after: Row }>>

/** A database, read in the state in which it was opened, regardless of later writes. */
export interface Source {
  /** The name for messages, without a password. */
  readonly told: string
  count(table: MovedTable): Promise<number>
  /** The rows after the given key, in key order; null for the first rows. */
  page(table: MovedTable, after: Row | null, limit: number): Promise<readonly Row[]>
  /** The last value generated for a key column; 0 for none. */
  lastDrawn(table: MovedTable): Promise<number>
  close(): Promise<void>
}

/** A database that receives the rows of another one. No gateway opens it before the move is complete. */
export interface Target extends Omit<Source, 'lastDrawn'> {
  /**
   * The progress of an earlier move; null if there was none. Throws `MoveFault` if the database contains
   * other data.
   */
  begun(): Promise<Progress | null>
  /** Writes rows and the progress in one transaction. */
  put(table: MovedTable, rows: readonly Row[], progress: Progress): Promise<void>
  /** Continues generated keys after the source's, so that none is generated twice. */
  draw(table: MovedTable, last: number): Promise<void>
  /** Allows gateways to open the database from now on. */
  finish(): Promise<void>
}

/** Why a move cannot continue, with a message for an operator. */
export class MoveFault extends Error {
  override readonly name = 'MoveFault'
}

export const notEmpty = (told: string, table: string): MoveFault =>
  new MoveFault(`${told} is not empty: there are rows in ${table}. A move needs an empty database.`)

export const otherVersion = (told: string): MoveFault =>
  new MoveFault(
    `${told} has the schema of another version: start this version of Pushport on it once, or use a newer export.`,
  )

/** Quotes a name in a statement, the same for both engines. */
export const quoted = (name: string): string => `"${name}"`

/** The statement that reads a page, with the engine's own parameter marks. */
export function pageText({ name, columns, key }: MovedTable, marks: readonly string[] | null): string {
  const keys = key.map(quoted).join(', ')
  const after = marks ? ` WHERE (${keys}) > (${marks.join(', ')})` : ''
  return `SELECT ${columns.map((one) => quoted(one.name)).join(', ')} FROM ${quoted(name)}${after} ORDER BY ${keys}`
}

/** The key of a row. */
export const keyOf = ({ keyAt }: MovedTable, row: Row): Row => keyAt.map((at) => row[at] ?? null)

/** Keys are stored as JSON; values that are neither text nor number are encoded. */
export const storedKey = (progress: Progress): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(progress).map(([name, { rows, after }]) => [name, { rows, after: after.map(storable) }]),
    ),
  )
// Not a JSON replacer, which would get a Buffer only after its `toJSON`.
const storable = (cell: unknown) =>
  cell instanceof Uint8Array ? { hex: Buffer.from(cell).toString('hex') } : cell

export const readKey = (text: string): Progress =>
  JSON.parse(text, (_, cell) => (typeof cell?.hex === 'string' ? Buffer.from(cell.hex, 'hex') : cell))
