import type { MovedTable } from './tables.ts'

export type Cell = string | number | Uint8Array | null
/** The cells of a row, in the order of its table's columns. */
export type Row = readonly Cell[]

/** How far each table has come. What has no entry has not begun. */
export type Progress = Readonly<Record<string, { readonly rows: number; readonly after: Row }>>

/** A database in the state that it had when it was opened, whatever is written to it meanwhile. */
export interface Source {
  /** What messages call it: without a password. */
  readonly told: string
  count(table: MovedTable): Promise<number>
  /** The rows after the one with this key, in the order of keys; null for the first ones. */
  page(table: MovedTable, after: Row | null, limit: number): Promise<readonly Row[]>
  /** The last value that was drawn for a column of a key; 0 for none. */
  lastDrawn(table: MovedTable): Promise<number>
  close(): Promise<void>
}

/** A database that takes the rows of another one. Until it has been finished, no gateway opens it. */
export interface Target extends Omit<Source, 'lastDrawn'> {
  /** What an earlier move has left here; null where this is the first. Throws `MoveFault` where it is not empty. */
  begun(): Promise<Progress | null>
  /** Rows, and how far they come, all or nothing. */
  put(table: MovedTable, rows: readonly Row[], progress: Progress): Promise<void>
  /** Nothing that was drawn at the source is drawn here again. */
  draw(table: MovedTable, last: number): Promise<void>
  /** From now on a gateway may open it. */
  finish(): Promise<void>
}

/** Why a move does not go on, in words for an operator. */
export class MoveFault extends Error {
  override readonly name = 'MoveFault'
}

export const notEmpty = (told: string, table: string): MoveFault =>
  new MoveFault(`${told} is not empty: there are rows in ${table}. A move wants a database of its own.`)

export const otherVersion = (told: string): MoveFault =>
  new MoveFault(
    `${told} has another version's schema: start this version's gateway on it once, or take a newer export.`,
  )

/** A name in a statement, alike in both engines. */
export const quoted = (name: string): string => `"${name}"`

/** The statement that reads a page: with the marks of the values that the engine wants. */
export function pageText({ name, columns, key }: MovedTable, marks: readonly string[] | null): string {
  const keys = key.map(quoted).join(', ')
  const after = marks ? ` WHERE (${keys}) > (${marks.join(', ')})` : ''
  return `SELECT ${columns.map((one) => quoted(one.name)).join(', ')} FROM ${quoted(name)}${after} ORDER BY ${keys}`
}

/** The key of a row. */
export const keyOf = ({ keyAt }: MovedTable, row: Row): Row => keyAt.map((at) => row[at] ?? null)

/** Keys are kept as JSON: what is neither a text nor a number has a form of its own there. */
export const storedKey = (progress: Progress): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(progress).map(([name, { rows, after }]) => [name, { rows, after: after.map(storable) }]),
    ),
  )
// Not as a replacer, which is given what a Buffer has made of itself by then.
const storable = (cell: unknown) =>
  cell instanceof Uint8Array ? { hex: Buffer.from(cell).toString('hex') } : cell

export const readKey = (text: string): Progress =>
  JSON.parse(text, (_, cell) => (typeof cell?.hex === 'string' ? Buffer.from(cell.hex, 'hex') : cell))
