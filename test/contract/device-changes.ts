import { describe, expect, test } from 'vitest'
import type { Device, DeviceKey } from '../../src/domain/device.ts'
import type { TimePlace } from '../../src/domain/page.ts'
import { keyOf, type StoreKit, tokenDraft, unique } from './kit.ts'
import { waitingCalls } from './webhooks.ts'

const HOUR = 3_600_000

/** A change of an existing device, and how the device is found. */
export function deviceChangeContract(kit: () => StoreKit): void {
  const devices = () => kit().store.devices
  const now = () => kit().clock.now
  const occasion = () => kit().occasion()
  const find = (key: DeviceKey) => devices().findByKey(key, now())
  const made = async (more: Parameters<StoreKit['register']>[1] = {}) => {
    const key = keyOf(await kit().createApp())
    const { device } = await kit().register(key, { token: unique('t'), ...more })
    return { key, device }
  }

  describe('a device', () => {
    test('is updated by what the patch names, and the webhooks are told where that is asked', async () => {
      const appId = await kit().createApp()
      const { keys } = await waitingCalls(kit(), { appId, dialect: 'red' }, ['deviceUpdated'], 1)
      const [key = keyOf(appId)] = keys
      const waiting = async () => (await kit().store.webhooks.states(appId))[0]?.waiting
      kit().clock.advance(HOUR)
      const patch = { name: 'new', enabled: false, user: { id: 'bob', proved: true } }
      const updated = await devices().update(key, patch, occasion())
      expect(updated).toMatchObject({ ...patch, updatedAt: now(), lastSeenAt: now() })
      expect(await waiting()).toBe(0)
      expect(await devices().update(key, { user: null }, occasion(), true)).toMatchObject({
        user: null,
        name: 'new',
      })
      expect(await waiting()).toBe(1)
      expect(await kit().store.directory.stats(appId, now())).toMatchObject({ total: 1, active: 0 })
    })

    test('that is unknown is neither updated, detached nor removed', async () => {
      const key = keyOf(await kit().createApp())
      expect(await devices().update(key, { name: 'x' }, occasion())).toBeNull()
      expect(await devices().detach(key, occasion())).toBe(false)
      expect(await devices().remove(key, occasion())).toBe(false)
      expect(await find(key)).toBeNull()
    })

    test('takes updates at once, and each of them counts', async () => {
      const { key } = await made()
      const fields = [
        'name',
        'model',
        'osVersion',
        'appVersion',
        'sdkVersion',
        'language',
        'timezone',
      ] as const
      await Promise.all(fields.map((field) => devices().update(key, { [field]: field }, occasion())))
      await Promise.all(fields.map((field) => devices().update(key, { details: { [field]: 1 } }, occasion())))
      const own = Object.fromEntries(fields.map((field) => [field, field]))
      const details = Object.fromEntries(fields.map((field) => [field, 1]))
      expect(await find(key)).toMatchObject({ ...own, details })
    })

    test('is touched forward alone, and its token only where the call named it', async () => {
      const { key, device } = await made()
      const [first, later] = [now(), new Date(now().getTime() + HOUR)]
      await devices().touch(device.id, later, false)
      expect(await find(key)).toMatchObject({ lastSeenAt: later, pushToken: { registeredAt: first } })
      await devices().touch(device.id, later, true)
      await devices().touch(device.id, first, true)
      expect(await find(key)).toMatchObject({ lastSeenAt: later, pushToken: { registeredAt: later } })
    })

    test('that is detached stays without its token', async () => {
      const { key, device } = await made({ topics: { names: ['a'], when: 'created' } })
      expect(await devices().detach(key, occasion())).toBe(true)
      expect(await find(key)).toMatchObject({
        id: device.id,
        pushToken: null,
        supersededAt: null,
        topics: ['a'],
      })
      expect(await devices().detach(key, occasion())).toBe(true)
      expect(await kit().store.directory.stats(key.appId, now())).toMatchObject({ total: 1, active: 0 })
    })

    test('is removed once, and only from the user that is given', async () => {
      const { key, device } = await made({ patch: { user: { id: 'alice', proved: true } } })
      expect(await devices().remove(key, occasion(), 'bob')).toBe(false)
      expect(await find(key)).not.toBeNull()
      const gone = await Promise.all(
        Array.from({ length: 5 }, () => devices().remove(key, occasion(), 'alice')),
      )
      expect(gone.filter((one) => one)).toHaveLength(1)
      expect(await find(key)).toBeNull()
      const history = await kit().store.directory.history(key.appId, device.id)
      expect(history.map(({ kind }) => kind)).toEqual(['unregistered', 'registered'])
    })
  })

  describe('a device is found', () => {
    test('by its token, in its own dialect and app', async () => {
      const token = unique('t')
      const { key, device } = await made({ token })
      const by = async (of: Pick<DeviceKey, 'appId' | 'dialect'>, more = {}) => {
        const draft = { ...tokenDraft(token), ...more }
        const key = { ...of, externalId: unique('another') }
        return (await devices().look({ key, identity: 'token', token: draft }, now())).device
      }
      expect((await by(key))?.id).toBe(device.id)
      expect(await by({ ...key, dialect: 'blue' })).toBeNull()
      expect(await by((await made()).key)).toBeNull()
      expect(await by(key, { provider: 'hms' })).toBeNull()
    })

    test('by the beginning of its id, in byte order, up to a limit', async () => {
      const appId = await kit().createApp()
      for (const name of ['a:é', 'a:1', 'a:B', 'b:1', 'a', 'A:1', 'a:%', 'a:👋'])
        await kit().register(keyOf(appId, 'red', name))
      await kit().register(keyOf(appId, 'blue', 'a:0'))
      const names = async (prefix: string, limit = 100) =>
        (await devices().findByPrefix({ appId, dialect: 'red' }, prefix, { now: now(), limit })).map(
          ({ externalId }) => externalId,
        )
      expect(await names('a:')).toEqual(['a:%', 'a:1', 'a:B', 'a:é', 'a:👋'])
      expect(await names('a:', 2)).toEqual(['a:%', 'a:1'])
      expect(await names('%')).toEqual([])
    })

    test('by the first of some subscriptions that is its dialect’s', async () => {
      const appId = await kit().createApp()
      const ids: string[] = []
      for (const dialect of ['red', 'red', 'blue']) {
        const key = keyOf(appId, dialect)
        await kit().register(key)
        ids.push(unique('subscription'))
        const topics = [{ name: 'a', id: ids.at(-1) ?? '' }]
        await kit().store.subscriptions.add({ key, topics, automatic: ['a'] }, kit().occasion())
      }
      const [one = '', two = '', blue = ''] = ids
      const found = async (...wanted: string[]) =>
        (await devices().findBySubscriptions({ appId, dialect: 'red' }, wanted, now()))?.subscriptionIds.get(
          'a',
        )
      expect(await found(unique('none'), blue, two, one)).toBe(two)
      expect(await found(blue)).toBeUndefined()
      expect(await found()).toBeUndefined()
    })
  })

  describe('the devices of a dialect', () => {
    test.each([1, 2, 3, 100])('are listed newest first, %i rows looked at in a window', async (scan) => {
      const appId = await kit().createApp()
      const names: string[] = []
      for (let at = 0; at < 9; at++) {
        if (at % 2 === 0) kit().clock.advance(1)
        const key = keyOf(appId, at === 4 ? 'blue' : 'red')
        const patch = { user: at % 3 === 0 ? { id: 'alice', proved: true } : null, enabled: at !== 8 }
        await kit().register(key, { token: unique('t'), patch, platform: at < 3 ? 'ios' : 'android' })
        names.push(key.externalId)
      }
      const walk = async (filter: Parameters<typeof listStep>[0]) => {
        const found: Device[] = []
        let matches = 0
        for (let after: TimePlace | null = null, first = true; first || after; first = false) {
          const step: Awaited<ReturnType<typeof listStep>> = await listStep(filter, {
            after,
            scan,
            offset: 0,
            limit: 100,
          })
          expect(step.items.length).toBeLessThanOrEqual(scan)
          found.push(...step.items)
          matches += step.matches
          after = step.end
        }
        expect(matches).toBe(found.length)
        return found.map(({ externalId }) => names.indexOf(externalId))
      }
      const listStep = (
        filter: Parameters<ReturnType<typeof devices>['listStep']>[1],
        window: Parameters<ReturnType<typeof devices>['listStep']>[2],
      ) => devices().listStep({ appId, dialect: 'red' }, filter, window, now())
      const sorted = async (filter: Parameters<typeof listStep>[0]) =>
        (await walk(filter)).toSorted((one, two) => one - two)
      // At the same time the ids decide the order; here they are created in order.
      expect(await walk({})).toEqual([8, 6, 7, 5, 2, 3, 0, 1])
      expect(await sorted({ user: 'alice' })).toEqual([0, 3, 6])
      expect(await sorted({ platform: 'ios' })).toEqual([0, 1, 2])
      expect(await sorted({ active: false })).toEqual([8])
      expect(await sorted({ user: 'alice', platform: 'android', active: true })).toEqual([3, 6])
      const window = await listStep({}, { after: null, scan: 100, offset: 2, limit: 3 })
      expect(window.items.map(({ externalId }) => names.indexOf(externalId))).toEqual([7, 5, 2])
      expect(window).toMatchObject({ matches: 8, end: null })
    })
  })
}
