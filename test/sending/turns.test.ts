import { expect, test } from 'vitest'
import { createTurns, pause } from '../../src/sending/turns.ts'
import type { Store } from '../../src/store/store.ts'
import { open, settle } from './kit.ts'

test('a step of planning reads a few devices at a time, and others have their turn in between', async () => {
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
  const engine = o.h.engine({ store, pace: { candidates: 20, look: 10 } })
  await engine.plan()
  expect(happened.slice(0, 4)).toEqual(['read 10', 'others', 'read 10', 'write'])
  await settle(engine)
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 25 } })
})

test('in one turn only so many requests begin, however many pages ask', async () => {
  const turn = createTurns()
  const begun = () => {
    let count = 0
    while (turn() === undefined) count++
    return count
  }
  const [first, again] = [begun(), begun()]
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThanOrEqual(8)
  expect(again).toBe(0)
  await turn()
  expect(begun()).toBeGreaterThan(0)
})
