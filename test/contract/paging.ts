import { describe, expect, test } from 'vitest'
import type { Page, TimePlace } from '../../src/domain/page.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

/** Lists that change while they are read. */
export function pagingContract(kit: () => StoreKit): void {
  const occasion = () => kit().occasion()

  async function filled(count: number, token: boolean): Promise<{ appId: string; names: string[] }> {
    const appId = await kit().createApp()
    const names: string[] = []
    for (let at = 0; at < count; at++) {
      // Three with the same time, so that the id decides their order.
      if (at % 3 === 0) kit().clock.advance(1)
      const key = keyOf(appId)
      await kit().register(key, token ? { token: unique('t') } : {})
      names.unshift(key.externalId)
    }
    return { appId, names }
  }

  async function walk<T>(
    page: (after: TimePlace | null) => Promise<Page<T>>,
    between: (turn: number, seen: readonly T[]) => Promise<void>,
  ): Promise<T[]> {
    const seen: T[] = []
    let cursor: TimePlace | null = null
    for (let turn = 0; ; turn++) {
      const { items, next }: Page<T> = await page(cursor)
      seen.push(...items)
      if (!next) return seen
      cursor = next
      await between(turn, seen)
    }
  }

  describe('paging', () => {
    test.each([1, 2, 5, 11, 12, 100])('shows every device once, newest first, %i a page', async (limit) => {
      const { appId, names } = await filled(11, false)
      const list = (after: TimePlace | null) => kit().store.directory.devices(appId, {}, { after, limit })
      const seen = await walk(list, async () => {})
      expect(seen.map((one) => one.externalId)).toEqual(names)
    })

    test.each([
      ['devices', true],
      ['devices', false],
      ['installations', true],
      ['installations', false],
    ] as const)('of %s (tokens: %s) is stable while rows come and go', async (list, tokens) => {
      const { appId, names } = await filled(12, tokens)
      const deviceOf = (one: object) =>
        ('devices' in one ? (one.devices as object[])[0] : one) as { externalId: string }
      const gone: string[] = []
      const seen = await walk<object>(
        (after) => kit().store.directory[list](appId, {}, { after, limit: 3 }),
        async (turn, shown) => {
          kit().clock.advance(1000)
          await kit().register(keyOf(appId), { token: unique('t') })
          // One that was already shown, starting with the last shown, and one that has not been shown yet.
          const last = deviceOf(shown.at(-1) ?? {}).externalId
          const coming = names[names.length - 1 - turn]
          for (const name of [last, coming ?? '']) {
            gone.push(name)
            await kit().store.devices.remove(keyOf(appId, 'red', name), occasion())
          }
        },
      )
      const shown = seen.map((one) => deviceOf(one).externalId)
      const missing = names.filter((name) => !shown.includes(name))
      expect(new Set(shown).size).toBe(shown.length)
      expect(shown).toEqual(names.filter((name) => shown.includes(name)))
      expect(missing.every((name) => gone.includes(name))).toBe(true)
    })

    test('shows every app once, newest first', async () => {
      const made: string[] = []
      const begun = kit().clock.now
      for (let at = 0; at < 5; at++) {
        if (at % 2 === 0) kit().clock.advance(1)
        made.unshift(await kit().createApp())
      }
      const seen = await walk(
        // Those of other tests follow, however many.
        async (after) => {
          const page = await kit().store.apps.list({ after, limit: 2 })
          return page.items.some(({ createdAt }) => createdAt <= begun) ? { ...page, next: null } : page
        },
        async () => {},
      )
      expect(seen.map((one) => one.id).filter((id) => made.includes(id))).toEqual(made)
    })
  })
}
