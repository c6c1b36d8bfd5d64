import type { Place } from '../../domain/page.ts'
import type { Bound } from './port.ts'
import { type Any, type Expression, join, raw, sql, type Template, value } from './template.ts'

/** The values of an order by name, each with a start value that sorts before all rows. */
type Starts = Readonly<Record<string, string | number>>
type Columns<S extends Starts> = { readonly [Name in keyof S]: Expression }

/** The order of a list. It must match an index, so that a page reads one index range and only its own rows. */
export interface Order<Names extends string, S extends Starts> {
  /** The rows after the bound place. For the first page the start values are bound, so that all pages have one query plan. */
  behind(columns: Columns<S>): Template<Names>
  by(columns: Columns<S>): Template
  /** The end of the condition of a page, which reads one row more to detect whether another page follows (see `pageOf`). */
  page(columns: Columns<S>): Template<Names | 'limit'>
  /** The values of a place; null for the start. */
  values(place: Place | null): Readonly<Record<Names, Bound>>
}

const tuple = (parts: readonly Any[]) => sql`(${join(parts, ', ')})`

export function order<const S extends Starts>(
  direction: 'ASC' | 'DESC',
  starts: S,
): Order<keyof S & string, S> {
  type Names = keyof S & string
  const names = Object.keys(starts) as Names[]
  const listed = (columns: Columns<S>) => names.map((name) => columns[name])
  const after = raw(direction === 'ASC' ? '>' : '<')
  const behind = (columns: Columns<S>): Template<Names> =>
    sql`${tuple(listed(columns))} ${after} ${tuple(names.map((name) => value(name)))}` as Template<Names>
  const by = (columns: Columns<S>): Template =>
    sql`ORDER BY ${join(
      listed(columns).map((column) => (direction === 'ASC' ? column : sql`${column} DESC`)),
      ', ',
    )}`
  return {
    behind,
    by,
    page: (columns) => sql`${behind(columns)} ${by(columns)} LIMIT ${value('limit')} + 1`,
    values(place) {
      const bound = names.map((name, index) => {
        const [start, given] = [starts[name], place?.[index]]
        // Places are validated on input; a value of another type could not be bound.
        return [name, typeof given === typeof start ? given : start] as const
      })
      return Object.fromEntries(bound) as Record<Names, Bound>
    },
  }
}

/** Newest first; rows of one millisecond by id. */
export const NEWEST = order('DESC', { afterAt: Number.MAX_SAFE_INTEGER, afterId: '' })
/** Oldest first; rows of one millisecond by id. */
export const OLDEST = order('ASC', { afterAt: Number.MIN_SAFE_INTEGER, afterId: '' })
/** By an id or a name. */
export const BY_ID = order('ASC', { afterId: '' })
