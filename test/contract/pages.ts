import { describe, expect, test } from 'vitest'
import { keyOf, type StoreKit } from './kit.ts'
import type { PagedList } from './page-reader.ts'
import { LISTS } from './paged-lists.ts'

const ROWS = 7
/**
 * Rounds in which rows are added and removed, because a list that grows at its end would otherwise have none.
 */
const TURNS = 5

/** The one way in which all lists are read. */
export function pageContract(kit: () => StoreKit): void {
  async function filled({ add, order, ties }: PagedList) {
    const appId = await kit().createApp()
    const key = keyOf(appId)
    await kit().register(key)
    const world = { kit: kit(), appId, key }
    const names: string[] = []
    const grow = async (early: boolean) => {
      // Three rows with the same time, so that the id decides their order.
      if (ties === false || names.length % 3 === 0) kit().clock.advance(1)
      names.push(await add(world, early))
    }
    for (let at = 0; at < ROWS; at++) await grow(false)
    const sorted = () => {
      if (order === 'text') return names.toSorted()
      return order === 'newest' ? names.toReversed() : names
    }
    return { world, grow, sorted, names }
  }

  describe.each(Object.entries(LISTS))('the list of %s', (_, list) => {
    test.each([1, 2, ROWS, ROWS + 1])('shows each row once and in order, %i a page', async (limit) => {
      const { world, sorted, names } = await filled(list)
      const shown = await list.read(world, limit, async () => {})
      expect(shown.filter((name) => names.includes(name))).toEqual(sorted())
    })

    test.each([1, 2, ROWS])(
      'shows each row that stays once and in order while others come and go, %i a page',
      async (limit) => {
        const { world, grow, sorted, names } = await filled(list)
        const stay = new Set(names)
        let turns = 0
        const read = await list.read(world, limit, async (last) => {
          if (turns++ >= TURNS) return
          await grow(turns % 2 === 0)
          // The last shown row, after which the next page begins, and one that has not been shown yet.
          const coming = sorted()[names.length - 1 - turns]
          for (const name of list.remove ? [last, coming] : []) {
            if (name === undefined || !names.includes(name)) continue
            await list.remove?.(world, name)
            stay.delete(name)
          }
        })
        const shown = read.filter((name) => names.includes(name))
        expect(new Set(shown).size).toBe(shown.length)
        expect(shown).toEqual(sorted().filter((name) => shown.includes(name)))
        expect([...stay].filter((name) => !shown.includes(name))).toEqual([])
      },
    )
  })
}
