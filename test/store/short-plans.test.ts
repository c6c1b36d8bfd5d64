import { beforeAll, describe, expect, test } from 'vitest'
import { openDb, runtimeName } from '#runtime'
import type { DeviceKey } from '../../src/domain/device.ts'
import type { TagChange } from '../../src/domain/tag.ts'
import type { Call, Db } from '../../src/store/sql/port.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import type { RegistrationDraft, Seen } from '../../src/store/store.ts'
import {
  createKit,
  keyOf,
  POLICY,
  type RegisterOptions,
  type StoreKit,
  tokenDraft,
  unique,
} from '../contract/kit.ts'
import { dump } from './dump.ts'

/** The number of statements of each plan. */
let plans: number[] = []
const counted = (real: Db): Db => ({
  ...real,
  commit<const Plan extends readonly Call[]>(plan: Plan) {
    plans.push(plan.length)
    return real.commit(plan)
  },
})

let kit: StoreKit
let db: Db
beforeAll(async () => {
  db = counted(await openDb())
  kit = await createKit(async (clock) => sqlStore(db, clock))
})

const HOUR = 3_600_000
const NOTHING_SHOWN = { topics: false, tags: false }
const draftOf = (key: DeviceKey, { token, ...more }: RegisterOptions): RegistrationDraft => ({
  key,
  deviceId: unique('row'),
  identity: 'key',
  existing: false,
  platform: 'android',
  keepPlatform: false,
  token: token === undefined ? null : tokenDraft(token),
  patch: {},
  tags: [],
  firstTags: [],
  job: null,
  topics: null,
  policy: POLICY,
  carryOver: true,
  replacesAlike: false,
  lists: NOTHING_SHOWN,
  ...more,
})

type Meanwhile = (key: DeviceKey) => Promise<unknown>
const nothing: Meanwhile = async () => {}

/**
 * An hour after `SAME` created the device: after a read, and after concurrent changes; with the statements of
 * each plan.
 */
async function registered(more: RegisterOptions, meanwhile = nothing, shown?: Seen) {
  kit.clock.now = new Date('2026-11-25T12:00:00.000Z')
  const key = keyOf(await kit.createApp())
  const { device } = await kit.register(key, SAME)
  kit.clock.advance(HOUR)
  const draft = draftOf(key, more)
  const seen: Seen = await kit.store.devices.look(draft, kit.clock.now, NOTHING_SHOWN)
  await meanwhile(key)
  plans = []
  const outcome = await kit.store.devices.register(draft, kit.occasion(), shown ?? seen)
  const taken = plans
  if (outcome === 'limit') throw new Error('too many topics')
  return { key, before: device, outcome, plans: taken, left: await dump(db, key.appId) }
}

/** The result of the same calls with the full plan, whatever was read before. */
const byFullPlan = async (more: RegisterOptions, meanwhile?: Meanwhile) =>
  (await registered(more, meanwhile, { device: null, keyFree: false, tokenFree: false })).left

const set = (name: string, more: { stamped?: true } = {}): TagChange => ({
  name,
  do: 'set',
  as: [{ type: 'text', value: unique('value') }],
  ...more,
})
const FIVE = ['a', 'b', 'c', 'd', 'e']
const SAME = { token: 'one', patch: { name: 'phone', user: { id: 'alice', proved: false } } }
const firstTags = [{ name: 'first', type: 'text', value: 'x' }]
const topics = { names: ['a'], when: 'created' as const }

/** The registrations of the device, and the number of statements of their plans. */
const SHORT: readonly (readonly [title: string, RegisterOptions, statements: number])[] = [
  ['a new token', { ...SAME, token: 'two' }, 5],
  ['a new token, where the rest of it is not named', { token: 'two' }, 5],
  ['a new token, of a device that has to be there', { token: 'two', existing: true }, 5],
  ['a new token, with what only a new device gets', { ...SAME, token: 'two', firstTags, topics }, 5],
  ['a new token that webhooks are told of', { ...SAME, token: 'two', announce: true }, 6],
  ['a new token and a tag', { ...SAME, token: 'two', tags: [set('a')] }, 10],
  ['five tags', { tags: FIVE.map((name) => set(name)) }, 7],
  ['five tags, whose time is noted', { tags: FIVE.map((name) => set(name, { stamped: true })) }, 8],
  ['five tags, with all that is the same', { ...SAME, tags: FIVE.map((name) => set(name)) }, 8],
  ['a tag that goes', { tags: [{ name: 'a', do: 'remove' }] }, 6],
]

const dead: Meanwhile = async (key) => {
  const device = (await kit.store.devices.findByKey(key, kit.clock.now))?.id ?? ''
  const report = {
    target: { device },
    outcome: 'dead',
    at: kit.clock.now,
    tolerance: 0,
    reason: 'gone',
  } as const
  return kit.store.feedback.report(key.appId, [report], kit.occasion())
}
const register =
  (token: string | undefined, more: RegisterOptions = {}, dialect?: string): Meanwhile =>
  ({ appId, ...key }) =>
    kit.register(dialect ? keyOf(appId, dialect) : { appId, ...key }, { ...(token && { token }), ...more })
const TAGGED = { ...SAME, tags: [set('a')] }

/** Concurrent changes after the read, after which no short plan may do anything. */
const LOST: readonly (readonly [title: string, RegisterOptions, Meanwhile])[] = [
  ['the new token is somebody else’s', { token: 'two' }, register('two', {}, 'red')],
  ['the new token is another dialect’s', { token: 'two' }, register('two', {}, 'blue')],
  ['the device has a third token', { token: 'two' }, register('three')],
  ['the device has a third token, and tags come', TAGGED, register('three')],
  ['the device lost its token to another one', { ...SAME, token: 'two' }, register('one', {}, 'red')],
  ['the device lost its token, and tags come', TAGGED, register('one', {}, 'red')],
  [
    'the device lost its token, and must not have',
    { tags: [set('a')], existing: true },
    register('one', {}, 'red'),
  ],
  ['its token died', { token: 'two' }, dead],
  ['its token died, and is sent again', TAGGED, dead],
  ['the device has another user', TAGGED, register(undefined, { patch: { user: null } })],
  ['the device has another name', { ...SAME, token: 'two' }, register(undefined, { patch: { name: 'x' } })],
  ['the device has another platform', { tags: [set('a')] }, register(undefined, { platform: 'ios' })],
  ['the device gave its token up', { token: 'two' }, (key) => kit.store.devices.detach(key, kit.occasion())],
  ['the device has gone', { tags: [set('a')] }, (key) => kit.store.devices.remove(key, kit.occasion())],
  [
    'its user is erased',
    { token: 'two' },
    ({ appId }) => kit.store.users.erase(appId, 'alice', kit.occasion()),
  ],
  [
    'its dialect is dropped',
    { token: 'two' },
    ({ appId }) => kit.store.apps.change(appId, { put: [], drop: ['red'] }, kit.occasion()),
  ],
  [
    'its time is over',
    { token: 'two', tags: [set('a')] },
    async (key) => {
      const expiresAt = new Date(kit.clock.now.getTime() + HOUR)
      await kit.register(key, { patch: { expiresAt } })
      kit.clock.advance(HOUR)
    },
  ],
]

describe(`what is registered of a device that is there, on ${runtimeName}`, () => {
  test.each(SHORT)(
    '%s, takes one short plan and leaves what the full one does',
    async (_, more, statements) => {
      const { before, outcome, plans, left } = await registered(more)
      expect(plans).toEqual([statements])
      expect(outcome).toMatchObject({
        created: false,
        device: { id: before.id, name: 'phone', pushToken: { token: more.token ?? 'one' }, topics: [] },
      })
      expect(left).toEqual(await byFullPlan(more))
    },
  )

  test('a token that another dialect has as well stays with that where it is left', async () => {
    const { plans, left } = await registered({ token: 'two' }, register('one', {}, 'blue'))
    expect(plans).toEqual([5])
    expect(left).toEqual(await byFullPlan({ token: 'two' }, register('one', {}, 'blue')))
    expect(left.push_tokens?.filter((row) => row.includes('"token":"one"'))).toHaveLength(1)
  })

  test.each<[string, RegisterOptions]>([
    ['another name', { ...SAME, patch: { name: 'other' }, tags: [set('a')] }],
    ['another user with a new token', { token: 'two', patch: { user: { id: 'bob', proved: false } } }],
    ['another platform', { platform: 'ios', tags: [set('a')] }],
    ['a topic that is added always', { token: 'two', topics: { names: ['a'], when: 'always' } }],
  ])('%s takes the full plan at once', async (_, more) => {
    const { plans } = await registered(more)
    expect(plans).toHaveLength(1)
    expect(plans[0]).toBeGreaterThan(10)
  })

  test.each(LOST)('is left to the full plan where meanwhile %s', async (_, more, meanwhile) => {
    const { plans, left } = await registered(more, meanwhile)
    expect(plans).toHaveLength(2)
    expect(left).toEqual(await byFullPlan(more, meanwhile))
  })
})

test('a first registration takes four statements, and one more for first tags that nobody is shown', async () => {
  for (const [more, statements] of [
    [{ token: 'one' }, 4],
    [{ token: 'one', firstTags }, 5],
  ] as const) {
    const draft = draftOf(keyOf(await kit.createApp()), more)
    const seen = await kit.store.devices.look(draft, kit.clock.now)
    plans = []
    expect(await kit.store.devices.register(draft, kit.occasion(), seen)).toMatchObject({
      created: true,
      device: { tags: {} },
    })
    expect(plans).toEqual([statements])
  }
})
