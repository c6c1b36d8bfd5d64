import { PullFault } from './fault.ts'
import { Broken, type Polite } from './polite.ts'
import type { Spool } from './spool.ts'

/** One step of a pull: a page, a slice, or a check whether a file is ready. */
export interface Step {
  readonly rows: number
  readonly cursor: unknown
  readonly done: boolean
  /** The total number of rows, if the vendor states it. */
  readonly total: number | null
}

/** The old vendor's own API. */
export interface Source {
  /** The import format of the file. */
  readonly format: string
  /** A description of the source, without secrets. */
  readonly what: string
  /** The default rate in calls per second. */
  readonly rate: number
  /** Further parameters of the import. */
  readonly query: Readonly<Record<string, string>>
  secrets(): readonly string[]
  /** Fetches the data after a cursor that it returned before, and writes it to the spool. */
  next(cursor: unknown, way: { readonly polite: Polite; readonly spool: Spool }): Promise<Step>
}

/** Most bytes of a page that is buffered as a whole. */
const LARGEST_PAGE = 67_108_864

/** A body as text. Throws if it is larger than any page should be. */
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

/** A body as JSON. An incomplete one is requested again. */
export async function jsonOf(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const text = await textOf(body)
  try {
    return JSON.parse(text)
  } catch {
    throw new Broken('it is not complete JSON')
  }
}

/** The position in a list that is read by offsets. */
export interface Place {
  readonly offset: number
  /** The key of the previous row; null at the beginning. */
  readonly last: string | null
}
export const BEGINNING: Place = { offset: 0, last: null }

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly total: number | null
}

/**
 * Reads a list by offsets without missing rows when others are deleted meanwhile: each page starts with the
 * last row of the page before. If it does not, the list is read again from one page earlier. Rows may occur
 * twice.
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
  // Not found there either: reading continues without this check, so that a list that grows at its front does
  // not block it.
  const lost = last !== null && overlap === 1 && known < 0
  const rows = page.rows.slice(known + 1)
  const end = page.rows.at(-1)
  // The vendor may limit pages to fewer rows than requested, so only an empty page is the end.
  const done = end === undefined || (last !== null && keyOf(end) === last)
  return {
    rows,
    place: { offset: from + page.rows.length, last: lost ? null : end === undefined ? last : keyOf(end) },
    done,
    total: page.total,
  }
}
