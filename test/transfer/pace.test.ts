import { expect, test } from 'vitest'
import { ownPace } from '../../src/transfer/import/pace.ts'

/** Makes steps, of which each takes so long while so many calls come; returns the pauses and the sizes of the next steps. */
async function paced(steps: readonly { readonly took: number; readonly calls: number }[]) {
  let served = 7
  const pauses: number[] = []
  const sizes: number[] = []
  const pace = ownPace({ served: () => served, wait: async (milliseconds) => void pauses.push(milliseconds) })
  for (const { took, calls } of steps) {
    served += calls
    await pace.rest(took)
    sizes.push(pace.rows())
  }
  return { pauses, sizes }
}

test.each([
  { what: 'without live calls it goes on at once, in large steps', took: 40, calls: 0, pause: 0, rows: 500 },
  { what: 'a few calls take the time that they need', took: 40, calls: 2, pause: 10, rows: 500 },
  {
    what: 'many get fourteen times the duration of a step, of few rows',
    took: 40,
    calls: 500,
    pause: 560,
    rows: 100,
  },
  { what: 'a pause ends after a second', took: 400, calls: 5000, pause: 1000, rows: 100 },
])('an import beside live calls: $what', async ({ took, calls, pause, rows }) => {
  expect(await paced([{ took, calls }])).toEqual({ pauses: [pause], sizes: [rows] })
})

test('an import goes on fast when live calls have ended', async () => {
  const quiet = { took: 40, calls: 0 }
  expect(await paced([{ took: 40, calls: 500 }, quiet, quiet])).toEqual({
    pauses: [560, 0, 0],
    sizes: [100, 500, 500],
  })
})
