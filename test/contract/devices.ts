import { describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import { allowedBy, type TopicPolicy } from '../../src/domain/topic.ts'
import { keyOf, POLICY, type StoreKit, tokenDraft, unique } from './kit.ts'

const HOUR = 3_600_000

/** Identity R1 to R20, as far as one write decides them. */
export function deviceContract(kit: () => StoreKit): void {
  const devices = () => kit().store.devices
  const now = () => kit().clock.now
  const occasion = () => kit().occasion()
  const find = (key: DeviceKey) => devices().findByKey(key, now())
  const keyIn = async (dialect = 'red') => keyOf(await kit().createApp(), dialect)
  const kinds = async ({ appId }: DeviceKey, id: string) =>
    (await kit().store.directory.history(appId, id)).map(({ kind }) => kind)

  describe('a registration', () => {
    test('makes a device with all that it says, which comes back as it was', async () => {
      const key = await keyIn()
      const patch = {
        user: { id: 'alice', proved: true },
        name: 'Grüße 👋🏽',
        model: null,
        language: 'de',
        enabled: false,
        expiresAt: new Date(now().getTime() + HOUR),
        details: { nested: { fraction: 0.1 + 0.2, list: [1, null, true, '1'] }, empty: {} },
      }
      const token = unique('t')
      const { device, created } = await kit().register(key, { token, patch, platform: 'web' })
      expect(created).toBe(true)
      expect(device).toMatchObject({ ...key, ...patch, platform: 'web', supersededAt: null, osVersion: null })
      expect(device.pushToken).toMatchObject({
        token,
        provider: 'fcm',
        state: 'live',
        registeredAt: now(),
        deliveredAt: null,
      })
      expect([device.createdAt, device.lastSeenAt]).toEqual([now(), now()])
      expect(await find(key)).toEqual(device)
    })

    test('repeated is the same device: what is absent stays, null clears, members of details are replaced', async () => {
      const key = await keyIn()
      const before = { name: 'a', language: 'de', details: { kept: 1, changed: { a: 1 }, gone: 1 } }
      const { device } = await kit().register(key, { token: unique('t'), patch: before })
      kit().clock.advance(HOUR)
      const patch = { language: null, details: { changed: { b: 2 }, gone: null } }
      const again = await kit().register(key, { patch, platform: 'ios' })
      expect([again.created, again.device.id]).toEqual([false, device.id])
      expect(again.device).toMatchObject({
        platform: 'ios',
        name: 'a',
        language: null,
        details: { kept: 1, changed: { b: 2 } },
        pushToken: { id: device.pushToken?.id },
        createdAt: device.createdAt,
        lastSeenAt: now(),
      })
      expect(again.device.details).not.toHaveProperty('gone')
      const kept = await kit().register(key, { platform: 'web', keepPlatform: true })
      expect(kept.device.platform).toBe('ios')
    })

    test('gives what is only for a device without any', async () => {
      const key = await keyIn()
      const claim = (id: string, language: string) => ({ ifNone: { user: { id, proved: false }, language } })
      await kit().register(key, { patch: claim('alice', 'de') })
      await kit().register(key, { patch: claim('bob', 'fr') })
      expect(await find(key)).toMatchObject({ user: { id: 'alice', proved: false }, language: 'de' })
    })

    test('R2: takes the token from the dialect’s other device, which keeps all else; another dialect’s stays', async () => {
      const [old, token] = [await keyIn(), unique('t')]
      const [current, blue] = [keyOf(old.appId), keyOf(old.appId, 'blue')]
      const topics = { names: ['a'], when: 'created' as const }
      const { device } = await kit().register(old, { token, topics, carryOver: false })
      await kit().register(blue, { token, carryOver: false })
      await kit().register(current, { token, carryOver: false })
      expect(await find(old)).toMatchObject({ pushToken: null, supersededAt: now(), topics: ['a'] })
      expect(await find(current)).toMatchObject({ pushToken: { id: device.pushToken?.id }, topics: [] })
      expect(await find(blue)).toMatchObject({ pushToken: { id: device.pushToken?.id } })
      expect(await kinds(old, device.id)).toEqual(['superseded', 'registered'])
      await kit().register(old, { token })
      expect(await find(old)).toMatchObject({ supersededAt: null, pushToken: { id: device.pushToken?.id } })
      expect(await find(current)).toMatchObject({ pushToken: null, supersededAt: now() })
    })

    test('R4: leaves no token behind that nobody has', async () => {
      const [key, first, second] = [await keyIn(), unique('t'), unique('t')]
      await kit().register(key, { token: first })
      await kit().register(key, { token: second })
      expect(
        (await devices().look({ key, identity: 'token', token: tokenDraft(first) }, now())).device,
      ).toBeNull()
      expect(await find(key)).toMatchObject({ pushToken: { token: second } })
      const { items } = await kit().store.directory.installations(key.appId, {}, { after: null, limit: 9 })
      expect(items).toHaveLength(1)
    })

    test.each<[string, TopicPolicy['refused']]>([
      ['any', []],
      ['what holds a pattern’s star', [{ holds: '*' }]],
      ['what holds a bracket, or a text', [{ holds: '[' }, { holds: 'b%' }]],
      ['what is not of a set', [{ holdsOtherThan: 'a-z_.*-' }]],
    ])(
      'R6: carries the topics of the phone over once, and those alone that may be: %s',
      async (_, refused) => {
        const [red, token] = [await keyIn(), unique('t')]
        const blue = keyOf(red.appId, 'blue')
        const names = ['a', 'ab%', 'A', 'x*', '*', '[a', 'a_-', '👋👋👋👋', '👋👋👋👋👋', 'own', 'é']
        await kit().register(red, { token, topics: { names, when: 'always' } })
        const policy = { ...POLICY, maxLength: 4, refused, automatic: ['own'] }
        await kit().register(blue, { token, policy })
        const may = allowedBy(policy)
        const expected = names.filter((name) => name !== 'own' && may(name))
        expect((await find(blue))?.topics.toSorted()).toEqual(expected.toSorted())
        await devices().remove(blue, occasion())
        await kit().register(blue, { token, policy })
        expect((await find(blue))?.topics).toEqual([])
      },
    )

    test('by token is the device that holds it, whatever it calls itself', async () => {
      const [key, token] = [await keyIn(), unique('t')]
      const first = await kit().register(key, { token, identity: 'token' })
      const second = await kit().register(keyOf(key.appId), {
        token,
        identity: 'token',
        patch: { name: 'b' },
      })
      expect([first.created, second.created]).toEqual([true, false])
      expect(second.device).toMatchObject({ id: first.device.id, externalId: key.externalId, name: 'b' })
    })

    test.each(['key', 'token'] as const)('of one %s by several at once is one device', async (identity) => {
      const [key, token] = [await keyIn(), unique('t')]
      const name = () => (identity === 'key' ? key : keyOf(key.appId))
      const all = await Promise.all(
        Array.from({ length: 10 }, () => kit().register(name(), { token, identity })),
      )
      expect(new Set(all.map(({ device }) => device.id)).size).toBe(1)
      expect(all.filter(({ created }) => created)).toHaveLength(1)
      expect(await kit().store.directory.stats(key.appId, now())).toMatchObject({ total: 1, active: 1 })
    })

    test('of one token by several devices at once leaves it to one of them', async () => {
      const [key, token] = [await keyIn(), unique('t')]
      const keys = [key, ...Array.from({ length: 9 }, () => keyOf(key.appId))]
      await Promise.all(keys.map((one) => kit().register(one, { token })))
      const found = await Promise.all(keys.map(find))
      expect(found.filter((one) => one?.pushToken)).toHaveLength(1)
      expect(found.filter((one) => one?.supersededAt)).toHaveLength(9)
      expect(await kit().store.directory.stats(key.appId, now())).toMatchObject({ total: 10, active: 1 })
    })

    test('for an existing device makes none, and passes a superseded one over unless told otherwise', async () => {
      const [key, token] = [await keyIn(), unique('t')]
      const draft = { existing: true, patch: { name: 'x' } }
      await expect(kit().register(key, draft)).rejects.toThrow('nothing was registered')
      expect(await find(key)).toBeNull()
      await kit().register(key, { token })
      await kit().register(keyOf(key.appId), { token })
      await expect(kit().register(key, draft)).rejects.toThrow('nothing was registered')
      expect((await find(key))?.name).toBeNull()
      await kit().register(key, { ...draft, superseded: true })
      expect((await find(key))?.name).toBe('x')
    })

    test('keeps the newer token where the device no longer holds the one that it goes by', async () => {
      const [key, first, second, third] = [await keyIn(), unique('t'), unique('t'), unique('t')]
      const { device } = await kit().register(key, { token: first })
      const holding = device.pushToken?.id
      await kit().register(key, { token: second, holding })
      expect(await find(key)).toMatchObject({ pushToken: { token: second } })
      await kit().register(key, { token: third, holding, patch: { name: 'x' } })
      expect(await find(key)).toMatchObject({ pushToken: { token: second }, name: 'x' })
    })

    test.each([
      ['always', ['a', 'b'], ['a', 'b', 'c']],
      ['created', ['a', 'b'], ['a', 'b']],
    ] as const)('brings topics %s', async (when, first, second) => {
      const key = await keyIn()
      await kit().register(key, { topics: { names: first, when } })
      await kit().register(key, { topics: { names: ['c'], when } })
      expect((await find(key))?.topics).toEqual(second)
    })

    test('with too many topics is none, also where several come at once', async () => {
      const key = await keyIn()
      const policy = { ...POLICY, limit: 3 }
      const topics = (...names: string[]) => ({ policy, topics: { names, when: 'always' as const } })
      await expect(kit().register(key, topics('a', 'b', 'c', 'd'))).rejects.toThrow('nothing was registered')
      expect(await find(key)).toBeNull()
      const tries = Array.from({ length: 8 }, (_, at) => kit().register(key, topics(`t${at}`)))
      const done = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled')
      expect([done.length, (await find(key))?.topics.length]).toEqual([3, 3])
    })

    test('brings first tags to a device that it makes, before the others', async () => {
      const key = await keyIn()
      const firstTags = [{ name: 'a', type: 'text', value: 'first' }]
      const tags = [{ name: 'b', do: 'set' as const, as: [{ type: 'text', value: 'x' }] }]
      await kit().register(key, { firstTags, tags })
      await kit().register(key, { firstTags: [{ name: 'c', type: 'text', value: 'late' }] })
      expect((await find(key))?.tags).toEqual({ a: 'first', b: 'x' })
    })

    test('puts the devices of the user that are alike out of use, where it makes a new one', async () => {
      const appId = await kit().createApp()
      const patch = { user: { id: 'alice', proved: false }, name: 'phone', model: 'one' }
      const [old, other, key] = [keyOf(appId), keyOf(appId), keyOf(appId)]
      await kit().register(old, { token: unique('t'), patch })
      await kit().register(other, { token: unique('t'), patch: { ...patch, model: 'two' } })
      await kit().register(key, { token: unique('t'), patch, replacesAlike: true })
      const enabled = await Promise.all([old, other, key].map(async (one) => (await find(one))?.enabled))
      expect(enabled).toEqual([false, true, true])
      expect(await kit().store.directory.stats(appId, now())).toMatchObject({ total: 3, active: 2 })
    })

    test('begins anew where the time of the device is over', async () => {
      const key = await keyIn()
      const topics = { names: ['a'], when: 'created' as const }
      const expiresAt = new Date(now().getTime() + HOUR)
      const { device } = await kit().register(key, { topics, patch: { name: 'old', expiresAt } })
      expect(await find(key)).not.toBeNull()
      kit().clock.advance(HOUR)
      expect(await find(key)).toBeNull()
      const again = await kit().register(key)
      expect(again).toMatchObject({ created: true, device: { name: null, topics: [] } })
      expect(again.device.id).not.toBe(device.id)
      expect(await kit().store.directory.stats(key.appId, now())).toMatchObject({ total: 1 })
    })
  })
}
