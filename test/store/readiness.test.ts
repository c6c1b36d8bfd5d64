import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/domain/error.ts'
import { createReadiness } from '../../src/store/sqlite/readiness.ts'

function store() {
  let now = 1_000_000
  let writes = 0
  let error: Error | undefined
  const readiness = createReadiness(
    async () => {
      writes++
      await Promise.resolve()
      if (error) throw error
    },
    () => now,
  )
  return {
    ...readiness,
    wait: (ms: number) => {
      now += ms
    },
    fails: (with_: Error | undefined) => {
      error = with_
    },
    get writes() {
      return writes
    },
  }
}
const full = () => new StoreUnavailable('database or disk is full: SQLITE_FULL')
const FULL = 'The database cannot be used: SQLITE_FULL.'

test('however often it is asked, a write is made once in five seconds (hostile F13)', async () => {
  const s = store()
  for (let second = 0; second < 20; second++) {
    expect(await Promise.all(Array.from({ length: 50 }, () => s.fault()))).toEqual(Array(50).fill(null))
    s.wait(1000)
  }
  expect(s.writes).toBe(4)
})

test('a write that fails is told, and forgotten a moment after it goes well again (hostile F13)', async () => {
  const s = store()
  s.fails(full())
  expect(await s.fault()).toBe(FULL)
  s.fails(undefined)
  expect(await s.fault()).toBe(FULL)
  s.wait(5000)
  expect(await s.fault()).toBeNull()
})

test('what other calls met counts, also where the one row of the probe finds room', async () => {
  const s = store()
  for (let at = 0; at < 10; at++) {
    s.noted(full())
    s.wait(3000)
    expect(await s.fault()).toBe(FULL)
  }
  s.wait(5000)
  expect(await s.fault()).toBeNull()
})

test('a call that fails while the probe is written is not forgotten', async () => {
  const s = store()
  const asked = s.fault()
  s.noted(full())
  expect(await asked).toBe(FULL)
})

test('broken pages are told for minutes, since only some calls meet them', async () => {
  const s = store()
  s.noted(new StoreUnavailable('database disk image is malformed: SQLITE_CORRUPT'))
  s.wait(60_000)
  expect(await s.fault()).toMatch(/^Pages of the database are damaged \(SQLITE_CORRUPT\)/)
  s.wait(300_000)
  expect(await s.fault()).toBeNull()
})

test('a refused row and a fault of ours say nothing about the database', async () => {
  const s = store()
  s.noted(new Error('UNIQUE constraint failed'))
  expect(await s.fault()).toBeNull()
  s.fails(new TypeError('a bug'))
  s.wait(5000)
  await expect(s.fault()).rejects.toThrow('a bug')
})

test('a clock that is put back does not freeze the answer', async () => {
  const s = store()
  expect(await s.fault()).toBeNull()
  s.wait(-86_400_000)
  s.fails(full())
  expect(await s.fault()).toBe(FULL)
})
