import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { WAYS } from '../contract/ways.ts'
import { createWorld, POLICIES, type World } from './kit.ts'
import { createModel, type Model } from './model.ts'
import { type Names, sidesOf, step } from './steps.ts'

/** A run on D1 costs a round trip to another process per step. */
const RUNS = runtimeName === 'better-sqlite3' ? 60 : 10

async function storedTokens(world: World): Promise<Record<string, string>> {
  const { devices = [], push_tokens: tokens = [] } = await world.snapshot()
  const pointedAt = new Set(devices.map((row) => row.push_token_id))
  return Object.fromEntries(
    tokens.map((row) => [
      JSON.stringify(row.digest),
      `${row.state}${pointedAt.has(row.id) ? ', pointed at' : ''}`,
    ]),
  )
}

async function compare(world: World, model: Model): Promise<void> {
  const stored = (await world.devices()).map((one) => ({
    dialect: one.dialect,
    externalId: one.externalId,
    token: one.pushToken?.token ?? null,
    superseded: one.supersededAt !== null,
    user: one.user?.id ?? null,
    topics: one.topics,
  }))
  const expected = model.devices().map((one) => ({ ...one, topics: [...one.topics].toSorted() }))
  const byName = (left: { externalId: string }, right: { externalId: string }) =>
    left.externalId < right.externalId ? -1 : 1
  expect(stored.toSorted(byName)).toEqual(expected.toSorted(byName))
  const states = Object.values(model.tokens()).map((state) =>
    state === 'live' ? 'live, pointed at' : 'gone',
  )
  expect(Object.values(await storedTokens(world)).toSorted()).toEqual(states.toSorted())
}

test.each(Object.entries(WAYS))(
  `calls in any order lead where the rules lead, %s, ${RUNS} times`,
  async (_, way) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (steps) => {
        const [world, model] = [await createWorld({}, undefined, way()), createModel()]
        const names: Names = { green: [], proposed: 0 }
        for (const one of steps) {
          world.h.clock.advance(1000)
          const sides = sidesOf(one, world, names)
          expect(await sides.real(), JSON.stringify(one)).toEqual(sides.expected(model))
        }
        await compare(world, model)
      }),
      { numRuns: RUNS },
    )
  },
  120_000,
)

/** True after any sequence of calls. */
async function checkInvariants(world: World): Promise<void> {
  const { devices = [], push_tokens: tokens = [], subscriptions = [] } = await world.snapshot()
  const pointers = devices.filter((row) => row.push_token_id !== null)
  const pairs = pointers.map((row) => `${row.push_token_id} ${row.dialect}`)
  expect(new Set(pairs).size, 'one device of a dialect on a token').toBe(pairs.length)
  const names = devices.map((row) => `${row.dialect} ${row.external_id}`)
  expect(new Set(names).size, 'one device of an id').toBe(names.length)

  const pointedAt = new Set(pointers.map((row) => row.push_token_id))
  const live = tokens.filter((row) => row.state === 'live').map((row) => row.id)
  expect(new Set(live), 'live tokens are those that are pointed at').toEqual(pointedAt)
  for (const gone of tokens.filter((row) => row.state !== 'live')) {
    expect(gone).toMatchObject({ state: 'gone', token: '', keys: null })
  }
  for (const superseded of devices.filter((row) => row.superseded_at !== null)) {
    expect(superseded.push_token_id).toBeNull()
  }
  const numbers = new Set(devices.map((row) => row.number))
  for (const { device } of subscriptions) expect(numbers.has(device), 'no topic without a device').toBe(true)
  for (const { dialect, topics } of await world.devices()) {
    const limit = POLICIES[dialect as keyof typeof POLICIES].limit
    expect(topics.length).toBeLessThanOrEqual(limit)
  }
}

test.each(Object.entries(WAYS))(
  `calls at once leave nothing that the rules forbid, %s, ${RUNS} times`,
  async (_, way) => {
    const rounds = fc.array(fc.array(step, { minLength: 2, maxLength: 12, size: 'max' }), {
      maxLength: 4,
      size: 'max',
    })
    await fc.assert(
      fc.asyncProperty(rounds, async (batches) => {
        const world = await createWorld({}, undefined, way())
        const names: Names = { green: [], proposed: 0 }
        for (const batch of batches) {
          world.h.clock.advance(1000)
          await Promise.all(batch.map((one) => sidesOf(one, world, names).real()))
          await checkInvariants(world)
        }
      }),
      { numRuns: RUNS },
    )
  },
  120_000,
)
