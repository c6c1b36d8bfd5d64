import { describe, expect, test } from 'vitest'
import { createWorld, KINDS, PAIRS, tokenStates, unique } from './kit.ts'

const HOUR = 3_600_000

describe.each(KINDS)('R9, a device known by its %s that unregistered', (identity) => {
  async function gone() {
    const world = await createWorld()
    const token = unique('token')
    const user = { id: 'alice', proved: true }
    const first = await world.register('red', unique('device'), {
      identity,
      token,
      patch: { user, name: 'n' },
    })
    await world.addTopics('red', first.externalId, 'news')
    await world.h.gateway.tags.change({
      ...world.ref('red', first.externalId),
      changes: [{ name: 'level', do: 'set', as: [{ type: 'n', value: 3 }] }],
    })
    const ref = world.ref('red', first.externalId)
    await world.h.gateway.receipts.record({ ...ref, messageId: 'm', kind: 'opened' })
    const { unregister } = world.h.gateway.devices
    expect(await unregister(ref)).toBe(true)
    return { world, first, token, ref }
  }

  test('is gone at once, with all that hung on it, and its token erased', async () => {
    const { world, first, ref } = await gone()
    expect(await world.find('red', first.externalId)).toBeNull()
    expect(await world.devices()).toEqual([])
    expect(await world.snapshot()).toMatchObject({ devices: [], subscriptions: [], tags: [], receipts: [] })
    expect(Object.values(await tokenStates(world))).toEqual(['gone'])
    expect(await world.h.gateway.devices.unregister(ref)).toBe(false)
    const { items } = await world.h.gateway.directory.installations(
      world.appId,
      {},
      { after: null, limit: 10 },
    )
    expect(items).toEqual([])
  })

  test('lives again with the same id, fresh and visible at once', async () => {
    const { world, first, token } = await gone()
    const again = await world.register('red', first.externalId, { identity, token })
    expect(again).toMatchObject({
      created: true,
      externalId: first.externalId,
      topics: [],
      tags: {},
      user: null,
      name: null,
      pushToken: { token, state: 'live' },
    })
    expect(again.id).not.toBe(first.id)
    expect(await world.find('red', first.externalId)).toMatchObject({ id: again.id })
    expect((await world.devices()).map((one) => one.id)).toEqual([again.id])
  })

  test('keeps its history', async () => {
    const { world, first } = await gone()
    const history = await world.h.gateway.directory.history(world.appId, first.id)
    expect(history.map((one) => one.kind)).toEqual([
      'unregistered',
      'tagsChanged',
      'subscribed',
      'registered',
    ])
  })

  test('is registered again and again, N times, in one row', async () => {
    const { world, first, token, ref } = await gone()
    for (let turn = 0; turn < 5; turn++) {
      expect((await world.register('red', first.externalId, { identity, token })).created).toBe(true)
      expect(await world.h.gateway.devices.unregister(ref)).toBe(true)
    }
    expect(Object.values(await tokenStates(world))).toEqual(['gone'])
  })
})

describe.each(KINDS)('a device known by its %s whose time is over', (identity) => {
  test('is unknown, and starts from nothing when it registers', async () => {
    const world = await createWorld()
    const token = unique('token')
    const patch = {
      expiresAt: new Date(world.h.clock.now.getTime() + HOUR),
      user: { id: 'alice', proved: false },
    }
    const first = await world.register('red', unique('device'), { identity, token, patch })
    await world.addTopics('red', first.externalId, 'news')
    const { devices, topics, users } = world.h.gateway
    const ref = world.ref('red', first.externalId)
    world.h.clock.advance(HOUR - 1)
    expect(await world.find('red', first.externalId)).not.toBeNull()
    world.h.clock.advance(1)
    expect(await world.find('red', first.externalId)).toBeNull()
    expect(await devices.update({ ...ref, patch: { name: 'x' }, superseded: true })).toBeNull()
    expect(await topics.page({ ...ref, after: null, limit: 10, superseded: true })).toBeNull()
    expect(await users.clear(ref)).toBe(false)
    expect(await world.devices()).toEqual([])
    const again = await world.register('red', first.externalId, { identity, token })
    expect(again).toMatchObject({
      created: true,
      topics: [],
      user: null,
      expiresAt: null,
      pushToken: { token },
    })
    expect((await world.snapshot()).devices).toHaveLength(1)
  })

  test('is not in the way of another on its token', async () => {
    const world = await createWorld()
    const token = unique('token')
    const patch = { expiresAt: new Date(world.h.clock.now.getTime() + HOUR) }
    await world.register('red', unique('a'), { identity, token, patch })
    world.h.clock.advance(2 * HOUR)
    expect(await world.register('red', unique('b'), { identity, token })).toMatchObject({ created: true })
    expect(await world.register('red', unique('c'), { identity: 'key', token })).toMatchObject({
      created: true,
    })
    expect((await world.devices()).filter((one) => one.pushToken !== null)).toHaveLength(1)
  })

  test('can be over already when it registers', async () => {
    const world = await createWorld()
    const patch = { expiresAt: new Date(world.h.clock.now.getTime() - 1) }
    const device = await world.register('red', unique('a'), { identity, token: unique('token'), patch })
    expect(device.created).toBe(true)
    expect(await world.find('red', device.externalId)).toBeNull()
  })
})

describe.each(PAIRS)('R10, a phone in two dialects, by %s and by %s', (first, second) => {
  async function phone() {
    const world = await createWorld()
    const token = unique('token')
    const red = await world.register('red', unique('a'), { identity: first, token })
    const blue = await world.register('blue', unique('b'), { identity: second, token })
    return { world, token, red, blue }
  }

  test.each(['unregister', 'detach'] as const)('goes on in one when the other leaves: %s', async (how) => {
    const { world, token, red, blue } = await phone()
    expect(await world.h.gateway.devices[how](world.ref('red', red.externalId))).toBe(true)
    expect(await world.find('blue', blue.externalId)).toMatchObject({ pushToken: { token, state: 'live' } })
    expect(Object.values(await tokenStates(world))).toEqual([`live ${token}`])
    expect(await world.h.gateway.devices[how](world.ref('blue', blue.externalId))).toBe(true)
    expect(Object.values(await tokenStates(world))).toEqual(['gone'])
  })

  test('keeps the device that only gives up its token', async () => {
    const { world, token, red } = await phone()
    const ref = world.ref('red', red.externalId)
    await world.addTopics('red', red.externalId, 'news')
    await world.h.gateway.devices.detach(ref)
    const kept = { id: red.id, pushToken: null, supersededAt: null, topics: ['news'] }
    expect(await world.find('red', red.externalId)).toMatchObject(kept)
    expect(await world.h.gateway.devices.detach(ref)).toBe(true)
    expect(await world.register('red', red.externalId, { token })).toMatchObject({
      id: red.id,
      topics: ['news'],
    })
    expect(await world.h.gateway.devices.detach(world.ref('red', unique('unknown')))).toBe(false)
    const history = await world.h.gateway.directory.history(world.appId, red.id)
    expect(history.map((one) => one.kind)).toEqual(['attached', 'detached', 'subscribed', 'registered'])
  })

  test('goes from both when both leave at once', async () => {
    const { world, red, blue } = await phone()
    const leave = [world.ref('red', red.externalId), world.ref('blue', blue.externalId)]
    await Promise.all(leave.map((ref) => world.h.gateway.devices.unregister(ref)))
    expect(Object.values(await tokenStates(world))).toEqual(['gone'])
  })
})
