import type { Place } from '../../domain/page.ts'
import type { Bound } from './port.ts'
import { type Any, type Expression, join, raw, sql, type Template, value } from './template.ts'

/** The names of an order's values, each with a value that stands before all rows. */
type Starts = Readonly<Record<string, string | number>>
type Columns<S extends Starts> = { readonly [Name in keyof S]: Expression }

/** The order of a list. An index must have it, so that a page is one descent into the index and its own rows. */
export interface Order<Names extends string, S extends Starts> {
  /** The rows after the place that is bound. The first page is bound before all rows, so that every page has one plan. */
  behind(columns: Columns<S>): Template<Names>
  by(columns: Columns<S>): Template
  /** A page, and one row more, which tells whether another page follows (see `pageOf`); stands at the end of a condition. */
  page(columns: Columns<S>): Template<Names | 'limit'>
  /** The values of a place; null: before all rows. */
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
        // Places are checked where they come in; a value of another type could not be bound.
        return [name, typeof given === typeof start ? given : start] as const
      })
      return Object.fromEntries(bound) as Record<Names, Bound>
    },
  }
}

/** Newest first, rows of one millisecond by id. */
export const NEWEST = order('DESC', { afterAt: Number.MAX_SAFE_INTEGER, afterId: '' })
/** Oldest first, rows of one millisecond by id. */
export const OLDEST = order('ASC', { afterAt: Number.MIN_SAFE_INTEGER, afterId: '' })
/** By an id or a name. */
export const BY_ID = order('ASC', { afterId: '' })
