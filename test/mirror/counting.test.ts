import { describe, expect, test } from 'vitest'
import { mirrorOf } from '../../src/domain/mirror.ts'
import { createMirrorCounts } from '../../src/gateway/mirror-counts.ts'
import type { MirrorCount, Store } from '../../src/store/store.ts'
import { mirrorHarness, setMirror } from './kit.ts'
import { countsOf } from './record-kit.ts'

describe.each([
  ['counts in memory first', true],
  ['writes each count', false],
])('a gateway that %s', (_, gathers) => {
  /** A gateway whose counts fail to be written as often as requested, and a mirror of it. */
  async function mirrored() {
    const line = { broken: 0 }
    const store = (real: Store): Store => ({
      ...real,
      mirrors: {
        ...real.mirrors,
        async count(counts) {
          if (line.broken-- > 0) throw new Error('away')
          await real.mirrors.count(counts)
        },
      },
    })
    const h = await mirrorHarness({ dialect: 'pushwoosh', store, gathers })
    const app = await h.createApp({ pushwoosh: {} })
    const set = { mode: 'shadow', upstream: 'http://127.0.0.1:9', learn: false }
    expect((await setMirror(h, app, 'pushwoosh', set)).status).toBe(200)
    const found = await h.gateway.apps.find('pushwoosh', String(app.dialects.pushwoosh?.applicationCode))
    const since = new Date((found && mirrorOf(found)?.since) ?? 0)
    const of = { appId: app.id, dialect: 'pushwoosh', since, route: '/json/1.3/getTags', hour: 1 }
    const count = (name: string, amount: number) => h.gateway.mirrors.count([{ ...of, name, amount }])
    return { h, app, line, count }
  }

  test('adds what could not be written with the next write', async () => {
    const { h, app, line, count } = await mirrored()
    line.broken = 2
    for (const amount of [2, 3]) {
      await count('sent', amount).catch(() => {})
      await h.gateway.mirrors.write().catch(() => {})
    }
    line.broken = 0
    await count('sent', 1)
    await count('requests', 1)
    expect(await countsOf({ h, app })).toEqual({ sent: 6, requests: 1 })
    await h.gateway.mirrors.write()
    expect(await countsOf({ h, app })).toEqual({ sent: 6, requests: 1 })
  })
})

describe('counts that cannot be written', () => {
  const of = (at: number): MirrorCount => ({
    ...{ appId: 'a', dialect: 'red', since: new Date(1), route: '/', hour: 1, name: String(at), amount: 1 },
  })

  /**
   * The counts written in the end, after so many rows could not be written, and how often that was attempted.
   */
  async function written(rows: number) {
    const pieces: (readonly MirrorCount[])[] = []
    let [fails, tries] = [true, 0]
    const counts = createMirrorCounts(async (all) => {
      tries++
      if (fails) throw new Error('away')
      pieces.push(all)
    })
    for (let at = 0; at < rows; at += 500)
      await counts.add(Array.from({ length: 500 }, (_, next) => of(at + next))).catch(() => {})
    await expect(counts.write()).rejects.toThrow('away')
    await counts.add([of(0)])
    const tried = tries
    fails = false
    await counts.write()
    const all = pieces.flat()
    return {
      tried,
      rows: all.length,
      largest: Math.max(...pieces.map((piece) => piece.length)),
      first: all.find(({ name }) => name === '0')?.amount,
    }
  }

  test('wait up to a bound, are written in pieces, and cost four times as many calls no more tries', async () => {
    const most = { tried: 2, rows: 10_000, largest: 1000, first: 2 }
    expect(await written(2500)).toEqual({ tried: 1, rows: 2500, largest: 1000, first: 2 })
    expect(await written(20_000)).toEqual(most)
    expect(await written(80_000)).toEqual(most)
  })
})
