import { describe, expect, test } from 'vitest'
import { createWorld, KINDS, type RegisterOptions, unique } from './kit.ts'

const HOUR = 3_600_000

/** A device with a value in every member. */
const full = (token: string): RegisterOptions => ({
  token: {
    provider: 'webpush',
    token,
    endpoint: `https://push.test/${token}`,
    keys: { p256dh: 'p', auth: 'a' },
  },
  platform: 'web',
  topics: { names: ['a', 'b'], when: 'always' },
  patch: {
    user: { id: 'alice', proved: false },
    enabled: true,
    expiresAt: new Date('2030-01-01'),
    name: 'n',
    model: 'm',
    osVersion: '1',
    details: { nested: { list: [1, true, null] }, fraction: 0.1 + 0.2 },
  },
})

describe.each(KINDS)('R1, a device known by its %s', (identity) => {
  const SAME: readonly (readonly [string, (whole: RegisterOptions) => RegisterOptions])[] = [
    ['the same body', (whole) => whole],
    ['no profile', (whole) => ({ ...whole, patch: {} })],
    ['only the user', (whole) => ({ ...whole, patch: { user: { id: 'alice', proved: false } } })],
    ['an empty user', (whole) => ({ ...whole, patch: { user: { id: '', proved: true } } })],
    ['one member of the details', (whole) => ({ ...whole, patch: { details: { fraction: 0.1 + 0.2 } } })],
    [
      'nothing that it takes away',
      (whole) => ({ ...whole, patch: { language: null, details: { gone: null } } }),
    ],
    ['fewer topics', (whole) => ({ ...whole, topics: { names: ['a'], when: 'always' } })],
    ['topics for new devices', (whole) => ({ ...whole, topics: { names: ['z'], when: 'created' } })],
  ]
  test.each(SAME)('that registers again with %s writes no row', async (_, again) => {
    const world = await createWorld()
    const [id, token] = [unique('device'), unique('token')]
    const first = await world.register('red', id, { identity, ...full(token) })
    const [before, commits] = [await world.snapshot(), world.commits()]
    world.h.clock.advance(HOUR - 1)
    const second = await world.register('red', id, { identity, ...again(full(token)) })
    expect(second).toEqual({ ...first, created: false })
    expect(world.commits()).toBe(commits)
    expect(await world.snapshot()).toEqual(before)
  })

  test('is noted as seen and its token as registered once an hour, and only that (B8)', async () => {
    const world = await createWorld()
    const [id, token] = [unique('device'), unique('token')]
    const first = await world.register('red', id, { identity, ...full(token) })
    const before = await world.snapshot()
    for (let minute = 0; minute < 180; minute += 10) {
      world.h.clock.advance(HOUR / 6)
      await world.register('red', id, { identity, ...full(token) })
    }
    const after = await world.find('red', first.externalId)
    expect(after?.lastSeenAt.getTime()).toBe(first.lastSeenAt.getTime() + 3 * HOUR)
    expect(after?.updatedAt).toEqual(first.updatedAt)
    expect(world.commits()).toBe(2 + 3)
    const [[device], [held]] = [before.devices ?? [], before.push_tokens ?? []]
    const seen = after?.lastSeenAt.getTime()
    expect(await world.snapshot()).toEqual({
      ...before,
      devices: [{ ...device, last_seen_at: seen }],
      push_tokens: [{ ...held, registered_at: seen }],
    })
  })

  const CHANGES: readonly (readonly [string, RegisterOptions, object])[] = [
    ['another platform', { platform: 'windows' }, { platform: 'windows' }],
    [
      'another user',
      { patch: { user: { id: 'bob', proved: false } } },
      { user: { id: 'bob', proved: false } },
    ],
    [
      'a proof of its user',
      { patch: { user: { id: 'alice', proved: true } } },
      { user: { id: 'alice', proved: true } },
    ],
    ['no user', { patch: { user: null } }, { user: null }],
    ['another model', { patch: { model: 'M' } }, { model: 'M', name: 'n' }],
    ['no model', { patch: { model: null } }, { model: null, name: 'n' }],
    ['out of use', { patch: { enabled: false } }, { enabled: false }],
    ['another end', { patch: { expiresAt: new Date('2031-01-01') } }, { expiresAt: new Date('2031-01-01') }],
    ['no end', { patch: { expiresAt: null } }, { expiresAt: null }],
    [
      'another member of the details',
      { patch: { details: { nested: { list: [0.1 + 0.2] }, more: false } } },
      { details: { nested: { list: [0.1 + 0.2] }, fraction: 0.1 + 0.2, more: false } },
    ],
    ['a member less', { patch: { details: { nested: null } } }, { details: { fraction: 0.1 + 0.2 } }],
    ['one more topic', { topics: { names: ['c', 'a'], when: 'always' } }, { topics: ['a', 'b', 'c'] }],
  ]
  test.each(CHANGES)(
    'that registers again with %s is changed, and keeps the rest',
    async (_, change, expected) => {
      const world = await createWorld()
      const [id, token] = [unique('device'), unique('token')]
      const first = await world.register('red', id, { identity, ...full(token) })
      world.h.clock.advance(1000)
      const options = { identity, ...full(token), patch: {}, ...change }
      const second = await world.register('red', id, options)
      expect(second).toMatchObject({
        created: false,
        id: first.id,
        updatedAt: world.h.clock.now,
        ...expected,
      })
      expect(second.createdAt).toEqual(first.createdAt)
      expect(await world.find('red', first.externalId)).toMatchObject(expected)
      const commits = world.commits()
      await world.register('red', id, options)
      expect(world.commits()).toBe(commits)
    },
  )
})

describe('R1, changes of a device', () => {
  test.each([
    ['an update to what is there', 'update'],
    ['the user that is there', 'bind'],
    ['a logout of nobody', 'clear'],
    ['topics that are there', 'topics'],
    ['a tag that is there', 'tags'],
  ])('that change nothing write no row: %s', async (_, what) => {
    const world = await createWorld()
    const id = unique('device')
    await world.register('red', id, { token: unique('t'), patch: { name: 'n' } })
    const ref = world.ref('red', id)
    const user = { id: 'alice', proved: true }
    const { devices, users, tags } = world.h.gateway
    const ACTIONS: Record<string, () => Promise<unknown>> = {
      update: () => devices.update({ ...ref, patch: { name: 'n', model: null }, superseded: false }),
      bind: () => users.bind({ ...ref, user, rules: { replace: true, limit: null } }),
      clear: () => users.clear(ref),
      topics: () => world.addTopics('red', id, 'a'),
      tags: () => tags.change({ ...ref, changes: [{ name: 'a', do: 'set', as: [{ type: 't', value: 1 }] }] }),
    }
    await ACTIONS[what]?.()
    const before = await world.snapshot()
    world.h.clock.advance(HOUR - 1)
    await ACTIONS[what]?.()
    expect(await world.snapshot()).toEqual(before)
  })
})

test('R1, a first registration is its device, its token, its history and the counts: four statements and no more', async () => {
  const plans: string[][] = []
  const world = await createWorld({}, (texts) => plans.push(texts))
  plans.length = 0
  await world.register('red', unique('device'), { token: unique('t'), patch: { name: 'n' } })
  const written = plans.map((texts) => texts.map((text) => /^\s*INSERT INTO (\w+)/.exec(text)?.[1]))
  expect(written).toEqual([['devices', 'push_tokens', 'events', 'counters']])
})
