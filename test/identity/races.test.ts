import { describe, expect, test } from 'vitest'
import { WAYS } from '../contract/ways.ts'
import { createWorld, KINDS, POLICIES, unique } from './kit.ts'

const EACH = KINDS.flatMap((kind) => Object.entries(WAYS).map(([name, way]) => [kind, name, way] as const))

describe.each(EACH)('R16, equal calls at once, devices known by their %s, %s', (identity, _, way) => {
  test('are 20 devices and 80 successes', async () => {
    const world = await createWorld({}, undefined, way())
    const phones = Array.from({ length: 20 }, () => ({ id: unique('device'), token: unique('token') }))
    const calls = phones.flatMap((phone) =>
      Array.from({ length: 4 }, (_, call) => {
        // If the token identifies the device, each call proposes a different id.
        const id = identity === 'key' ? phone.id : `${phone.id} ${call}`
        return world.register('red', id, { identity, token: phone.token, patch: { name: 'n' } })
      }),
    )
    const answers = await Promise.all(calls)
    expect(answers).toHaveLength(80)
    expect(new Set(answers.map((one) => one.id)).size).toBe(20)
    expect(new Set(answers.map((one) => one.externalId)).size).toBe(20)
    expect(answers.filter((one) => one.created)).toHaveLength(20)
    const { devices, push_tokens: tokens } = await world.snapshot()
    expect([devices?.length, tokens?.length]).toEqual([20, 20])
    const registered = (await world.snapshot()).events?.filter((one) => one.kind === 'registered')
    expect(registered).toHaveLength(20)
  })

  test('are all undone by as many removals, of which one finds the device', async () => {
    const world = await createWorld({}, undefined, way())
    const device = await world.register('red', unique('device'), { identity, token: unique('token') })
    const ref = world.ref('red', device.externalId)
    const removed = await Promise.all(
      Array.from({ length: 5 }, () => world.h.gateway.devices.unregister(ref)),
    )
    expect(removed.filter((one) => one)).toHaveLength(1)
    expect((await world.snapshot()).devices).toEqual([])
  })

  test('that differ leave one of them, whole', async () => {
    const world = await createWorld({}, undefined, way())
    const [id, token] = [unique('device'), unique('token')]
    const names = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(
      names.map((name) => world.register('red', id, { identity, token, patch: { name, model: name } })),
    )
    const [device, ...others] = await world.devices()
    expect(others).toEqual([])
    expect(names).toContain(device?.name)
    expect(device?.model).toBe(device?.name)
  })
})

describe('R17, topics', () => {
  const change = (names: readonly string[]) => ({ names, policy: POLICIES.blue, superseded: false })

  test('added and removed at once all count, and each name once', async () => {
    const world = await createWorld()
    const id = unique('device')
    await world.register('blue', id, {
      token: unique('token'),
      topics: { names: ['x', 'y'], when: 'created' },
    })
    const ref = world.ref('blue', id)
    const { topics } = world.h.gateway
    await Promise.all([
      topics.remove({ ...ref, ...change(['x']) }),
      topics.add({ ...ref, ...change(['a', 'b', 'a']) }),
      topics.add({ ...ref, ...change(['b', 'c']) }),
      topics.remove({ ...ref, ...change(['y', 'z']) }),
    ])
    expect((await world.find('blue', id))?.topics).toEqual(['a', 'b', 'c'])
  })

  test('keep the ids of their subscriptions when the set is replaced', async () => {
    const world = await createWorld()
    const id = unique('device')
    await world.register('blue', id, { token: unique('token') })
    const ids = async () =>
      Object.fromEntries(((await world.snapshot()).subscriptions ?? []).map((row) => [row.topic, row.id]))
    const { topics } = world.h.gateway
    await topics.replace({ ...world.ref('blue', id), ...change(['a', 'b']) })
    const before = await ids()
    await topics.replace({ ...world.ref('blue', id), ...change(['b', 'c']) })
    const after = await ids()
    expect(Object.keys(after)).toEqual(['b', 'c'])
    expect(after.b).toBe(before.b)
    expect(new Set([...Object.values(before), ...Object.values(after)]).size).toBe(3)
    for (const one of Object.values(after)) expect(one).toMatch(/^[0-9a-f]{32}$/)
  })
})
