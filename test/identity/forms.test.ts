import { describe, expect, test } from 'vitest'
import type { PushTokenDraft } from '../../src/domain/push-token.ts'
import { createWorld, KINDS, type RegisterOptions, unique, type World } from './kit.ts'

const apns = (token: string): PushTokenDraft => ({ provider: 'apns', token })
const of = (provider: PushTokenDraft['provider'], token: string): PushTokenDraft => ({ provider, token })
const web = (token: string, endpoint?: string): PushTokenDraft => ({ provider: 'webpush', token, endpoint })
const HEX = 'ab12'.repeat(16)
const URL = 'https://push.test/Send/AbC'
const subscription = (endpoint: string) => JSON.stringify({ endpoint, keys: { p256dh: 'p-_1', auth: 'a' } })

const FORMS: readonly (readonly [string, PushTokenDraft, PushTokenDraft, 'same' | 'other'])[] = [
  ['APNs hex in upper case', apns(HEX), apns(HEX.toUpperCase()), 'same'],
  ['APNs hex in brackets, with blanks', apns(HEX), apns(`<${HEX.replace(/(.{8})/g, '$1 ').trim()}>`), 'same'],
  ['APNs hex of 160 characters', apns('AB'.repeat(80)), apns('ab'.repeat(80)), 'same'],
  ['APNs hex of 4 characters', apns('ABCD'), apns('abcd'), 'same'],
  ['APNs hex of another length', apns('abcd'), apns('abcdab'), 'other'],
  ['B07b: APNs hex with dashes', apns(HEX), apns(HEX.toUpperCase().replace(/(..)(?=.)/g, '$1-')), 'same'],
  ['APNs hex in brackets, with dashes', apns('abcd'), apns('<AB-CD>'), 'same'],
  ['APNs text that is not hex, with a dash', apns('xy-zw'), apns('xyzw'), 'other'],
  ['APNs text that is not hex', apns('xyzW'), apns('xyzw'), 'other'],
  ['APNs text that is not hex, with a blank', apns('xy zw'), apns('xyzw'), 'other'],
  ['FCM in upper case', of('fcm', 'abcd:EFG'), of('fcm', 'abcd:efg'), 'other'],
  ['FCM hex in upper case', of('fcm', 'abcd'), of('fcm', 'ABCD'), 'other'],
  ['FCM with a blank', of('fcm', 'abcd'), of('fcm', ' abcd'), 'other'],
  ['web push as JSON and as a URL', web(subscription(URL), URL), web(URL), 'same'],
  ['web push as base64 and as JSON', web(btoa(subscription(URL)), URL), web(subscription(URL), URL), 'same'],
  ['web push with another endpoint', web(URL), web(URL.toLowerCase()), 'other'],
  ['an e-mail address in upper case', of('email', 'A.b@Example.COM'), of('email', 'a.b@example.com'), 'same'],
  [
    'hostile F17: an e-mail address with a Kelvin sign',
    of('email', '\u212ay@a.com'),
    of('email', 'ky@a.com'),
    'other',
  ],
  [
    'hostile F17: an e-mail address with a dotted I',
    of('email', '\u0130@a.com'),
    of('email', 'i\u0307@a.com'),
    'other',
  ],
  ['an e-mail address with an umlaut in upper case', of('email', 'Ä@a.com'), of('email', 'ä@a.com'), 'other'],
  ['an e-mail address with a tag', of('email', 'a@example.com'), of('email', 'a+b@example.com'), 'other'],
  ['a telephone number with a blank', of('sms', '+4912'), of('sms', '+49 12'), 'other'],
  ['WNS in upper case', of('wns', 'https://a/B'), of('wns', 'https://a/b'), 'other'],
  ['the same text at another push service', of('fcm', 'abcd'), of('adm', 'abcd'), 'other'],
  ['Unicode of another composition', of('other', 'é'), of('other', 'e\u0301'), 'other'],
]

describe.each(KINDS)('R18, the token of a device known by its %s', (identity) => {
  test.each(FORMS)('%s', async (_, first, second, relation) => {
    const world = await createWorld()
    const before = await world.register('red', unique('a'), { identity, token: first })
    world.h.clock.advance(1000)
    const after = await world.register('red', unique('b'), { identity, token: second })
    if (relation === 'same') expect(after.pushToken?.id).toBe(before.pushToken?.id)
    else expect(after.pushToken?.id).not.toBe(before.pushToken?.id)
    // Kept exactly as it was last sent.
    expect(after.pushToken?.token).toBe(second.token)
    expect((await world.snapshot()).push_tokens).toHaveLength(relation === 'same' ? 1 : 2)
    const holders = (await world.devices()).filter((one) => one.pushToken !== null)
    expect(holders).toHaveLength(relation === 'same' ? 1 : 2)
  })

  test.each(FORMS.filter(([, , , relation]) => relation === 'same'))(
    'is found by the operator in any form: %s',
    async (_, first, second) => {
      const world = await createWorld()
      const device = await world.register('red', unique('a'), { identity, token: first })
      for (const { token } of [first, second]) {
        const page = await world.h.gateway.directory.devices(
          world.appId,
          { token },
          { after: null, limit: 10 },
        )
        expect(page.items.map((one) => one.id)).toEqual([device.id])
      }
    },
  )

  test('that changes in form only is stored in its new form, without a trace of a rotation', async () => {
    const world = await createWorld()
    const device = await world.register('red', unique('a'), { identity, token: apns(HEX) })
    const again = await world.register('red', device.externalId, { identity, token: apns(HEX.toUpperCase()) })
    expect(again).toMatchObject({ id: device.id, created: false, pushToken: { token: HEX.toUpperCase() } })
    const history = await world.h.gateway.directory.history(world.appId, device.id)
    expect(history.map((one) => one.kind)).toEqual(['registered'])
  })

  const ENVIRONMENTS: readonly (readonly [
    'production' | 'sandbox' | 'unknown',
    PushTokenDraft['environment'],
    string,
  ])[] = [
    ['production', 'unknown', 'production'],
    ['production', undefined, 'production'],
    ['production', 'sandbox', 'sandbox'],
    ['unknown', 'sandbox', 'sandbox'],
    ['unknown', undefined, 'unknown'],
  ]
  test.each(ENVIRONMENTS)('from %s with %s is in %s, and stays one', async (before, given, after) => {
    const world = await createWorld()
    const first = await world.register('red', unique('a'), {
      identity,
      token: { ...apns(HEX), environment: before },
    })
    const token = { ...apns(HEX), environment: given }
    const second = await world.register('red', first.externalId, { identity, token })
    expect(second.pushToken).toMatchObject({ id: first.pushToken?.id, environment: after })
  })

  test('keeps the keys of a browser until other ones come', async () => {
    const world = await createWorld()
    const token = (keys?: { p256dh: string; auth: string }) => ({ ...web(URL), keys })
    const keys = { p256dh: 'p', auth: 'a' }
    const device = await world.register('red', unique('a'), { identity, token: token(keys) })
    const again = (given?: typeof keys) =>
      world.register('red', device.externalId, { identity, token: token(given) })
    expect((await again()).pushToken?.keys).toEqual(keys)
    expect((await again({ p256dh: 'q', auth: 'b' })).pushToken?.keys).toEqual({ p256dh: 'q', auth: 'b' })
  })
})

describe('R19, an empty string', () => {
  const nothing = async (world: World) => expect((await world.snapshot()).push_tokens).toEqual([])
  const invalid = (at: string) => expect.objectContaining({ code: 'invalid', at })

  test('for a token is no token', async () => {
    const world = await createWorld()
    const id = unique('device')
    expect(await world.register('red', id, { token: '' })).toMatchObject({ created: true, pushToken: null })
    await nothing(world)
    const token = unique('token')
    await world.register('red', id, { token })
    expect(await world.register('red', id, { token: '' })).toMatchObject({ pushToken: { token } })
  })

  const REFUSED: readonly (readonly [string, string, string, RegisterOptions])[] = [
    ['a token where the token is the device', 'device', 'pushToken', { identity: 'token', token: '' }],
    ['no token where the token is the device', 'device', 'pushToken', { identity: 'token' }],
    ['an id', '', 'externalId', { token: 'token' }],
  ]
  test.each(REFUSED)('is refused for %s', async (_, id, at, options) => {
    const world = await createWorld()
    await expect(world.register('red', id, options)).rejects.toEqual(invalid(at))
    await nothing(world)
  })

  test('is refused for a token to rotate to and a user to bind', async () => {
    const world = await createWorld()
    const [id, token] = [unique('device'), unique('token')]
    const before = await world.register('red', id, { token })
    const { devices, users } = world.h.gateway
    const ref = world.ref('red', id)
    const rotation = devices.rotate({ ...ref, platform: 'android', pushToken: of('fcm', '') })
    await expect(rotation).rejects.toEqual(invalid('pushToken'))
    const binding = users.bind({
      ...ref,
      user: { id: '', proved: true },
      rules: { replace: true, limit: null },
    })
    await expect(binding).rejects.toEqual(invalid('user'))
    expect(await world.find('red', id)).toEqual({ ...before, created: undefined })
  })

  test('for a user in a registration leaves the user who is there', async () => {
    const world = await createWorld()
    const [id, token] = [unique('device'), unique('token')]
    const empty = { user: { id: '', proved: false }, name: 'n' }
    expect(await world.register('red', id, { token, patch: empty })).toMatchObject({ user: null, name: 'n' })
    await world.register('red', id, { token, patch: { user: { id: 'alice', proved: false } } })
    const update = { ...world.ref('red', id), patch: empty, superseded: false }
    expect(await world.h.gateway.devices.update(update)).toMatchObject({ user: { id: 'alice' } })
  })

  test('finds no device', async () => {
    const world = await createWorld()
    expect(await world.find('red', '')).toBeNull()
    expect(await world.h.gateway.devices.unregister(world.ref('red', ''))).toBe(false)
  })
})

describe.each(KINDS)('R20, the same token in another app, devices known by their %s', (identity) => {
  test('is another token, and neither app sees the other', async () => {
    const [one, two] = [await createWorld(), await createWorld()]
    const [id, token] = [unique('device'), unique('token')]
    const topics = { names: ['news'], when: 'created' as const }
    const first = await one.register('red', id, { identity, token, topics })
    const second = await two.register('red', id, { identity, token })
    const blue = await two.register('blue', unique('b'), { identity, token })
    expect(second).toMatchObject({ created: true, topics: [] })
    expect(blue.topics).toEqual([])
    expect(second.pushToken?.id).not.toBe(first.pushToken?.id)
    expect(await one.find('red', first.externalId)).toMatchObject({
      pushToken: { token },
      supersededAt: null,
    })
    await two.h.gateway.devices.unregister(two.ref('red', second.externalId))
    await two.h.gateway.devices.unregister(two.ref('blue', blue.externalId))
    expect(await one.find('red', first.externalId)).toMatchObject({
      topics: ['news'],
      pushToken: { state: 'live' },
    })
    expect(await one.h.gateway.directory.device(two.appId, first.id)).toBeNull()
  })
})

test('R12, a token that was marked dead lives again when it is registered', async () => {
  const world = await createWorld()
  const [id, token] = [unique('device'), unique('token')]
  const device = await world.register('red', id, { token })
  const kill = {
    statement: {
      text: "UPDATE push_tokens SET state = 'dead', state_reason = 'x' WHERE id = ?",
      binds: ['id'],
    },
    values: { id: device.pushToken?.id ?? '' },
  }
  await world.h.db.commit([kill])
  expect((await world.find('red', id))?.pushToken?.state).toBe('dead')
  expect(await world.register('red', id, { token })).toMatchObject({ pushToken: { token, state: 'live' } })
})
