import { describe, expect, test } from 'vitest'
import { chart } from '../../simulator/chart.ts'
import { DIALECTS } from '../../simulator/dialects.ts'
import { estimate } from '../../simulator/estimates.ts'
import { compared, Ledger } from '../../simulator/ledger.ts'
import { tellMigration } from '../../simulator/story.ts'
import { World } from '../../simulator/world.ts'

const DIALECT_NAMES = DIALECTS.map(({ script }) => script.dialect)
const IN_MEMORY = { file: ':memory:', threaded: false, sockets: false } as const
/** Ten complete stories, on a machine that is busy with other tests. */
const TEN = { timeout: 600_000 }
const NOTHING_WRONG = { lost: [], doubled: [], strange: [] }

describe('a fleet of phones whose apps move to the gateway', () => {
  test.each([
    { seed: 1, phones: 600, moves: 'host name' },
    { seed: 2, phones: 600, moves: 'release' },
  ] as const)(
    '9.2, 9.5: seed $seed: local, forward, record, import, shadow and local lose nothing and double nothing (by $moves)',
    async (chosen) => {
      const said: string[] = []
      const { world, gateway, vendors, readiness, starts, again } = await tellMigration({
        ...{ ...chosen, ...IN_MEMORY, dialects: DIALECT_NAMES, habits: 'mixed', port: null },
        start: '2026-09-07T00:00:00.000Z',
        schedule: { before: 20, forward: 1, record: [4, 1, 5], shadow: 3, local: 2 },
        say: (line) => said.push(line),
      })
      await world.close()
      expect(gateway).toMatchObject(NOTHING_WRONG)
      expect(gateway.found).toBe(gateway.expected)
      // Until `local`, going back loses nothing.
      expect(vendors).toMatchObject(NOTHING_WRONG)
      expect(vendors.found).toBeGreaterThan(300)
      // A fleet without known data, or without starts that were delayed while the vendors were down, would
      // prove nothing.
      expect(gateway.found).toBeGreaterThan(300)
      expect(starts).toBeGreaterThan(500)
      expect(again).toBeGreaterThan(10)
      expect(readiness.map(({ dialect }) => dialect)).toEqual(DIALECT_NAMES)
      const modes = said.filter((line) => line.startsWith('── ')).map((line) => line.split(' ── ').at(-1))
      expect(modes.slice(1)).toEqual(['forward', 'record', 'shadow', 'local'])
    },
  )

  test.each(['pushwoosh', 'backendless'])(
    '9.5: nothing is wrong behind starts of %s that broke off in the middle, whatever their people did next',
    async (dialect) => {
      const world = await World.open({
        ...{ ...IN_MEMORY, phones: 150, seed: 3, habits: 'even', moves: 'host name', dialects: [dialect] },
        start: '2026-09-07T00:00:00.000Z',
      })
      let [again, wrong] = [0, NOTHING_WRONG as object]
      try {
        await world.before(8)
        await world.mode('record')
        world.services.set('unsteady')
        await world.days(6, (day) => {
          again += day.again
        })
        world.services.set('well')
        await world.days(12)
        wrong = await world.compareGateway()
      } finally {
        await world.close()
      }
      expect(wrong).toMatchObject(NOTHING_WRONG)
      expect(again).toBeGreaterThan(10)
    },
  )

  test(
    '9.7: in 9 of 10 seeds, the day on which a share has called is within the interval of the estimate',
    TEN,
    async () => {
      const seeds = Array.from({ length: 10 }, (_, at) => at + 1)
      const all = []
      for (const seed of seeds) all.push(await estimate({ seed, phones: 300, share: 0.8, ...IN_MEMORY }))
      expect(all.filter(({ within }) => !within).length, JSON.stringify(all, null, 1)).toBeLessThan(2)
    },
  )
})

describe('what is held against what was told', () => {
  const told = { token: 't1', user: 'anna', topics: ['news'], tags: { Level: 1 } }
  const ledger = () => {
    const made = new Ledger()
    made.tell('red a', told)
    return made
  }

  test.each([
    ['nothing wrong', [{ ...told, key: 'red a' }], NOTHING_WRONG],
    ['a device that is missing', [], { lost: ['red a is missing'] }],
    ['another user', [{ ...told, key: 'red a', user: null }], { lost: ['red a: user null instead of anna'] }],
    ['other topics', [{ ...told, key: 'red a', topics: [] }], { lost: ['red a: topics  instead of news'] }],
    [
      'another tag',
      [{ ...told, key: 'red a', tags: {} }],
      { lost: ['red a: tag Level is undefined instead of 1'] },
    ],
    ['another token', [{ ...told, key: 'red a', token: 't2' }], { lost: ['red a: token t2 instead of t1'] }],
    [
      'a device that is there twice',
      [
        { ...told, key: 'red a' },
        { ...told, key: 'red a' },
      ],
      {
        doubled: ['red a is there twice', 'red a has a token that another device has, too'],
        strange: ['red a should be gone'],
      },
    ],
    [
      'a device that nobody told of',
      [
        { ...told, key: 'red a' },
        { ...told, key: 'red b', token: 't2' },
      ],
      { strange: ['red b was never told of'] },
    ],
  ])('%s is seen', async (_, found, faults) => {
    expect(await compared(ledger(), found)).toMatchObject({ ...NOTHING_WRONG, ...faults })
  })

  test('what a start that broke off has told is not judged until the phone succeeds', async () => {
    const made = ledger()
    made.unsettle(['red a', 'red b'], 't2')
    const other = { ...told, key: 'red a', user: null, token: 't2' }
    for (const found of [[], [other], [{ ...told, key: 'red b', token: 't2' }]])
      expect(await compared(made, found)).toMatchObject(NOTHING_WRONG)
    made.tell('red a', told)
    expect(await compared(made, [other])).toMatchObject({
      lost: expect.arrayContaining(['red a: user null instead of anna']),
    })
  })

  test('a device whose token another one has got since may be without, or gone', async () => {
    const made = ledger()
    made.tell('red b', told)
    const newer = { ...told, key: 'red b' }
    expect(await compared(made, [newer, { ...told, key: 'red a', token: null }])).toMatchObject(NOTHING_WRONG)
    expect(await compared(made, [newer])).toMatchObject(NOTHING_WRONG)
    expect(await compared(made, [{ ...told, key: 'red a' }])).toMatchObject({ lost: ['red b is missing'] })
  })
})

test('a curve is drawn with its days, and with a line at its target', () => {
  const points = Array.from({ length: 30 }, (_, at) => ({ date: `day-${at + 1}`, share: (at + 1) / 30 }))
  const lines = chart(points, 0.9)
  expect(lines).toHaveLength(14)
  expect(lines[1]).toMatch(/^ *90 % │·{25}[▁▂▃▄▅▆▇█]{5}$/)
  expect(lines.at(-1)).toMatch(/^ *day-1 +day-30$/)
})
