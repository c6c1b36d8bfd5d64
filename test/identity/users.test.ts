import { describe, expect, test } from 'vitest'
import { createWorld, KINDS, unique, type World } from './kit.ts'

const claimed = (id: string) => ({ id, proved: false })
const userOf = async (world: World, dialect: 'red' | 'blue', id: string) =>
  (await world.find(dialect, id))?.user ?? null

describe.each(KINDS)('a device known by its %s', (identity) => {
  async function pair() {
    const world = await createWorld()
    const token = unique('token')
    const red = await world.register('red', unique('a'), {
      identity,
      token,
      patch: { user: claimed('alice') },
    })
    const blue = await world.register('blue', unique('b'), {
      identity,
      token,
      patch: { user: claimed('carol') },
    })
    return { world, token, red: red.externalId, blue: blue.externalId, rowId: red.id }
  }

  const WAYS = ['register', 'update', 'bind'] as const
  async function become(
    { world, token, red }: Awaited<ReturnType<typeof pair>>,
    how: (typeof WAYS)[number],
    id: string,
  ) {
    const ref = world.ref('red', red)
    const { devices, users } = world.h.gateway
    if (how === 'register')
      await world.register('red', red, { identity, token, patch: { user: claimed(id) } })
    else if (how === 'update')
      await devices.update({ ...ref, patch: { user: claimed(id) }, superseded: false })
    else await users.bind({ ...ref, user: claimed(id), rules: { replace: true, limit: null } })
  }

  test.each(WAYS)(
    'R7, has one user at a time, and that of another dialect is not touched: %s',
    async (how) => {
      const of = await pair()
      await become(of, how, 'bob')
      expect(await userOf(of.world, 'red', of.red)).toEqual(claimed('bob'))
      expect(await userOf(of.world, 'blue', of.blue)).toEqual(claimed('carol'))
      const held = await of.world.h.gateway.directory.user(of.world.appId, 'alice', {
        after: null,
        limit: 10,
      })
      expect(held?.devices.items ?? []).toEqual([])
    },
  )

  test.each(WAYS)('R7, keeps the former user in its history: %s', async (how) => {
    const of = await pair()
    await become(of, how, 'bob')
    const [event] = await of.world.h.gateway.directory.history(of.world.appId, of.rowId)
    expect(event).toMatchObject({ kind: 'userChanged', cause: 'test', detail: { userId: 'alice' } })
  })

  test.each(WAYS)('R7, keeps its topics and tags: %s', async (how) => {
    const of = await pair()
    await of.world.addTopics('red', of.red, 'news')
    await become(of, how, 'bob')
    expect((await of.world.find('red', of.red))?.topics).toEqual(['news'])
  })

  test('R8, stays with its topics and token when its user logs out', async () => {
    const { world, red, blue, rowId, token } = await pair()
    await world.addTopics('red', red, 'news')
    expect(await world.h.gateway.users.clear(world.ref('red', red))).toBe(true)
    expect(await world.find('red', red)).toMatchObject({
      id: rowId,
      user: null,
      topics: ['news'],
      pushToken: { token },
    })
    expect(await userOf(world, 'blue', blue)).toEqual(claimed('carol'))
    expect(await world.h.gateway.users.clear(world.ref('red', red))).toBe(true)
    expect(await world.h.gateway.users.clear(world.ref('red', unique('unknown')))).toBe(false)
    const [event] = await world.h.gateway.directory.history(world.appId, rowId)
    expect(event).toMatchObject({ kind: 'userChanged', detail: { userId: 'alice' } })
  })

  test('R8, and is the next user who logs in after a logout that never arrived', async () => {
    const { world, red } = await pair()
    const bind = (id: string, replace: boolean) =>
      world.h.gateway.users.bind({
        ...world.ref('red', red),
        user: claimed(id),
        rules: { replace, limit: null },
      })
    expect(await bind('bob', false)).toBe('taken')
    expect(await userOf(world, 'red', red)).toEqual(claimed('alice'))
    expect(await bind('bob', true)).toBe('bound')
    await world.h.gateway.users.clear(world.ref('red', red))
    expect(await bind('alice', false)).toBe('bound')
  })

  test('R7, has one of the users that arrive at once', async () => {
    const of = await pair()
    const names = ['bob', 'dora', 'eve', 'frank']
    await Promise.all(names.map((name) => become(of, 'bind', name)))
    expect(names).toContain((await userOf(of.world, 'red', of.red))?.id)
  })
})

test('erasing a user removes the devices in every dialect, and says how many', async () => {
  const world = await createWorld()
  const patch = { user: claimed('alice') }
  for (const dialect of ['red', 'green', 'blue'] as const) {
    await world.register(dialect, unique('device'), { token: unique('token'), patch })
  }
  const kept = await world.register('red', unique('device'), {
    token: unique('token'),
    patch: { user: claimed('bob') },
  })
  const { directory } = world.h.gateway
  expect(await directory.eraseUser(world.appId, 'alice')).toBe(3)
  expect((await world.devices()).map((one) => one.id)).toEqual([kept.id])
  expect(JSON.stringify(await world.snapshot())).not.toContain('alice')
})

test('erasing a user whose devices of two dialects have the same token removes both', async () => {
  const world = await createWorld()
  const [token, patch] = [unique('token'), { user: claimed('alice') }]
  for (const dialect of ['red', 'green'] as const)
    await world.register(dialect, unique('device'), { token, patch })
  expect(await world.h.gateway.directory.eraseUser(world.appId, 'alice')).toBe(2)
  expect(await world.devices()).toEqual([])
})
