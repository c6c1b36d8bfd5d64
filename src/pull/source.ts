import { PullFault } from './fault.ts'
import { Broken, type Polite } from './polite.ts'
import type { Spool } from './spool.ts'

/** One step of a pull: a page, a slice, or a question whether a file is ready. */
export interface Step {
  readonly rows: number
  readonly cursor: unknown
  readonly done: boolean
  /** How many rows there will be, where the vendor says it. */
  readonly total: number | null
}

/** The old vendor's own API. */
export interface Source {
  /** The format of the file, as the import has it. */
  readonly format: string
  /** What is pulled, in words without secrets. */
  readonly what: string
  /** Calls a second, unless somebody says otherwise. */
  readonly rate: number
  /** Further parameters of the import. */
  readonly query: Readonly<Record<string, string>>
  secrets(): readonly string[]
  /** Fetches what comes next, behind a cursor that it returned before, and writes it into the spool. */
  next(cursor: unknown, way: { readonly polite: Polite; readonly spool: Spool }): Promise<Step>
}

/** Bytes of a page that is held whole. */
const LARGEST_PAGE = 67_108_864

/** A body as text. Throws where it is larger than any page should be. */
export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > LARGEST_PAGE) throw new PullFault('refused', 'A page is larger than 64 MiB.')
    parts.push(part)
  }
  return new TextDecoder().decode(Buffer.concat(parts))
}

/** A body as JSON. One that is cut off is asked for again. */
export async function jsonOf(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const text = await textOf(body)
  try {
    return JSON.parse(text)
  } catch {
    throw new Broken('it is no whole JSON')
  }
}

/** Where a list that is read by offsets stands. */
export interface Place {
  readonly offset: number
  /** The key of the row before; null at the beginning. */
  readonly last: string | null
}
export const BEGINNING: Place = { offset: 0, last: null }

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly total: number | null
}

/**
 * Reads a list by offsets so that rows which are deleted meanwhile do not let others slip through: each page begins with the
 * last row of the page before, and where it does not, the list is read again from a page earlier. Rows may come twice.
 */
export async function pageBehind<Row>(
  { offset, last }: Place,
  size: number,
  get: (offset: number, size: number) => Promise<Page<Row>>,
  keyOf: (row: Row) => string,
): Promise<{
  readonly rows: readonly Row[]
  readonly place: Place
  readonly done: boolean
  readonly total: number | null
}> {
  const overlap = last === null || offset === 0 ? 0 : 1
  let from = offset - overlap
  let page = await get(from, size + overlap)
  const [first] = page.rows
  if (overlap === 1 && (first === undefined || keyOf(first) !== last)) {
    from = Math.max(0, offset - size)
    page = await get(from, size)
  }
  const known = last === null ? -1 : page.rows.findIndex((row) => keyOf(row) === last)
  // Not even there: what follows is read without this check, so that a list that grows in front does not hold it up.
  const lost = last !== null && overlap === 1 && known < 0
  const rows = page.rows.slice(known + 1)
  const end = page.rows.at(-1)
  // A page may be shorter than asked for, where the vendor has a limit of its own: only an empty one is the end.
  const done = end === undefined || (last !== null && keyOf(end) === last)
  return {
    rows,
    place: { offset: from + page.rows.length, last: lost ? null : end === undefined ? last : keyOf(end) },
    done,
    total: page.total,
  }
}
