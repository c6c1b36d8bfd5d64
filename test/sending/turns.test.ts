import { expect, test } from 'vitest'
import { createTurns, pause, rest } from '../../src/sending/turns.ts'
import type { Store } from '../../src/store/store.ts'
import { open, settle } from './kit.ts'

test.each([
  { written: 20, happens: ['read 10', 'others', 'read 10', 'write'] },
  // The next devices are read while the store writes.
  { written: 10, happens: ['read 10', 'write', 'others', 'read 10', 'write'] },
])(
  'planning reads a few devices at a time, and others have their turn in between: $written in a commit',
  async ({ written, happens }) => {
    const o = await open()
    for (let phone = 0; phone < 25; phone++) await o.phone()
    const id = await o.accept()
    const happened: string[] = []
    const store = (real: Store): Store => ({
      ...real,
      messages: {
        ...real.messages,
        async candidates(search) {
          const found = await real.messages.candidates(search)
          happened.push(`read ${found.candidates.length}`)
          // Work that is already waiting when a read ends.
          void pause().then(() => happened.push('others'))
          return found
        },
        advance(step, now) {
          happened.push('write')
          return real.messages.advance(step, now)
        },
      },
    })
    const engine = o.h.engine({ store, pace: { candidates: 20, written, look: 10 } })
    await engine.plan()
    expect(happened.slice(0, happens.length)).toEqual(happens)
    await settle(engine)
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 25 } })
  },
)

/** A clock that stands still within a turn, as workerd's does. */
const still = () => 0

/** How many requests a page may begin before it has to wait. */
const begunBy = (turn: () => Promise<void> | undefined) => {
  let count = 0
  while (turn() === undefined) count++
  return count
}

test('in one turn only so many requests begin, however many pages ask', async () => {
  const turn = createTurns(() => false, still)({})
  expect([begunBy(turn), begunBy(turn)]).toEqual([8, 0])
  await turn()
  expect(begunBy(turn)).toBe(7)
})

test('a turn begins no more requests once it has taken its share of the time', async () => {
  let now = 0
  const turn = createTurns(
    () => false,
    () => now,
  )({})
  expect(turn()).toBeUndefined()
  now += 0.9
  expect(turn()).toBeUndefined()
  now += 0.1
  expect(begunBy(turn)).toBe(0)
  await turn()
  expect(turn()).toBeUndefined()
})

test('lanes that wait take turns, one request each; of a lane’s pages one goes first', async () => {
  const turns = createTurns(() => false)
  const begun: string[] = []
  const lanes = { a: {}, b: {}, c: {} }
  const page = async (lane: keyof typeof lanes, number: number) => {
    const turn = turns(lanes[lane])
    for (let request = 0; request < 20; request++) {
      const later = turn()
      if (later) await later
      begun.push(`${lane}${number}`)
    }
  }
  await Promise.all([page('a', 1), page('a', 2), page('b', 1), page('c', 1)])
  expect(begun).toHaveLength(80)
  // The first page may fill a turn before the others ask.
  expect(new Set(begun.slice(8, 14))).toEqual(new Set(['a1', 'b1', 'c1']))
  expect(begun.lastIndexOf('a1')).toBeLessThan(begun.indexOf('a2'))
})

test('while live calls wait, one request begins at a time, and the event loop is free in between', async () => {
  let live = true
  const turn = createTurns(() => live, still)({})
  await turn()
  expect(begunBy(turn)).toBe(0)
  const since = performance.now()
  for (let request = 0; request < 5; request++) await turn()
  // Five turns, each a millisecond after the one before; a timer may be early by a part of one.
  expect(performance.now() - since).toBeGreaterThan(3)
  live = false
  // The rest of the present turn, in which one request began.
  expect(begunBy(turn)).toBe(7)
})

test('between two reads the planner rests while live calls wait, and not for longer than a few reads take', async () => {
  let calls = 3
  const turns = () => calls-- > 0
  await rest(1000, turns)
  expect(calls).toBe(-1)
  const since = performance.now()
  await rest(5, () => true)
  expect(performance.now() - since).toBeLessThan(500)
})
