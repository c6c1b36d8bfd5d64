import type { OffsetPage, Place } from '../domain/page.ts'
import { turn } from '../domain/turn.ts'
import type { Step, Window } from '../store/contract/step.ts'

/**
 * Reads a page by offset in steps over a bounded number of rows each, serving other requests in between: a few
 * milliseconds of database time a step, however deep the page is. `after` is a place before the page from which to count
 * the offset; `total` are all matches after it, and null unless `counted` is set.
 */
export async function offsetPage<Item, At extends Place>(
  step: (window: Window<At>) => Promise<Step<Item, At>>,
  { limit, offset, counted }: OffsetPage,
  after: At | null = null,
): Promise<{ readonly items: readonly Item[]; readonly total: number | null }> {
  const items: Item[] = []
  let from = after
  let skip = offset
  let total = 0
  for (;;) {
    // The remaining offset is only known after the matches of a step are counted.
    const window = { after: from, offset: skip, limit: limit - items.length, counted: counted || skip > 0 }
    const { items: found, matches, end } = await step(window)
    items.push(...found)
    total += matches
    const full = !counted && items.length === limit
    if (end === null || full) return { items, total: counted ? total : null }
    skip = Math.max(0, skip - matches)
    from = end
    await turn()
  }
}
