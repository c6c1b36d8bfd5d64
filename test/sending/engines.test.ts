import { expect, test } from 'vitest'
import { openDb, outsideFetch, runtimeName } from '#runtime'
import type { Db } from '../../src/store/sql/port.ts'
import type { Store } from '../../src/store/store.ts'
import { open, settle } from './kit.ts'

const MINUTE = 60_000
/** workerd makes six requests at a time, and its database is slower. */
const SOME = runtimeName === 'better-sqlite3' ? 300 : 60

async function withPhones(count: number, options: Parameters<typeof open>[0] = {}) {
  const o = await open(options)
  const tokens: string[] = []
  for (let made = 0; made < count; made += 50) {
    const some = await Promise.all(Array.from({ length: Math.min(50, count - made) }, () => o.phone()))
    tokens.push(...some.map(({ token }) => token))
  }
  return { ...o, tokens: tokens.sort() }
}

test('two engines over one database send nothing twice', async () => {
  const o = await withPhones(SOME)
  const id = await o.accept()
  const engines = [1, 2].map(() => o.h.engine({ pace: { page: 20, candidates: 100 } }))
  await Promise.all(engines.map(settle))
  await o.run()
  expect(o.reached().sort()).toEqual(o.tokens)
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: SOME } })
})

// In workerd all files share a database, so other tests' work would be counted.
test.runIf(runtimeName === 'better-sqlite3')('an idle engine begins no transaction', async () => {
  let commits = 0
  // A separate database, because work of other tests would keep it busy.
  const real = await openDb()
  const db = (): Db => ({
    ...real,
    commit(plan, options) {
      commits++
      return real.commit(plan, options)
    },
  })
  const o = await withPhones(1, { db })
  const engine = o.h.engine()
  commits = 0
  expect([await engine.plan(), await engine.begin(() => {}), await engine.deliver()]).toEqual([false, 0, 0])
  expect(commits).toBe(0)
  await o.accept()
  await settle(engine)
  expect(o.reached()).toEqual(o.tokens)
})

/** A store that writes nothing more after its process has ended. */
function mortal(): { died: boolean; store(real: Store): Store } {
  return {
    died: false,
    store(real) {
      const settle: Store['messages']['settle'] = (...settlement) =>
        this.died ? new Promise(() => {}) : real.messages.settle(...settlement)
      return { ...real, messages: { ...real.messages, settle } }
    },
  }
}

test('of an engine that is killed, another one sends the rest after the lease; what repeats is a write and what was in flight', async () => {
  const o = await withPhones(SOME)
  const id = await o.accept()
  const process = mortal()
  const atOnce = 10
  let sent = 0
  const killed = o.h.engine({
    pace: { atOnce },
    store: (real) => process.store(real),
    fetch(...call) {
      if (String(call[0]).endsWith(':send') && ++sent > SOME / 2) process.died = true
      return process.died ? new Promise(() => {}) : outsideFetch(...call)
    },
  })
  while (await killed.plan());
  await killed.begin(() => {})
  while (!process.died) await new Promise((resolve) => setTimeout(resolve, 10))
  await o.run()
  expect(new Set(o.reached()).size).toBeLessThan(SOME)
  o.h.clock.advance(MINUTE)
  await o.run()
  expect([...new Set(o.reached())].sort()).toEqual(o.tokens)
  expect(o.reached().length - SOME).toBeLessThanOrEqual(50 + atOnce)
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: SOME } })
})

test('an engine that is stopped gives its pages back: another one goes on at once, and nothing repeats', async () => {
  const o = await withPhones(SOME)
  await o.accept()
  const engine = o.h.engine({ pace: { atOnce: 5 } })
  await engine.plan()
  await engine.begin(() => {})
  await engine.stop()
  expect(o.reached().length).toBeLessThan(SOME)
  await o.run()
  expect(o.reached().sort()).toEqual(o.tokens)
})

test('a clock that is set back holds up nothing', async () => {
  const o = await withPhones(5)
  o.h.clock.advance(60 * MINUTE)
  await o.accept()
  const process = mortal()
  process.died = true
  const killed = o.h.engine({ store: (real) => process.store(real), fetch: () => new Promise(() => {}) })
  while (await killed.plan());
  await killed.begin(() => {})
  o.h.clock.advance(-60 * MINUTE)
  await o.run()
  expect(o.reached().sort()).toEqual(o.tokens)
})

test('a store that fails while results are written costs at most what was not written', async () => {
  const o = await withPhones(20)
  const id = await o.accept()
  const engine = o.h.engine({
    store: (real) => {
      const settle: Store['messages']['settle'] = () => Promise.reject(new Error('the disk is full'))
      return { ...real, messages: { ...real.messages, settle } }
    },
  })
  await engine.plan()
  await expect(engine.deliver()).rejects.toThrow('the disk is full')
  o.h.clock.advance(MINUTE)
  await o.run()
  expect([...new Set(o.reached())].sort()).toEqual(o.tokens)
  expect(await o.report(id)).toMatchObject({ state: 'done' })
})

// As above.
test.runIf(runtimeName === 'better-sqlite3')(
  'the statements of a page are as many for four times the phones',
  async () => {
    const statements = async (phones: number) => {
      let counted = 0
      const db = (real: Db): Db => ({
        ...real,
        read: (plan) => {
          counted += plan.length
          return real.read(plan)
        },
        commit: (plan, options) => {
          counted += plan.length
          return real.commit(plan, options)
        },
      })
      const o = await withPhones(phones, { db })
      const id = await o.accept()
      const engine = o.h.engine()
      counted = 0
      const begun = performance.now()
      await settle(engine)
      const spent = counted
      // Each second, the results of a lane's two pages are written, so that a crash repeats little.
      const seconds = Math.ceil((performance.now() - begun) / 1000)
      expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: phones } })
      // Independent of the page: results are written every 50 phones, by a few statements.
      return { each: (spent * 50) / phones, spent, most: phones / 50 + seconds * 2 }
    }
    const [few, many] = [await statements(500), await statements(2000)]
    expect(many.spent).toBeLessThanOrEqual(few.each * many.most)
  },
)
