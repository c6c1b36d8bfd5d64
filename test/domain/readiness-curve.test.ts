import { describe, expect, test } from 'vitest'
import type { Days } from '../../src/domain/readiness.ts'
import { type Cohort, curveOf, dayOf, estimateOf } from '../../src/domain/readiness-curve.ts'

const AT = new Date('2026-11-29T12:00:00.000Z')
const TODAY = dayOf(AT)
/** The given numbers of first calls on each of the days before today, the last one yesterday. */
const lately = (...seen: number[]): Days => seen.map((n, at) => [TODAY - seen.length + at, n] as const)
const cohort = (active: number, days: Days, more: Partial<Cohort> = {}): Cohort => ({
  ...{ active, days, at: AT, since: new Date('2026-11-01T00:00:00.000Z') },
  ...more,
})

describe('the curve', () => {
  test('is cumulative, has every day from the first to today, and shares of the active devices', () => {
    const since = new Date('2026-11-26T10:00:00.000Z')
    const days: Days = [
      [TODAY - 3, 2],
      [TODAY - 1, 1],
    ]
    expect(curveOf(cohort(4, days, { since }))).toEqual([
      { date: '2026-11-26', seen: 2, share: 0.5 },
      { date: '2026-11-27', seen: 2, share: 0.5 },
      { date: '2026-11-28', seen: 3, share: 0.75 },
      { date: '2026-11-29', seen: 3, share: 0.75 },
    ])
  })

  test('has 400 points at most: the last ones, which begin at what was seen before', () => {
    const since = new Date('2020-01-01T00:00:00.000Z')
    const curve = curveOf(cohort(10, [[TODAY - 1000, 4]], { since }))
    expect(curve).toHaveLength(400)
    expect([curve[0], curve.at(-1)]).toMatchObject([{ seen: 4 }, { seen: 4, date: '2026-11-29' }])
  })

  test.each([
    ['without devices', cohort(0, [])],
    ['that has yet to begin', cohort(5, [], { since: new Date('2027-01-01T00:00:00.000Z') })],
  ])('%s has no share', (_, of) => {
    expect(curveOf(of).every(({ share }) => share === 0)).toBe(true)
  })
})

describe('the estimate', () => {
  test('is that of section 7, by hand: 700 first calls in a week of 10,000', () => {
    const of = cohort(10_000, lately(100, 100, 100, 100, 100, 100, 100))
    const { hazard, targets } = estimateOf(of, [0.95])
    // Unseen at the start of each day: 10,000, 9,900 … 9,400.
    expect(hazard).toBeCloseTo(700 / 67_900, 12)
    // ln(0.05 / 0.93) / ln(1 - 0.010309…) = 282.06; with 700 ± 52.9 first calls 261.8 and 305.7.
    const days = (n: number) => new Date((TODAY + n) * 86_400_000).toISOString().slice(0, 10)
    expect(targets).toEqual([{ share: 0.95, date: days(283), earliest: days(263), latest: days(306) }])
  })

  test.each([
    ['no active devices', cohort(0, []), 'no_devices'],
    [
      'six whole days',
      cohort(100, lately(9, 9, 9, 9, 9, 9), { since: new Date('2026-11-22T00:00:01.000Z') }),
      'too_few_days',
    ],
    ['19 first calls in the week', cohort(1000, lately(19, 0, 0, 0, 0, 0, 0)), 'too_few_events'],
    ['less than a thousandth a day', cohort(100_000, lately(10, 10, 10, 10, 10, 10, 10)), 'plateau'],
  ])('has a reason in place of a date with %s', (_, of, reason) => {
    expect(estimateOf(of, [0.99]).targets).toEqual([{ share: 0.99, date: null, reason }])
  })

  test('says when a share was reached, whatever there is to expect', () => {
    const of = cohort(10, [
      [TODAY - 20, 8],
      [TODAY - 5, 1],
    ])
    expect(estimateOf(of, [0.8, 0.9, 0.99]).targets).toEqual([
      { share: 0.8, reachedAt: '2026-11-09', date: '2026-11-09' },
      { share: 0.9, reachedAt: '2026-11-24', date: '2026-11-24' },
      { share: 0.99, date: null, reason: 'too_few_events' },
    ])
  })

  test.each([
    ['as many as the week before', [70, 70], false],
    ['half as many', [70, 35], true],
  ] as const)('knows a falling hazard: %s', (_, [last, recent], falling) => {
    const days = lately(...Array(7).fill(last), ...Array(7).fill(recent))
    expect(estimateOf(cohort(100_000, days), [0.9]).falling).toBe(falling)
  })

  test('covers what comes with a constant hazard: nine of ten seeds lie in their interval', () => {
    const hits = Array.from({ length: 10 }, (_, seed) => {
      const random = generator(seed + 1)
      const active = 20_000
      const hazard = 0.05
      const seen: [number, number][] = []
      let unseen = active
      for (let day = 0; unseen > active * 0.05; day++) {
        const today = Array.from({ length: unseen }).filter(() => random() < hazard).length
        seen.push([TODAY - 14 + day, today])
        unseen -= today
      }
      const reached = (seen.at(-1)?.[0] ?? 0) - TODAY
      const known = seen.filter(([day]) => day < TODAY)
      const [target] = estimateOf(cohort(active, known), [0.95]).targets
      const [earliest, latest] = [target?.earliest, target?.latest].map(
        (date) => dayOf(new Date(date ?? 0)) - TODAY,
      )
      // A day's share is reached within it.
      return reached >= (earliest ?? 0) - 1 && reached <= (latest ?? 0)
    })
    expect(hits.filter((hit) => hit).length).toBeGreaterThanOrEqual(9)
  })
})

/** Mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
