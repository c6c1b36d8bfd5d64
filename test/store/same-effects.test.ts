import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { openDb, runtimeName } from '#runtime'
import type { DeviceKey } from '../../src/domain/device.ts'
import type { TagChange } from '../../src/domain/tag.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import type { Occasion, RegistrationDraft, Store } from '../../src/store/store.ts'
import {
  appDraft,
  createKit,
  dialectDraft,
  keyOf,
  POLICY,
  type StoreKit,
  tokenDraft,
  unique,
} from '../contract/kit.ts'
import { byFullPlan, WAYS } from '../contract/ways.ts'
import { anonymous, dump } from './dump.ts'

const RUNS = runtimeName === 'better-sqlite3' ? 100 : 5
const DIALECTS = ['red', 'blue'] as const
const HOUR = 3_600_000
const BEGIN = new Date('2026-11-25T12:00:00.000Z')
const EVENTS = ['deviceRegistered', 'deviceUpdated', 'deviceUnregistered'] as const

/** A value one time in some, otherwise nothing. */
const rarely = <T>(of: fc.Arbitrary<T>, times = 4) =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, of)
const name = fc.constantFrom('a', 'b')
const user = fc.record({ id: fc.constantFrom('alice', 'bob'), proved: fc.boolean() })
const typed = fc.constantFrom({ type: 'text', value: 'x' }, { type: 'number', value: 1.5 })
const tag: fc.Arbitrary<TagChange> = fc.oneof(
  fc.record({ name, do: fc.constant('remove' as const) }),
  fc.record({
    name,
    do: fc.constantFrom('set' as const, 'default' as const),
    as: fc.array(typed, { minLength: 1, maxLength: 2 }),
    stamped: fc.boolean(),
    fixed: fc.boolean(),
  }),
  fc.record({
    name,
    do: fc.constant('increment' as const),
    as: fc.constant([{ type: 'number', value: 2 }]),
  }),
  fc.record({
    name,
    do: fc.constantFrom('append' as const, 'subtract' as const),
    as: fc.constant([{ type: 'list', value: ['x', 'y'] }]),
  }),
)
const patch = fc.record({
  user: rarely(fc.option(user), 2),
  ifNone: rarely(fc.record({ user, language: fc.constantFrom('de', 'fr') })),
  enabled: rarely(fc.boolean()),
  /** From now on, in milliseconds. */
  expiresIn: rarely(fc.constantFrom(-1, 0, 1, HOUR, null)),
  name: rarely(fc.constantFrom('phone', null)),
  model: rarely(fc.constantFrom('one', null)),
  language: rarely(fc.constantFrom('en', null)),
  details: rarely(fc.constantFrom({}, { a: 1.5, platformName: 'X' }, { a: null, 'ü"': [{}, 'x'] })),
})
const registration = fc.record({
  do: fc.constant('register' as const),
  dialect: fc.constantFrom(...DIALECTS),
  identity: fc.constantFrom('key' as const, 'key' as const, 'token' as const),
  id: fc.nat({ max: 2 }),
  token: fc.option(fc.nat({ max: 3 }), { freq: 6, nil: undefined }),
  provider: fc.constantFrom('fcm' as const, 'hms' as const),
  environment: fc.constantFrom('unknown' as const, 'sandbox' as const),
  existing: fc.constantFrom(false, false, true),
  superseded: fc.boolean(),
  holding: fc.constantFrom(false, false, false, true),
  platform: fc.constantFrom('ios' as const, 'android' as const),
  keepPlatform: fc.boolean(),
  patch,
  topics: fc.option(
    fc.record({
      names: fc.array(fc.constantFrom('t', 'u', 'v', 'auto'), { maxLength: 5 }),
      when: fc.constantFrom('always' as const, 'created' as const),
    }),
  ),
  ids: fc.boolean(),
  tags: fc.array(tag, { maxLength: 3 }),
  firstTags: fc.constantFrom([], [{ name: 'a', type: 'text', value: 'first' }]),
  carryOver: fc.boolean(),
  replacesAlike: fc.boolean(),
  announce: fc.boolean(),
  /** The row of the job that it processes, of five. */
  job: rarely(fc.nat({ max: 4 }), 8),
})
const step = fc.oneof(
  { weight: 8, arbitrary: registration },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('remove' as const, 'detach' as const, 'leave' as const, 'return' as const),
      dialect: fc.constantFrom(...DIALECTS),
      id: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('erase' as const), user: fc.constantFrom('alice', 'bob') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), time: fc.constantFrom(0, 1, HOUR, -1) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

let kit: StoreKit
let db: Db
beforeAll(async () => {
  db = await openDb()
  kit = await createKit(async (clock) => sqlStore(db, clock))
})

/**
 * A separate app with webhooks and a waiting job, in which the steps run; returns their answers and the
 * resulting data.
 */
async function outcome(steps: readonly Step[], way: (real: Store) => Store) {
  kit.clock.now = BEGIN
  const store = way(kit.store)
  const identifiers = Object.fromEntries(DIALECTS.map((dialect) => [dialect, unique('identifier')]))
  const setup = (dialect: string) => dialectDraft(dialect, identifiers[dialect])
  const appId = await kit.createApp(appDraft({ dialects: DIALECTS.map(setup) }))
  for (const dialect of DIALECTS) {
    const hook = { id: unique('hook'), name: 'hook', url: 'https://hooks.example', events: EVENTS }
    await store.webhooks.create({ appId, dialect }, hook, kit.clock.now)
  }
  const job = unique('job')
  const items = Array.from({ length: 5 }, (_, at) => ({ label: `${at}`, input: '{"a":1}', reason: null }))
  await store.jobs.create({ id: job, appId, dialect: 'red', total: 5, items }, kit.clock.now)

  async function take(step: Step): Promise<unknown> {
    const occasion = kit.occasion()
    if (step.do === 'wait') return kit.clock.advance(step.time)
    if (step.do === 'erase') return store.users.erase(appId, step.user, occasion)
    const { dialect } = step
    const key = keyOf(appId, dialect, `device ${step.id}`)
    if ('identity' in step) return register(store, draftOf(step, key, job), occasion)
    if (step.do === 'remove' || step.do === 'detach') return store.devices[step.do](key, occasion)
    const [put, drop] = step.do === 'return' ? [[setup(dialect)], []] : [[], [dialect]]
    return (await store.apps.change(appId, { put, drop }, occasion)) && null
  }
  const answers: unknown[] = []
  for (const step of steps) answers.push(await take(step))
  return { answers: answers.map(anonymous(appId)), ...(await dump(db, appId)) }
}

/** As the gateway does: after a read. */
async function register(store: Store, draft: RegistrationDraft, occasion: Occasion): Promise<unknown> {
  const seen = draft.job ? undefined : await store.devices.look(draft, occasion.at)
  try {
    return await store.devices.register(draft, occasion, seen)
  } catch (error) {
    return String(error)
  }
}

function draftOf(step: Extract<Step, { identity: string }>, key: DeviceKey, job: string): RegistrationDraft {
  const { token: number, provider, environment, patch: given, holding, ids, job: position, ...rest } = step
  const token = number === undefined ? null : { ...tokenDraft(`token ${number}`), provider, environment }
  const identity = token ? rest.identity : 'key'
  const { expiresIn, ...patch } = given
  const expiresAt = typeof expiresIn === 'number' ? new Date(kit.clock.now.getTime() + expiresIn) : expiresIn
  return {
    ...rest,
    identity,
    key: identity === 'token' ? { ...key, externalId: unique('device') } : key,
    deviceId: unique('row'),
    token,
    patch: { ...patch, expiresAt },
    holding: holding ? 'a token that nobody has' : undefined,
    policy: { ...POLICY, limit: 3, automatic: ['auto'], ids },
    tags: identity === 'token' ? [] : rest.tags,
    existing: identity === 'key' && rest.existing,
    job: position === undefined ? null : { job, position },
  }
}

test(`a registration does the same in whichever way it goes, ${RUNS} times`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20, size: 'max' }), async (steps) => {
      const expected = await outcome(steps, byFullPlan())
      for (const [name, way] of Object.entries(WAYS)) {
        expect(await outcome(steps, way()), name).toEqual(expected)
      }
    }),
    { numRuns: RUNS },
  )
}, 600_000)
