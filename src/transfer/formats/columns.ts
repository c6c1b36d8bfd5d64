import { FileFault, type FileRecord } from '../text/record.ts'

/** A column's name in the form for comparison: without a type suffix, spaces and case. */
const plain = (name: string): string =>
  name
    .replace(/\s*[({][^(){}]*[)}]\s*$/, '')
    .trim()
    .toLowerCase()

/** Finds columns of a table by name; of several with the same name, the first is used. */
export function columnsOf(header: readonly string[]): (name: string) => number | undefined {
  const places = new Map<string, number>()
  for (const [at, name] of header.entries()) {
    // Some columns differ from others only by a suffix in brackets: both spellings are stored.
    for (const one of [name.trim().toLowerCase(), plain(name)]) if (!places.has(one)) places.set(one, at)
  }
  // Cached by the requested names, which are few and used for each row.
  const asked = new Map<string, number | undefined>()
  return (name) => {
    if (!asked.has(name)) asked.set(name, places.get(name.trim().toLowerCase()))
    return asked.get(name)
  }
}

/** Throws if the table has no column that identifies devices. */
export function requireAny(header: readonly string[], names: readonly string[]): void {
  const find = columnsOf(header)
  if (names.every((name) => find(name) === undefined)) {
    throw new FileFault('header', `The header has none of the columns ${names.join(', ')}.`)
  }
}

/** A cell of a record by column index; undefined if the table lacks the column. */
export const cellAt = ({ cells = [] }: FileRecord, at: number | undefined): string | undefined =>
  at === undefined ? undefined : cells[at]

/** JSON in a cell; undefined for an empty cell, null for invalid JSON. */
export function jsonIn(cell: string | undefined): unknown {
  if (cell === undefined || cell.trim() === '') return undefined
  try {
    return JSON.parse(cell)
  } catch {
    return null
  }
}
