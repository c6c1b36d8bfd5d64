import { describe, expect, test } from 'vitest'
import { TOLD_AS } from '../../src/domain/event.ts'
import { WEBHOOK_KINDS } from '../../src/domain/webhook.ts'
import type { World } from '../identity/kit.ts'
import { createWorld, POLICIES, unique } from '../identity/kit.ts'
import { traces } from '../removals/traces.ts'

const set = (name: string, value: string) => ({ name, do: 'set', as: [{ type: 'string', value }] }) as const

/** A phone in the dialect red with one of everything. */
async function phone(world: World, externalId = unique('phone')) {
  const device = await world.register('red', externalId, {
    token: unique('token'),
    patch: { user: { id: 'alice', proved: false }, name: 'n' },
    topics: { names: ['a', 'b'], when: 'always' },
    tags: [set('level', '1'), set('level', '2'), set('size', 's')],
  })
  return { id: device.id, externalId, ref: world.ref('red', externalId) }
}
type Phone = Awaited<ReturnType<typeof phone>>

const historyOf = (world: World, { id }: Pick<Phone, 'id'>) =>
  world.h.gateway.directory.history(world.appId, id)
const stored = async (world: World) => (await world.snapshot()).events ?? []

const { red: policy } = POLICIES
const topics = (names: readonly string[]) => ({ names, policy, superseded: true })
const many = Array.from({ length: 1000 }, (_, at) => `t${at}`)

type Change = (world: World, phone: Phone) => Promise<unknown>
const CHANGES: readonly (readonly [string, Change, readonly object[]])[] = [
  [
    'topics added',
    ({ h }, { ref }) => h.gateway.topics.add({ ...ref, ...topics(['b', 'c', 'd']) }),
    [{ kind: 'subscribed', detail: { topics: ['c', 'd'], userId: 'alice' } }],
  ],
  [
    'a thousand topics added',
    ({ h }, { ref }) => h.gateway.topics.add({ ...ref, ...topics(many) }),
    [{ kind: 'subscribed', detail: { topics: many, userId: 'alice' } }],
  ],
  [
    'topics taken away',
    ({ h }, { ref }) => h.gateway.topics.remove({ ...ref, ...topics(['a', 'z']) }),
    [{ kind: 'unsubscribed', detail: { topics: ['a'], userId: 'alice' } }],
  ],
  [
    'all topics replaced',
    ({ h }, { ref }) => h.gateway.topics.replace({ ...ref, ...topics(['b', 'c']) }),
    [
      { kind: 'subscribed', detail: { topics: ['c'], userId: 'alice' } },
      { kind: 'unsubscribed', detail: { topics: ['a'], userId: 'alice' } },
    ],
  ],
  [
    'tags changed in several ways',
    ({ h }, { ref }) =>
      h.gateway.tags.change({ ...ref, changes: [set('level', '3'), { name: 'size', do: 'remove' }] }),
    [{ kind: 'tagsChanged', detail: { names: ['level', 'size'] } }],
  ],
  [
    'another name, and out of use',
    ({ h }, { ref }) =>
      h.gateway.devices.update({ ...ref, patch: { name: 'm', enabled: false }, superseded: true }),
    [{ kind: 'profileChanged', detail: { fields: ['enabled', 'name'] } }],
  ],
  [
    'its user unbound',
    ({ h }, { ref }) => h.gateway.users.clear(ref),
    [{ kind: 'userChanged', detail: { userId: 'alice' } }],
  ],
  [
    'a registration that brings a token, a topic, a tag and a name',
    (world, { externalId }) =>
      world.register('red', externalId, {
        token: 'new',
        patch: { name: 'm' },
        topics: { names: ['c'], when: 'always' },
        tags: [set('level', '3')],
      }),
    [
      { kind: 'tagsChanged', detail: { names: ['level'] } },
      { kind: 'subscribed', detail: { topics: ['c'] } },
      { kind: 'rotated', detail: { userId: 'alice' } },
    ],
  ],
]

describe('issue 9, 4: events', () => {
  test('a first registration is one event, whatever it brings', async () => {
    const world = await createWorld()
    await phone(world)
    expect((await stored(world)).map(({ kind }) => kind)).toEqual(['registered'])
  })

  test.each(CHANGES)(
    '%s: one event for each kind of change, and none for a repetition',
    async (_, change, told) => {
      const world = await createWorld()
      const of = await phone(world)
      const [registered] = await historyOf(world, of)
      await change(world, of)
      const about = { appId: world.appId, dialect: 'red', deviceId: of.id, externalId: of.externalId }
      const expected = [
        ...told.map((one) => ({ cause: 'test', ...about, ...one })),
        { ...about, ...registered, kind: 'registered' },
      ]
      expect(await historyOf(world, of)).toMatchObject(expected)
      await change(world, of)
      expect(await historyOf(world, of)).toMatchObject(expected)
    },
  )

  test('a member of the details that is null is as good as none, in whatever order they come', async () => {
    const world = await createWorld()
    const of = await phone(world)
    const update = (details: object) =>
      world.h.gateway.devices.update({ ...of.ref, patch: { details: { ...details } }, superseded: true })
    await update({ a: 1, b: [1.5, true, 'x'] })
    await update({ b: [1.5, true, 'x'], c: null, a: 1 })
    await world.register('red', of.externalId, { token: 'new', patch: { details: { a: 1, c: null } } })
    await update({ a: 2 })
    const kinds = (await historyOf(world, of)).map(({ kind }) => kind)
    expect(kinds).toEqual(['profileChanged', 'rotated', 'profileChanged', 'registered'])
  })

  test('a change that is refused is none', async () => {
    const world = await createWorld()
    const of = await phone(world)
    const request = { ...of.ref, ...topics(many), policy: { ...policy, limit: 10 } }
    expect(await world.h.gateway.topics.add(request)).toBe('limit')
    expect(await historyOf(world, of)).toMatchObject([{ kind: 'registered' }])
  })

  test('still say what the device was called when it has gone', async () => {
    const world = await createWorld()
    const of = await phone(world)
    await world.h.gateway.devices.unregister(of.ref)
    const about = { dialect: 'red', externalId: of.externalId }
    expect(await historyOf(world, of)).toMatchObject([
      { kind: 'unregistered', ...about },
      { kind: 'registered', ...about },
    ])
  })

  test('a change of all devices of a user is one event about none of them', async () => {
    const world = await createWorld()
    for (const _ of [1, 2, 3]) await phone(world)
    const apart = async () => (await stored(world)).filter((row) => row.device_id === '')
    const change = () =>
      world.h.gateway.tags.changeOfUser({
        app: world.apps.red,
        userId: 'alice',
        changes: [set('level', '9'), set('new', 'x')],
        cause: 'test',
      })
    await change()
    const told = [{ dialect: 'red', kind: 'tagsChanged' }]
    expect(await apart()).toMatchObject(told)
    await change()
    expect(await apart()).toMatchObject(told)
  })

  test('say that devices were erased, by their ids alone: not even former ones keep a name', async () => {
    const world = await createWorld()
    const [first, second] = [await phone(world), await phone(world)]
    await world.h.gateway.devices.unregister(first.ref)
    const again = await phone(world, first.externalId)
    await world.h.gateway.devices.unregister(world.ref('red', first.externalId))
    const bob = await world.register('red', first.externalId, {
      token: unique('token'),
      patch: { user: { id: 'bob', proved: false } },
    })
    await world.h.admin('DELETE', `/apps/${world.appId}/users/alice`)
    const erased = (await stored(world)).filter(({ kind }) => kind === 'erased')
    expect(erased).toMatchObject([
      { device_id: '', external_id: null, detail: JSON.stringify({ devices: [second.id] }) },
    ])
    expect(await traces(world.h, second.externalId)).toEqual([])
    expect(JSON.stringify(await world.snapshot())).not.toContain('alice')
    // The former values of Bob's phone belong to him until he is erased.
    expect(await historyOf(world, bob)).toMatchObject([{ kind: 'registered', externalId: first.externalId }])
    await world.h.admin('DELETE', `/apps/${world.appId}/users/bob`)
    expect(await traces(world.h, first.externalId)).toEqual([])
    expect(await historyOf(world, again)).toMatchObject([{ kind: 'registered', externalId: null }])
  })

  test('a former device is called nothing once whoever has its id is erased', async () => {
    const world = await createWorld()
    const externalId = unique('phone')
    const nobodys = await world.register('red', externalId, { token: unique('token') })
    await world.h.gateway.devices.unregister(world.ref('red', externalId))
    await phone(world, externalId)
    expect(await historyOf(world, nobodys)).toMatchObject([{ externalId }, { externalId }])
    await world.h.admin('DELETE', `/apps/${world.appId}/users/alice`)
    expect(await historyOf(world, nobodys)).toMatchObject([{ externalId: null }, { externalId: null }])
    expect(await traces(world.h, externalId)).toEqual([])
  })

  test('that webhooks are told of are told as kinds that they can ask for', () => {
    const told = Object.values(TOLD_AS).filter((kind) => kind !== null)
    expect(WEBHOOK_KINDS).toEqual(expect.arrayContaining(told))
  })
})
