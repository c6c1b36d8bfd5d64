import type { Page, Place, TextPlace, TimePlace } from '../../../domain/page.ts'

/** A page of the rows read with `Order.page`, without the extra row that shows whether another page follows. */
export function pageOf<Row, T, At extends Place>(
  rows: readonly Row[],
  limit: number,
  shown: (row: Row) => T,
  placeOf: (row: Row) => At,
): Page<T, At> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return { items: kept.map(shown), next: last && rows.length > limit ? placeOf(last) : null }
}

export const timePlace = (row: { readonly created_at: number; readonly id: string }): TimePlace => [
  row.created_at,
  row.id,
]

export const topicPlace = ({ topic }: { readonly topic: string }): TextPlace => [topic]
