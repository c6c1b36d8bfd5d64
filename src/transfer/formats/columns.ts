import { FileFault, type FileRecord } from '../text/record.ts'

/** A column's name as it is compared: without a type behind it, blanks and case. */
const plain = (name: string): string =>
  name
    .replace(/\s*[({][^(){}]*[)}]\s*$/, '')
    .trim()
    .toLowerCase()

/** Finds columns of a table by their names; of several with one name the first counts. */
export function columnsOf(header: readonly string[]): (name: string) => number | undefined {
  const places = new Map<string, number>()
  for (const [at, name] of header.entries()) {
    // Humanized columns differ from others by what is in brackets: both spellings are known.
    for (const one of [name.trim().toLowerCase(), plain(name)]) if (!places.has(one)) places.set(one, at)
  }
  // By what callers ask for: a few names, for each row.
  const asked = new Map<string, number | undefined>()
  return (name) => {
    if (!asked.has(name)) asked.set(name, places.get(name.trim().toLowerCase()))
    return asked.get(name)
  }
}

/** Throws where none of the columns that name a device is there. */
export function requireAny(header: readonly string[], names: readonly string[]): void {
  const find = columnsOf(header)
  if (names.every((name) => find(name) === undefined)) {
    throw new FileFault('header', `The header has none of the columns ${names.join(', ')}.`)
  }
}

/** A cell of a record by the place of its column; undefined where the table has none. */
export const cellAt = ({ cells = [] }: FileRecord, at: number | undefined): string | undefined =>
  at === undefined ? undefined : cells[at]

/** JSON in a cell; undefined for an empty one, null for what is none. */
export function jsonIn(cell: string | undefined): unknown {
  if (cell === undefined || cell.trim() === '') return undefined
  try {
    return JSON.parse(cell)
  } catch {
    return null
  }
}
