import { describe, expect, test } from 'vitest'
import type { SealedKey, SealedValue } from '../../src/store/store.ts'
import { type StoreKit, unique } from './kit.ts'

const FIRST: SealedKey = ['', '', '']

export function vaultContract(kit: () => StoreKit): void {
  const vault = () => kit().store.vault
  const later = (ms: number) => new Date(kit().clock.now.getTime() + ms)
  const claim = (lease: string) =>
    vault().claim({ lease, until: later(60_000), horizon: later(120_000), limit: 1 }, kit().clock.now)
  async function all(column: string) {
    const found: SealedValue[] = []
    for (let after = FIRST; ; ) {
      const page = await vault().page(column, after, 2)
      found.push(...page)
      const last = page.at(-1)
      if (!last) return found
      after = last.key
    }
  }

  describe('what belongs to the master key', () => {
    test('the key of keyed hashes is kept once', async () => {
      await vault().keepMarks('first', kit().clock.now)
      const kept = await vault().marks()
      await vault().keepMarks('second', kit().clock.now)
      expect(await vault().marks()).toBe(kept)
    })

    test('a change of it is begun once for a key, worked on by one, and goes on where it stopped', async () => {
      const mark = unique('mark')
      const ids = [await kit().createApp(), await kit().createApp(), await kit().createApp()]
      expect(await vault().begin(mark, false, kit().clock.now)).toMatchObject({ state: 'running', done: 0 })
      const [mine] = await claim('one')
      expect(mine).toMatchObject({ mark, place: { columns: 0, after: FIRST } })
      expect(await claim('two')).toEqual([])
      const values = (await all('apps')).filter(({ appId }) => ids.includes(appId))
      expect(values).toHaveLength(3)
      const place = { columns: 1, after: ['a', '', ''] as const }
      const running = { place, state: 'running', resealed: 1, failed: 0, finishedAt: null } as const
      const resealing = {
        column: 'apps',
        values: values.map(({ key, sealed }, at) => ({
          ...{ key, fresh: 'fresh' },
          stale: at === 0 ? 'another' : sealed,
        })),
      }
      await vault().settle('one', resealing, { ...running, done: 3 })
      const after = (await all('apps')).filter(({ appId }) => ids.includes(appId))
      expect(after.map(({ sealed }) => sealed)).toEqual([values[0]?.sealed, 'fresh', 'fresh'])
      // Started again for the same key, it keeps its position.
      expect(await vault().begin(mark, false, kit().clock.now)).toMatchObject({ place, done: 3 })
      expect(await claim('two')).toMatchObject([{ place, done: 3 }])
      kit().clock.advance(61_000)
      expect(await claim('three')).toHaveLength(1)
      const nothing = { column: 'apps', values: [] }
      const over = { ...running, done: 4, state: 'completed', finishedAt: kit().clock.now } as const
      await vault().settle('two', nothing, { ...over, done: 9 })
      expect(await vault().rotation()).toMatchObject({ state: 'running', done: 3 })
      await vault().settle('three', nothing, over)
      expect(await vault().rotation()).toMatchObject({ state: 'completed', done: 4 })
      expect(await claim('four')).toEqual([])
      expect(await vault().begin(mark, true, kit().clock.now)).toMatchObject({ state: 'running', done: 0 })
    })
  })
}
