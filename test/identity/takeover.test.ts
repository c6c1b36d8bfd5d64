import { describe, expect, test } from 'vitest'
import { createWorld, fcm, POLICIES, tokenStates, unique, type World } from './kit.ts'

/** An old device with a user, a topic and a tag, whose token a new one takes over. */
async function takenOver() {
  const world = await createWorld()
  const [oldId, newId, token] = [unique('old'), unique('new'), unique('token')]
  const before = await world.register('red', oldId, {
    token,
    patch: { user: { id: 'alice', proved: false } },
  })
  await world.addTopics('red', oldId, 'news')
  await world.h.gateway.tags.change({
    ...world.ref('red', oldId),
    changes: [{ name: 'level', do: 'set', as: [{ type: 'n', value: 3 }] }],
  })
  world.h.clock.advance(1000)
  const after = await world.register('red', newId, { token, patch: { user: { id: 'bob', proved: false } } })
  return { world, oldId, newId, token, before, after }
}
const tokenOf = async (world: World, id: string) => (await world.find('red', id))?.pushToken?.token ?? null

describe('R2, a token that arrives under another id', () => {
  test('moves to the new device, while the old one keeps all but the token', async () => {
    const { world, oldId, before, after, token } = await takenOver()
    expect(after).toMatchObject({
      created: true,
      pushToken: { token, state: 'live' },
      user: { id: 'bob' },
      topics: [],
      tags: {},
      supersededAt: null,
    })
    expect(await world.find('red', oldId)).toMatchObject({
      id: before.id,
      pushToken: null,
      supersededAt: world.h.clock.now,
      user: { id: 'alice' },
      topics: ['news'],
      tags: { level: 3 },
    })
  })

  test('is listed in the history of the old device with its cause', async () => {
    const { world, newId, before } = await takenOver()
    const [event] = await world.h.gateway.directory.history(world.appId, before.id)
    expect(event).toMatchObject({
      kind: 'superseded',
      cause: 'test',
      detail: { pushTokenId: before.pushToken?.id, by: newId },
    })
  })

  test('is one installation with the new device alone, and one token', async () => {
    const { world, oldId, newId } = await takenOver()
    const { items } = await world.h.gateway.directory.installations(
      world.appId,
      {},
      { after: null, limit: 10 },
    )
    const shown = items.map((one) => one.devices.map((device) => device.externalId).join())
    expect(shown.toSorted()).toEqual([newId, oldId].toSorted())
    expect(Object.keys(await tokenStates(world))).toHaveLength(1)
  })
})

describe('R3, a superseded id that calls again', () => {
  test('with the token takes it back, topics, tags and user as they were', async () => {
    const { world, oldId, newId, token } = await takenOver()
    const back = await world.register('red', oldId, { token })
    expect(back).toMatchObject({
      created: false,
      supersededAt: null,
      pushToken: { token },
      topics: ['news'],
      tags: { level: 3 },
      user: { id: 'alice' },
    })
    expect(await world.find('red', newId)).toMatchObject({ pushToken: null, supersededAt: world.h.clock.now })
  })

  test('with a token of its own registers afresh and takes nothing from the new one', async () => {
    const { world, oldId, newId, token } = await takenOver()
    const own = unique('token')
    expect(await world.register('red', oldId, { token: own })).toMatchObject({
      pushToken: { token: own },
      supersededAt: null,
    })
    expect(await tokenOf(world, newId)).toBe(token)
  })

  test('without a token changes itself and stays without one', async () => {
    const { world, oldId, newId, token } = await takenOver()
    expect(await world.register('red', oldId, { patch: { name: 'changed' } })).toMatchObject({
      name: 'changed',
      pushToken: null,
      supersededAt: expect.any(Date),
    })
    expect(await world.addTopics('red', oldId, 'more')).toBe('done')
    const { update } = world.h.gateway.devices
    const change = { ...world.ref('red', oldId), patch: { name: 'again' } }
    expect(await update({ ...change, superseded: true })).toMatchObject({
      name: 'again',
      topics: ['more', 'news'],
    })
    expect(await update({ ...change, superseded: false })).toBeNull()
    expect(await world.find('red', newId)).toMatchObject({ pushToken: { token }, topics: [], name: null })
  })

  test('is unknown where its dialect says so, and a rotation or a user does not revive it', async () => {
    const { world, oldId } = await takenOver()
    const { topics, devices, users } = world.h.gateway
    const ref = world.ref('red', oldId)
    const change = { ...ref, names: ['x'], policy: POLICIES.red, superseded: false }
    const before = await world.snapshot()
    expect(await topics.add(change)).toBe('unknown')
    expect(await topics.replace(change)).toBe('unknown')
    expect(await topics.remove(change)).toBe('unknown')
    expect(await topics.page({ ...ref, after: null, limit: 10, superseded: false })).toBeNull()
    expect(await devices.rotate({ ...ref, platform: 'ios', pushToken: fcm(unique('token')) })).toBeNull()
    const rules = { replace: true, limit: null }
    expect(await users.bind({ ...ref, user: { id: 'eve', proved: true }, rules })).toBe('unknown')
    expect(await world.snapshot()).toEqual(before)
  })
})

describe('R4, a device with a new token', () => {
  test.each(['register', 'rotate'] as const)('leaves the old one gone, its text erased: %s', async (how) => {
    const world = await createWorld()
    const [id, first, second] = [unique('device'), unique('token'), unique('token')]
    const { id: rowId, pushToken: old } = await world.register('red', id, {
      token: first,
      topics: { names: ['a'], when: 'created' },
    })
    const rotated =
      how === 'register'
        ? await world.register('red', id, { token: second })
        : await world.h.gateway.devices.rotate({
            ...world.ref('red', id),
            platform: 'android',
            pushToken: fcm(second),
          })
    expect(rotated).toMatchObject({ id: rowId, pushToken: { token: second, state: 'live' }, topics: ['a'] })
    expect(await tokenStates(world)).toEqual({
      [old?.id ?? '']: 'gone',
      [rotated?.pushToken?.id ?? '']: `live ${second}`,
    })
    const [event] = await world.h.gateway.directory.history(world.appId, rowId)
    expect(event).toMatchObject({ kind: 'rotated', detail: { pushTokenId: old?.id } })
  })

  test('leaves the old one alive for another dialect', async () => {
    const world = await createWorld()
    const [id, other, first, second] = [unique('device'), unique('other'), unique('token'), unique('token')]
    await world.register('red', id, { token: first })
    await world.register('blue', other, { token: first })
    await world.register('red', id, { token: second })
    expect(Object.values(await tokenStates(world)).toSorted()).toEqual(
      [`live ${first}`, `live ${second}`].toSorted(),
    )
    expect((await world.find('blue', other))?.pushToken?.token).toBe(first)
  })

  test('may have its first token again', async () => {
    const world = await createWorld()
    const [id, first, second] = [unique('device'), unique('token'), unique('token')]
    for (const token of [first, second, first]) await world.register('red', id, { token })
    expect(await tokenOf(world, id)).toBe(first)
    expect(Object.values(await tokenStates(world)).toSorted()).toEqual(['gone', `live ${first}`])
  })

  test('of an unknown id is not rotated, and nothing is made', async () => {
    const world = await createWorld()
    const rotation = {
      ...world.ref('red', unique('device')),
      platform: 'ios' as const,
      pushToken: fcm(unique('token')),
    }
    expect(await world.h.gateway.devices.rotate(rotation)).toBeNull()
    expect(await world.snapshot()).toEqual({
      devices: [],
      push_tokens: [],
      subscriptions: [],
      receipts: [],
      events: [],
      tags: [],
    })
  })

  test('is found by the new one where it is its token', async () => {
    const world = await createWorld()
    const [first, second] = [unique('token'), unique('token')]
    const device = await world.register('red', unique('id'), { identity: 'token', token: first })
    const ref = world.ref('red', device.externalId)
    await world.h.gateway.devices.rotate({ ...ref, platform: 'android', pushToken: fcm(second) })
    const again = await world.register('red', unique('id'), { identity: 'token', token: second })
    expect(again).toMatchObject({ id: device.id, externalId: device.externalId, created: false })
    const fresh = await world.register('red', unique('id'), { identity: 'token', token: first })
    expect(fresh).toMatchObject({ created: true })
    expect(fresh.id).not.toBe(device.id)
  })
})

describe('R5, a device whose new token another one holds', () => {
  test.each(['register', 'rotate'] as const)('takes it in one write: %s', async (how) => {
    const world = await createWorld()
    const [a, b, first, second] = [unique('a'), unique('b'), unique('token'), unique('token')]
    await world.register('red', a, { token: first })
    await world.register('red', b, { token: second })
    const commits = world.commits()
    if (how === 'register') await world.register('red', a, { token: second })
    else
      await world.h.gateway.devices.rotate({
        ...world.ref('red', a),
        platform: 'android',
        pushToken: fcm(second),
      })
    expect(world.commits()).toBe(commits + 1)
    expect([await tokenOf(world, a), await tokenOf(world, b)]).toEqual([second, null])
    expect((await world.find('red', b))?.supersededAt).toEqual(world.h.clock.now)
    expect(Object.values(await tokenStates(world)).toSorted()).toEqual(['gone', `live ${second}`])
  })

  test('may be two that swap at once', async () => {
    const world = await createWorld()
    const [a, b, first, second] = [unique('a'), unique('b'), unique('token'), unique('token')]
    for (let turn = 0; turn < 10; turn++) {
      const [left, right] = turn % 2 === 0 ? [first, second] : [second, first]
      await Promise.all([
        world.register('red', a, { token: left }),
        world.register('red', b, { token: right }),
      ])
      expect([await tokenOf(world, a), await tokenOf(world, b)]).toEqual([left, right])
    }
    for (const device of await world.devices())
      expect(device).toMatchObject({ supersededAt: null, pushToken: { state: 'live' } })
  })

  test('leaves one holder, however many want it at once', async () => {
    const world = await createWorld()
    const [ids, token] = [Array.from({ length: 12 }, () => unique('device')), unique('token')]
    for (const id of ids) await world.register('red', id, { token: unique('token') })
    await Promise.all(ids.map((id) => world.register('red', id, { token })))
    const devices = await world.devices()
    expect(devices.filter((one) => one.pushToken !== null)).toHaveLength(1)
    expect(devices.filter((one) => one.supersededAt !== null)).toHaveLength(11)
  })
})
