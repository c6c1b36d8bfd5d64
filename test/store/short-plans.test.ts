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

/** How many statements each plan had. */
let plans: number[] = []
const counted = (real: Db): Db => ({
  ...real,
  commit<const Plan extends readonly Call[]>(plan: Plan) {
    plans.push(plan.length)
    return real.commit(plan)
  },
})

let kit: StoreKit
beforeAll(async () => {
  const db = counted(await openDb())
  kit = await createKit(async (clock) => sqlStore(db, clock))
})

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

/** After a look, and after what others do behind it; the statements of each plan, and the registered device. */
async function registered(draft: RegistrationDraft, meanwhile?: () => Promise<unknown>) {
  const seen: Seen = await kit.store.devices.look(draft, kit.clock.now, NOTHING_SHOWN)
  await meanwhile?.()
  plans = []
  const outcome = await kit.store.devices.register(draft, kit.occasion(), seen)
  if (outcome === null || outcome === 'limit') throw new Error('nothing was registered')
  return { ...outcome, plans }
}

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

/** A device, registered by `SAME`, and what is registered then: in one plan of how many statements. */
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

describe(`what is registered of a device that is there, on ${runtimeName}`, () => {
  const made = async () => {
    const key = keyOf(await kit.createApp())
    const { device } = await kit.register(key, SAME)
    return { key, device }
  }

  test.each(SHORT)('%s, takes one short plan', async (_, more, statements) => {
    const { key, device } = await made()
    const again = await registered(draftOf(key, more))
    expect(again.plans).toEqual([statements])
    expect(again).toMatchObject({
      created: false,
      device: { id: device.id, name: 'phone', pushToken: { token: more.token ?? 'one' }, topics: [] },
    })
  })

  test('a first registration takes four statements, whose lists nobody asked for', async () => {
    const draft = draftOf(keyOf(await kit.createApp()), { token: 'one', firstTags, tags: [] })
    // One more for the first tag.
    expect(await registered(draft)).toMatchObject({ created: true, plans: [5], device: { tags: {} } })
    const bare = draftOf(keyOf(await kit.createApp()), { token: 'one' })
    expect((await registered(bare)).plans).toEqual([4])
  })

  test.each<[string, RegisterOptions]>([
    ['another name', { ...SAME, patch: { name: 'other' }, tags: [set('a')] }],
    ['another user with a new token', { token: 'two', patch: { user: { id: 'bob', proved: false } } }],
    ['another platform', { platform: 'ios', tags: [set('a')] }],
    ['a topic that is added always', { token: 'two', topics: { names: ['a'], when: 'always' } }],
  ])('%s takes the full plan at once', async (_, more) => {
    const { key } = await made()
    const { plans } = await registered(draftOf(key, more))
    expect(plans).toHaveLength(1)
    expect(plans[0]).toBeGreaterThan(10)
  })

  test.each<[string, RegisterOptions, (key: DeviceKey) => Promise<unknown>, object]>([
    [
      'somebody else has registered the new token',
      { token: 'two' },
      ({ appId }) => kit.register(keyOf(appId), { token: 'two' }),
      { pushToken: { token: 'two' } },
    ],
    [
      'the device has another token by then',
      { token: 'two' },
      (key) => kit.register(key, { token: 'three' }),
      { pushToken: { token: 'two' } },
    ],
    [
      'the device has another user by then',
      { ...SAME, tags: [set('a')] },
      (key) => kit.register(key, { patch: { user: null } }),
      { user: { id: 'alice' } },
    ],
    [
      'the device has lost its token to another one',
      { ...SAME, tags: [set('a')] },
      ({ appId }) => kit.register(keyOf(appId), { token: 'one' }),
      { supersededAt: null, pushToken: { token: 'one' } },
    ],
    [
      'the device has gone',
      { tags: [set('a')] },
      (key) => kit.store.devices.remove(key, kit.occasion()),
      { pushToken: null, name: null },
    ],
  ])('leaves it to the full plan where %s', async (_, more, meanwhile, left) => {
    const { key } = await made()
    const { device, plans } = await registered(draftOf(key, more), () => meanwhile(key))
    expect(plans).toHaveLength(2)
    expect(device).toMatchObject(left)
    expect(await kit.store.devices.findByKey(key, kit.clock.now)).toMatchObject(left)
  })
})
