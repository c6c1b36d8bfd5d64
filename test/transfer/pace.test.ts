import { expect, test } from 'vitest'
import { ownPace } from '../../src/transfer/import/pace.ts'
import { createOffice, fcm } from './kit.ts'

/**
 * Steps of an import on the test's clock, with so many calls in each millisecond; a row takes a tenth of one.
 */
async function simulated(rate: number, steps: number) {
  let clock = 0
  const rests: number[] = []
  const pace = ownPace({
    served: () => Math.floor(clock * rate),
    async wait(milliseconds) {
      rests.push(milliseconds)
      clock += milliseconds
    },
  })
  const rows: number[] = []
  let worked = 0
  for (let step = 0; step < steps; step++) {
    rows.push(pace.rows())
    const took = pace.rows() / 10
    worked += took
    clock += took
    await pace.rest(took)
  }
  return { rows, rests, share: worked / clock }
}

test('without live calls an import never rests, and its steps are large after the first one', async () => {
  expect(await simulated(0, 4)).toEqual({ rows: [100, 500, 500, 500], rests: [0, 0, 0, 0], share: 1 })
})

test.each([
  ['a call every second, as whoever watches the progress makes', 0.001, 0.9, 1],
  ['ten calls a second', 0.01, 0.9, 1],
  ['500 calls a second', 0.5, 0, 0.08],
  ['2,000 calls a second', 2, 0, 0.08],
])('beside %s an import takes as much of the time as they leave', async (_, rate, least, most) => {
  const { share, rows } = await simulated(rate, 200)
  expect(share).toBeGreaterThan(least)
  expect(share).toBeLessThanOrEqual(most)
  expect(new Set(rows.slice(-2))).toEqual(new Set([most === 1 ? 500 : 100]))
})

test('when calls stop, the steps are large again after one rest', async () => {
  let calls = 0
  const rests: number[] = []
  const pace = ownPace({ served: () => calls, wait: async (milliseconds) => void rests.push(milliseconds) })
  calls = 1000
  await pace.rest(10)
  expect([pace.rows(), rests]).toEqual([100, [140]])
  await pace.rest(10)
  expect([pace.rows(), rests]).toEqual([500, [140, 0]])
})

test.each([
  ['in one turn', 60_000],
  ['where each step is a turn of its own', 0],
])('an import rests after every step, %s', async (_, milliseconds) => {
  const office = await createOffice({ pushwoosh: {} })
  const file = Array.from({ length: 5 }, (__, n) =>
    JSON.stringify({
      ...{ dialect: 'pushwoosh', externalId: `phone ${n}`, platform: 'android', token: fcm(`pace${n}x`) },
    }),
  ).join('\n')
  let rests = 0
  const rest = async () => void rests++
  const { outcomes } = await office.import('format=ndjson', file, { rows: 2, milliseconds, rest })
  expect(outcomes).toMatchObject({ created: 5 })
  expect(rests).toBe(3)
})

test.each([
  ['a few get the time that they need', 40, 2, 10, 500],
  ['many get fourteen times the duration of a step', 40, 500, 560, 100],
  ['a rest ends after a second', 400, 5000, 1000, 100],
])('of the calls during a step, %s', async (_, took, calls, rest, rows) => {
  let served = 7
  const rests: number[] = []
  const pace = ownPace({ served: () => served, wait: async (milliseconds) => void rests.push(milliseconds) })
  served += calls
  await pace.rest(took)
  expect([rests, pace.rows()]).toEqual([[rest], rows])
})
