import { describe, expect, test } from 'vitest'
import { createWorld, fcm, KINDS, POLICIES, unique } from './kit.ts'

const invalid = (at: string) => expect.objectContaining({ code: 'invalid', at })
const WORDS = ['', 'null', '(NULL)', 'undefined', 'nil', 'none', 'NaN', '[object Object]', 'BLACKLISTED']

describe('R19, words for nothing (B03)', () => {
  test.each(WORDS)('%j is no token: a device known by its id has none', async (word) => {
    const world = await createWorld()
    const id = unique('device')
    expect(await world.register('red', id, { token: word })).toMatchObject({ pushToken: null })
    const token = unique('token')
    await world.register('red', id, { token })
    expect(await world.register('red', id, { token: word })).toMatchObject({ pushToken: { token } })
    const rotation = world.h.gateway.devices.rotate({
      ...world.ref('red', id),
      platform: 'android',
      pushToken: fcm(word),
    })
    await expect(rotation).rejects.toEqual(invalid('pushToken'))
  })

  test.each(WORDS)('%j is no token: a device that is its token is refused', async (word) => {
    const world = await createWorld()
    const registration = world.register('red', unique('device'), { identity: 'token', token: word })
    await expect(registration).rejects.toEqual(invalid('pushToken'))
    expect((await world.snapshot()).devices).toEqual([])
  })

  test.each(WORDS)('%j is no id', async (word) => {
    const world = await createWorld()
    await expect(world.register('red', word, { token: 'token' })).rejects.toEqual(invalid('externalId'))
    expect((await world.snapshot()).push_tokens).toEqual([])
  })

  test.each(WORDS.slice(1))('a person may be called %j', async (word) => {
    const world = await createWorld()
    const patch = { user: { id: word, proved: false } }
    expect(await world.register('red', unique('device'), { patch })).toMatchObject({ user: { id: word } })
  })
})

describe.each([
  'unknown',
  '00000000-0000-0000-0000-000000000000',
  '0123456789ABCDEF',
  '9774d56d682e549c',
  'aaaaaaaa',
])('R21, the id %s (B04)', (id) => {
  test('is told apart by the token, and answered as it was sent', async () => {
    const world = await createWorld()
    const first = await world.register('red', id, { token: 't1', topics: { names: ['a'], when: 'created' } })
    const second = await world.register('red', id.toUpperCase(), { token: 't2' })
    expect([first.externalId, second.externalId]).toEqual([id, id.toUpperCase()])
    const again = await world.register('red', id, { token: 't1' })
    expect(again).toMatchObject({ id: first.id, created: false, externalId: id, topics: ['a'] })
    const held = await world.devices()
    expect(held.map((one) => one.pushToken?.token).sort()).toEqual(['t1', 't2'])
    for (const one of held) expect(one.externalId).toMatch(/^shared:[0-9a-f]{32}$/)
    expect(held.every((one) => one.supersededAt === null)).toBe(true)
  })

  test('alone finds nobody, changes nobody and makes nobody', async () => {
    const world = await createWorld()
    await world.register('red', id, { token: 't1', topics: { names: ['a'], when: 'created' } })
    const { devices, topics, tags, users, receipts, subscriptions } = world.h.gateway
    const ref = world.ref('red', id)
    const before = await world.snapshot()
    await expect(world.register('red', id)).rejects.toMatchObject({ code: 'device_unknown' })
    await expect(world.register('red', id, { token: 'null' })).rejects.toMatchObject({
      code: 'device_unknown',
    })
    expect(await devices.find(ref)).toBeNull()
    expect(await devices.update({ ...ref, patch: { name: 'x' }, superseded: true })).toBeNull()
    expect(await devices.rotate({ ...ref, platform: 'android' })).toBeNull()
    expect(await devices.detach(ref)).toBe(false)
    expect(await devices.unregister(ref)).toBe(false)
    const change = { ...ref, names: ['b'], policy: POLICIES.red, superseded: true }
    expect(await topics.add(change)).toBe('unknown')
    expect(await topics.replace(change)).toBe('unknown')
    expect(await topics.remove({ ...change, names: ['a'] })).toBe('unknown')
    expect(await topics.leave({ ...ref, names: ['a'] })).toBeNull()
    expect(await topics.page({ ...ref, after: null, limit: 10, superseded: true })).toBeNull()
    expect(await tags.change({ ...ref, changes: [{ name: 'a', do: 'remove' }] })).toBeNull()
    expect(await tags.read(ref)).toBeNull()
    expect(await users.clear(ref)).toBe(false)
    const rules = { replace: true, limit: null }
    expect(await users.bind({ ...ref, user: { id: 'u', proved: true }, rules })).toBe('unknown')
    expect(await receipts.record({ ...ref, messageId: 'm', kind: 'opened' })).toBe(false)
    expect(await subscriptions.add({ ...ref, names: ['b'], policy: POLICIES.blue })).toBeNull()
    expect(await world.snapshot()).toEqual(before)
  })

  test('with another token is the device of that token', async () => {
    const world = await createWorld()
    const first = await world.register('red', id, { token: 't1' })
    await world.register('red', id, { token: 't2' })
    const rotate = (token: string) =>
      world.h.gateway.devices.rotate({ ...world.ref('red', id), platform: 'ios', pushToken: fcm(token) })
    expect(await rotate('t1')).toMatchObject({ id: first.id, externalId: id, platform: 'ios' })
    expect(await rotate('t3')).toBeNull()
    expect((await world.devices()).map((one) => one.pushToken?.token).sort()).toEqual(['t1', 't2'])
  })

  test('says which device it is where a device is its token', async () => {
    const world = await createWorld()
    const options = { token: id, idIsToken: true }
    expect(await world.register('red', id, options)).toMatchObject({ created: true })
    expect(await world.register('red', id, options)).toMatchObject({ created: false, externalId: id })
    expect((await world.devices()).map((one) => one.externalId)).toEqual([id])
    const ref = { ...world.ref('red', id), idIsToken: true }
    expect(await world.h.gateway.devices.unregister(ref)).toBe(true)
  })
})

describe.each(KINDS)(
  'B06a, B06d: a description in the place of a token, devices known by their %s',
  (identity) => {
    test.each([
      '{length = 32, bytes = 0x740f4707 bebcf74f ... 462c7eaf 61bb78ad }',
      '{length=32,bytes=0x740f4707bebcf74f...462c7eaf61bb78ad}',
      ' { Length = 100 , bytes = 0x0 }',
      '32 bytes',
    ])('%s is kept out of use until a token comes', async (text) => {
      const world = await createWorld()
      const description = { provider: 'apns' as const, token: text }
      const id = unique('device')
      const described = await world.register('red', id, { identity, token: description })
      expect(described).toMatchObject({ enabled: false, pushToken: { token: text } })
      const again = await world.register('red', described.externalId, { identity, token: description })
      expect(again).toMatchObject({ id: described.id, created: false, enabled: false })
      const rotated = await world.h.gateway.devices.rotate({
        ...world.ref('red', described.externalId),
        platform: 'ios',
        pushToken: { provider: 'apns', token: 'ab12' },
      })
      expect(rotated).toMatchObject({ enabled: true, pushToken: { token: 'ab12' } })
    })

    test.each(['{"length":32}', 'length = 32, bytes', '32 bytes:x', '32bytes'])(
      '%s is a token',
      async (text) => {
        const world = await createWorld()
        const token = { provider: 'fcm' as const, token: text }
        expect(await world.register('red', unique('device'), { identity, token })).toMatchObject({
          enabled: true,
        })
      },
    )
  },
)

describe('R22, text that cannot be stored (C4, F10)', () => {
  const REPAIRED = [
    ['x\ud83d', 'x\ufffd'],
    ['\ude00', '\ufffd'],
    ['a\0b', 'a\ufffdb'],
  ] as const
  const BROKEN = REPAIRED.map(([text]) => text)

  test.each(BROKEN)(
    '%j is refused for ids, tokens, users and topics, and nothing is stored',
    async (text) => {
      const world = await createWorld()
      const user = { id: text, proved: false }
      await expect(world.register('red', text, { token: 't' })).rejects.toEqual(invalid('externalId'))
      await expect(world.register('red', 'd', { token: text })).rejects.toEqual(invalid('pushToken'))
      const byToken = world.register('red', 'd', { identity: 'token', token: text })
      await expect(byToken).rejects.toEqual(invalid('pushToken'))
      await expect(world.register('red', 'd', { patch: { user } })).rejects.toEqual(invalid('user'))
      const topics = { names: ['a', text], when: 'always' as const }
      await expect(world.register('red', 'd', { topics })).rejects.toEqual(invalid('topics'))
      expect((await world.snapshot()).devices).toEqual([])

      await world.register('red', 'd', { token: 't' })
      const before = await world.snapshot()
      const { devices, users, catalogue, receipts } = world.h.gateway
      const ref = world.ref('red', 'd')
      await expect(devices.update({ ...ref, patch: { user }, superseded: true })).rejects.toEqual(
        invalid('user'),
      )
      const rotation = devices.rotate({ ...ref, platform: 'android', pushToken: fcm(text) })
      await expect(rotation).rejects.toEqual(invalid('pushToken'))
      const binding = users.bind({ ...ref, user, rules: { replace: true, limit: null } })
      await expect(binding).rejects.toEqual(invalid('user'))
      await expect(users.move({ ...ref, from: 'u', to: text })).rejects.toEqual(invalid('user'))
      await expect(world.addTopics('red', 'd', text)).rejects.toEqual(invalid('topics'))
      const named = catalogue.create({ app: world.apps.blue, name: text, description: '' })
      await expect(named).rejects.toEqual(invalid('topics'))
      expect(await devices.find(world.ref('red', text))).toBeNull()
      const report = { ...world.ref('red', text), messageId: text, kind: 'opened' as const }
      expect(await receipts.record(report)).toBe(false)
      expect(await world.snapshot()).toEqual(before)
    },
  )

  test.each(REPAIRED)('%j is repaired where it only describes, once', async (text, repaired) => {
    const world = await createWorld()
    const patch = { name: text, model: text, osVersion: text, details: { [text]: [text, { a: text }] } }
    const device = await world.register('red', 'd', { token: 't', patch })
    const whole = { name: repaired, model: repaired, details: { [repaired]: [repaired, { a: repaired }] } }
    expect(device).toMatchObject(whole)
    const commits = world.commits()
    expect(await world.register('red', 'd', { token: 't', patch })).toMatchObject({
      created: false,
      ...whole,
    })
    expect(world.commits(), 'the same description changes nothing').toBe(commits)
    const { catalogue } = world.h.gateway
    const topic = await catalogue.create({ app: world.apps.blue, name: 'n', description: text })
    expect(topic).toMatchObject({ description: repaired })
    const renewed = await catalogue.update({ app: world.apps.blue, name: 'n', description: `${text}!` })
    expect(renewed).toMatchObject({ description: `${repaired}!` })
  })
})
