import { beforeAll, describe, expect, test } from 'vitest'
import type { DeviceFilter } from '../../src/store/store.ts'
import { hashOf, heldOf, keyOf, POLICY, reveal, type StoreKit, tokenDraft, unique } from './kit.ts'

const ALL = { after: null, limit: 100 }

/** Reading across dialects, for operators. */
export function directoryContract(kit: () => StoreKit): void {
  describe('the directory', () => {
    let appId: string
    const phone = unique('phone')
    const tablet = unique('tablet')
    const occasion = () => kit().occasion()

    /**
     * Four devices: red and blue on one phone, a red one on a tablet with another provider, a blue one
     * without a token.
     */
    beforeAll(async () => {
      appId = await kit().createApp()
      const key = (dialect: string, name: string) => keyOf(appId, dialect, name)
      const steps = [
        () =>
          kit().register(key('red', 'one'), {
            token: phone,
            patch: { user: { id: 'alice', proved: true }, model: 'Pixel', appVersion: '1.0' },
          }),
        () =>
          kit().register(key('blue', 'two'), {
            token: phone,
            carryOver: false,
            tags: [{ name: 'level', do: 'set', as: [{ type: 'text', value: 'high' }] }],
          }),
        () =>
          kit().store.devices.register(
            {
              key: key('red', 'three'),
              deviceId: unique('row'),
              identity: 'key',
              existing: false,
              platform: 'ios',
              token: { ...tokenDraft(tablet), provider: 'apns', environment: 'sandbox' },
              patch: { enabled: false, user: { id: 'alice', proved: false } },
              topics: { names: ['news'], when: 'always' },
              policy: POLICY,
              carryOver: true,
              replacesAlike: false,
              keepPlatform: false,
              tags: [],
              firstTags: [],
              job: null,
            },
            occasion(),
          ),
        () =>
          kit().register(key('blue', 'four'), {
            platform: 'ios',
            topics: { names: ['news'], when: 'created' },
          }),
        () =>
          kit().register(key('red', 'gone'), {
            patch: { expiresAt: new Date(kit().clock.now.getTime() - 1) },
          }),
      ]
      for (const step of steps) {
        kit().clock.advance(1000)
        await step()
      }
      const foreign = await kit().createApp()
      await kit().register(keyOf(foreign, 'red', 'foreign'), {
        token: phone,
        topics: { names: ['news'], when: 'always' },
        patch: { user: { id: 'alice', proved: true } },
      })
    })

    const FILTERS: readonly (readonly [string, DeviceFilter, readonly string[]])[] = [
      ['nothing', {}, ['four', 'three', 'two', 'one']],
      ['dialect', { dialect: 'red' }, ['three', 'one']],
      ['platform', { platform: 'ios' }, ['four', 'three']],
      ['provider', { provider: 'fcm' }, ['two', 'one']],
      ['topic', { topic: 'news' }, ['four', 'three']],
      ['user', { user: 'alice' }, ['three', 'one']],
      ['token', { tokenHashes: [hashOf('x'), hashOf(phone)] }, ['two', 'one']],
      ['token of a provider', { tokenHashes: [hashOf(tablet)], provider: 'fcm' }, []],
      ['active', { active: true }, ['two', 'one']],
      ['inactive', { active: false }, ['four', 'three']],
      ['dialect and topic', { dialect: 'blue', topic: 'news' }, ['four']],
      ['user and active', { user: 'alice', active: true }, ['one']],
      [
        'everything',
        {
          dialect: 'red',
          platform: 'ios',
          provider: 'apns',
          topic: 'news',
          user: 'alice',
          tokenHashes: [hashOf(tablet)],
          active: false,
        },
        ['three'],
      ],
      ['id in the dialect', { externalId: 'two' }, ['two']],
      ['model', { model: 'Pixel' }, ['one']],
      ['version of the app', { appVersion: '1.0', dialect: 'red' }, ['one']],
      ['the name of a tag', { tag: 'level' }, ['two']],
      ['the value of a tag', { tag: 'level=high' }, ['two']],
      ['another value of a tag', { tag: 'level=low' }, []],
      ['whatever it is: an id', { q: { text: 'four', tokenHashes: [] } }, ['four']],
      ['whatever it is: a user', { q: { text: 'alice', tokenHashes: [hashOf('alice')] } }, ['three', 'one']],
      ['whatever it is: a token', { q: { text: 'x', tokenHashes: [hashOf(phone)] } }, ['two', 'one']],
      ['whatever it is, of a dialect', { q: { text: 'alice', tokenHashes: [] }, active: true }, ['one']],
      ['everything but one', { dialect: 'red', platform: 'ios', user: 'bob' }, []],
      ['a name that is SQL', { topic: "news' OR 1=1 --" }, []],
    ]

    test.each(FILTERS)('finds devices, newest first, by %s', async (_, filter, names) => {
      const { items, next } = await kit().store.directory.devices(appId, filter, ALL)
      expect(items.map((one) => one.externalId)).toEqual(names)
      expect(next).toBeNull()
    })

    test.each(FILTERS)('finds the installations of those devices by %s', async (_, filter, names) => {
      const { items } = await kit().store.directory.installations(appId, filter, ALL)
      const whole = (installation: (typeof items)[number]) =>
        installation.devices.map((one) => one.externalId).join(' and ')
      const expected = ['four', 'three', 'one and two'].filter((one) =>
        one.split(' and ').some((name) => names.includes(name)),
      )
      expect(items.map(whole)).toEqual(expected)
      for (const one of items) expect(await kit().store.directory.installation(appId, one.id)).toEqual(one)
    })

    test('finds nothing of another app', async () => {
      const other = await kit().createApp()
      const [device] = (await kit().store.directory.devices(appId, {}, ALL)).items
      const [installation] = (await kit().store.directory.installations(appId, {}, ALL)).items
      expect(await kit().store.directory.device(other, device?.id ?? '')).toBeNull()
      expect(await kit().store.directory.installation(other, installation?.id ?? '')).toBeNull()
      expect(await kit().store.directory.removeDevice(other, device?.id ?? '', occasion())).toBe(false)
      expect((await kit().store.held.about(heldOf(other, 'alice'), ALL, reveal)).devices.items).toEqual([])
    })

    test('counts devices and registrations', async () => {
      expect(await kit().store.directory.stats(appId, kit().clock.now)).toEqual({
        total: 4,
        active: 2,
        // An expired one exists until it is removed.
        inUse: 5,
        byDialect: { red: 2, blue: 2 },
        byPlatform: { android: 2, ios: 2 },
        byProvider: { fcm: 2, apns: 1 },
        perDay: [{ date: kit().clock.now.toISOString().slice(0, 10), registrations: 5 }],
      })
    })

    test('counts the subscribers of each topic, page by page', async () => {
      const app = await kit().createApp()
      for (const names of [['a', 'b'], ['b', 'c'], ['b']]) {
        await kit().register(keyOf(app), { topics: { names, when: 'created' } })
      }
      const first = await kit().store.directory.topics(app, { after: null, limit: 2 })
      expect(first.items).toEqual([
        { topic: 'a', subscribers: 1 },
        { topic: 'b', subscribers: 3 },
      ])
      const second = await kit().store.directory.topics(app, { after: first.next, limit: 2 })
      expect(second).toEqual({ items: [{ topic: 'c', subscribers: 1 }], next: null })
    })

    test('keeps the history of a device after it went, newest first', async () => {
      const app = await kit().createApp()
      const key = keyOf(app)
      const { device } = await kit().register(key, { token: unique('t') })
      await kit().register(key, { token: unique('t') })
      await kit().register(keyOf(app), { token: unique('t') })
      expect(await kit().store.directory.removeDevice(app, device.id, occasion())).toBe(true)
      expect(await kit().store.directory.removeDevice(app, device.id, occasion())).toBe(false)
      const history = await kit().store.directory.history(app, device.id)
      expect(history.map((one) => one.kind)).toEqual(['unregistered', 'rotated', 'registered'])
      expect(history[1]).toMatchObject({ cause: 'test', detail: { pushTokenId: device.pushToken?.id } })
    })
  })
}
