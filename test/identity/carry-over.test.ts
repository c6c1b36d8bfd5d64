import { describe, expect, test } from 'vitest'
import { createWorld, KINDS, PAIRS, POLICIES, unique } from './kit.ts'

const HOUR = 3_600_000

describe.each(PAIRS)(
  'R6, a phone known by its %s that comes through a second dialect by its %s',
  (first, second) => {
    test('is one phone with two devices: topics are copied, user and tags are not', async () => {
      const world = await createWorld()
      const token = unique('token')
      const user = { id: 'alice', proved: true }
      const red = await world.register('red', unique('a'), {
        identity: first,
        token,
        patch: { user, name: 'n' },
      })
      await world.addTopics('red', red.externalId, 'news', 'sport')
      await world.h.gateway.tags.change({
        ...world.ref('red', red.externalId),
        changes: [{ name: 'level', do: 'set', as: [{ type: 'n', value: 3 }] }],
      })
      const before = await world.find('red', red.externalId)
      const blue = await world.register('blue', unique('b'), { identity: second, token })
      expect(blue).toMatchObject({
        created: true,
        topics: ['news', 'sport'],
        user: null,
        tags: {},
        name: null,
      })
      expect(blue.pushToken).toEqual(red.pushToken)
      expect(await world.find('red', red.externalId)).toEqual(before)
      const { items } = await world.h.gateway.directory.installations(
        world.appId,
        {},
        { after: null, limit: 10 },
      )
      expect(items.map((one) => one.devices.map((device) => device.dialect))).toEqual([['red', 'blue']])
    })

    test('has topics of its own from then on', async () => {
      const world = await createWorld()
      const token = unique('token')
      const red = await world.register('red', unique('a'), { identity: first, token })
      await world.addTopics('red', red.externalId, 'news')
      const blue = await world.register('blue', unique('b'), { identity: second, token })
      await world.addTopics('red', red.externalId, 'only red')
      await world.addTopics('blue', blue.externalId, 'only blue')
      const again = await world.register('blue', blue.externalId, {
        identity: second,
        token,
        patch: { name: 'x' },
      })
      expect(again.topics).toEqual(['news', 'only blue'])
      expect((await world.find('red', red.externalId))?.topics).toEqual(['news', 'only red'])
    })

    test('gets no copy a second time, after its device was deleted', async () => {
      const world = await createWorld()
      const token = unique('token')
      const red = await world.register('red', unique('a'), { identity: first, token })
      await world.addTopics('red', red.externalId, 'news')
      const blue = await world.register('blue', unique('b'), { identity: second, token })
      expect(blue.topics).toEqual(['news'])
      await world.h.gateway.devices.unregister(world.ref('blue', blue.externalId))
      for (const id of [blue.externalId, unique('c')]) {
        expect((await world.register('blue', id, { identity: second, token })).topics).toEqual([])
      }
    })

    test('gets none even after every device on the token was deleted', async () => {
      const world = await createWorld()
      const token = unique('token')
      const devices = [
        ['red', first],
        ['blue', second],
      ] as const
      for (const [dialect, identity] of devices) {
        const { externalId } = await world.register(dialect, unique('d'), { identity, token })
        await world.h.gateway.devices.unregister(world.ref(dialect, externalId))
      }
      const red = await world.register('red', unique('a'), { identity: first, token })
      await world.addTopics('red', red.externalId, 'news')
      expect((await world.register('blue', unique('b'), { identity: second, token })).topics).toEqual([])
    })
  },
)

describe.each(KINDS)('R6, what is carried over to a device known by its %s', (identity) => {
  test('is the union of all the other devices, once each', async () => {
    const world = await createWorld()
    const token = unique('token')
    const red = await world.register('red', unique('a'), { token })
    await world.addTopics('red', red.externalId, 'both', 'red')
    const green = await world.register('green', unique('b'), {
      token,
      topics: { names: ['green'], when: 'created' },
    })
    await world.h.gateway.topics.replace({
      ...world.ref('green', green.externalId),
      names: ['both', 'green'],
      policy: POLICIES.green,
      superseded: false,
    })
    const blue = await world.register('blue', unique('c'), { identity, token })
    expect(blue.topics).toEqual(['both', 'green', 'red'])
  })

  test('is only what the dialect allows, up to its limit', async () => {
    const world = await createWorld()
    const token = unique('token')
    const red = await world.register('red', unique('a'), { token })
    await world.addTopics(
      'red',
      red.externalId,
      'all',
      'Upper',
      'nope',
      'toolong',
      'ok-',
      'e',
      'd',
      'c',
      'b',
      '',
    )
    const green = await world.register('green', unique('b'), { identity, token })
    expect(green.topics).toEqual(['b', 'c', 'd'])
  })

  test('leaves room for the topics that come with the registration', async () => {
    const world = await createWorld()
    const token = unique('token')
    const red = await world.register('red', unique('a'), { token })
    await world.addTopics('red', red.externalId, 'a', 'b', 'z')
    const topics = { names: ['z', 'all'], when: 'created' as const }
    const green = await world.register('green', unique('b'), { identity, token, topics })
    expect(green.topics).toEqual(['a', 'all', 'z'])
  })

  test('counts length in characters, not in units', async () => {
    const world = await createWorld()
    const token = unique('token')
    const red = await world.register('red', unique('a'), { token })
    const longest = '👋'.repeat(200)
    await world.addTopics('red', red.externalId, longest, `${longest}!`)
    expect((await world.register('blue', unique('b'), { identity, token })).topics).toEqual([longest])
  })

  test('has no topic that a dialect gives by itself', async () => {
    const world = await createWorld()
    const token = unique('token')
    const topics = { names: ['default', 'news'], when: 'created' as const }
    await world.register('blue', unique('a'), { token, topics })
    const red = await world.register('red', unique('b'), { identity, token })
    expect(red.topics).toEqual(['news'])
  })

  test('is nothing where the app does not want it, also not later', async () => {
    const world = await createWorld({ carryOver: false })
    const token = unique('token')
    const red = await world.register('red', unique('a'), { token })
    await world.addTopics('red', red.externalId, 'news')
    const blue = await world.register('blue', unique('b'), { identity, token })
    expect(blue.topics).toEqual([])
    await world.h.gateway.directory.changeApp(world.appId, {
      settings: { carryOver: true },
      dialects: new Map(),
    })
    const [app] = [await world.h.gateway.apps.find('blue', world.apps.blue.identifier)]
    if (!app) throw new Error('no app')
    const again = await world.register('blue', blue.externalId, {
      app,
      identity,
      token,
      patch: { name: 'x' },
    })
    expect(again.topics).toEqual([])
  })

  test('is nothing from a device whose time is over, of another app, or that lost the token', async () => {
    const [world, foreign] = [await createWorld(), await createWorld()]
    const token = unique('token')
    const topics = { names: ['news'], when: 'created' as const }
    await foreign.register('red', unique('a'), { token, topics })
    const lost = await world.register('red', unique('a'), { token, topics })
    const short = { expiresAt: new Date(world.h.clock.now.getTime() + HOUR) }
    await world.register('red', unique('b'), {
      token,
      topics: { names: ['short'], when: 'created' },
      patch: short,
    })
    expect((await world.find('red', lost.externalId))?.pushToken).toBeNull()
    world.h.clock.advance(HOUR)
    expect((await world.register('blue', unique('c'), { identity, token })).topics).toEqual([])
  })

  test('is 5,000 topics', async () => {
    const world = await createWorld()
    const token = unique('token')
    const names = Array.from({ length: 5000 }, (_, at) => `t${at.toString().padStart(4, '0')}`)
    await world.register('red', unique('a'), { token, topics: { names, when: 'created' } })
    expect((await world.register('blue', unique('b'), { identity, token })).topics).toEqual(names)
  })

  test('is copied once when many calls arrive at once', async () => {
    const world = await createWorld()
    const [token, id] = [unique('token'), unique('b')]
    await world.register('red', unique('a'), { token, topics: { names: ['a', 'b'], when: 'created' } })
    const all = await Promise.all(
      Array.from({ length: 6 }, () => world.register('blue', id, { identity, token })),
    )
    for (const one of all) expect(one.topics).toEqual(['a', 'b'])
  })
})

test('R6, a known device that moves to another phone brings its own topics and takes none', async () => {
  const world = await createWorld()
  const [phone, id] = [unique('token'), unique('b')]
  await world.register('red', unique('a'), { token: phone, topics: { names: ['red'], when: 'created' } })
  await world.register('blue', id, { token: unique('token'), topics: { names: ['blue'], when: 'created' } })
  expect((await world.register('blue', id, { token: phone })).topics).toEqual(['blue'])
  await world.h.gateway.devices.unregister(world.ref('blue', id))
  expect((await world.register('blue', id, { token: phone })).topics).toEqual([])
})

test('R2 and R6, another id of the same dialect on the token starts without topics', async () => {
  const world = await createWorld()
  const token = unique('token')
  await world.register('red', unique('a'), { token, topics: { names: ['red'], when: 'created' } })
  await world.register('blue', unique('b'), { token })
  expect((await world.register('blue', unique('c'), { token })).topics).toEqual([])
  expect((await world.register('red', unique('d'), { token })).topics).toEqual([])
})
