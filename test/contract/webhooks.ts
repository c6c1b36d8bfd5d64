import { describe, expect, test } from 'vitest'
import type { WebhookKind } from '../../src/domain/webhook.ts'
import type { Scope } from '../../src/store/contract/listing.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

/** A webhook with waiting calls, one per device. */
export async function waitingCalls(
  kit: StoreKit,
  scope: Scope,
  events: readonly WebhookKind[],
  devices: number,
) {
  const draft = { id: unique('webhook'), name: 'hook', url: 'https://hook.example', events }
  await kit.store.webhooks.create(scope, draft, kit.clock.now)
  const keys = Array.from({ length: devices }, () => keyOf(scope.appId, scope.dialect))
  for (const key of keys) await kit.register(key, { announce: true })
  return { ...draft, keys }
}

export function webhookContract(kit: () => StoreKit): void {
  const webhooks = () => kit().store.webhooks
  const now = () => kit().clock.now
  const scopeOf = async () => ({ appId: await kit().createApp(), dialect: 'red' })
  const create = (scope: Scope, name: string, events: readonly WebhookKind[] = ['deviceRegistered']) =>
    webhooks().create(scope, { id: unique('webhook'), name, url: 'https://a.example', events }, now())
  const waiting = async (appId: string) => (await webhooks().states(appId)).map((one) => one.waiting)

  describe('webhooks', () => {
    test('have each name once, keep their events in order, and are listed by creation', async () => {
      const scope = await scopeOf()
      const events = ['subscribed', 'deviceRegistered', 'deviceUnregistered'] as const
      const made = await create(scope, 'b', events)
      expect(made).toMatchObject({ name: 'b', url: 'https://a.example', events, createdAt: now() })
      expect(await create(scope, 'b')).toBeNull()
      const second = await create(scope, 'a')
      await create({ ...scope, dialect: 'blue' }, 'b')
      expect(await webhooks().list(scope)).toEqual([made, second])
      expect(await webhooks().find(scope, 'b')).toEqual(made)
      expect(await webhooks().find(scope, 'c')).toBeNull()
      const states = await webhooks().states(scope.appId)
      expect(states.map(({ name, dialect }) => `${dialect} ${name}`)).toEqual(['red b', 'red a', 'blue b'])
      expect(states[0]).toMatchObject({ ...Object(made), waiting: 0, failures: 0 })
      expect(states[0]?.restingUntil.getTime()).toBeLessThanOrEqual(now().getTime())
    })

    test('have one of a name that several make at once', async () => {
      const scope = await scopeOf()
      const made = await Promise.all(Array.from({ length: 8 }, () => create(scope, 'a')))
      expect(made.filter((one) => one !== null)).toEqual(await webhooks().list(scope))
    })

    test('change what is given of them', async () => {
      const scope = await scopeOf()
      const made = await create(scope, 'a')
      kit().clock.advance(1000)
      const update = (change: { url?: string; events?: readonly WebhookKind[] }) =>
        webhooks().update(scope, 'a', change, now())
      const moved = { ...Object(made), url: 'https://b.example', updatedAt: now() }
      expect(await update({ url: moved.url })).toEqual(moved)
      expect(await update({ events: ['subscribed'] })).toEqual({ ...moved, events: ['subscribed'] })
      expect(await webhooks().update(scope, 'unknown', {}, now())).toBeNull()
    })

    test('lose what waits for them and is no longer chosen', async () => {
      const scope = await scopeOf()
      const { keys } = await waitingCalls(kit(), scope, ['deviceRegistered', 'deviceUnregistered'], 3)
      for (const key of keys.slice(0, 2)) await kit().store.devices.remove(key, kit().occasion())
      expect(await waiting(scope.appId)).toEqual([5])
      await webhooks().update(scope, 'hook', { events: ['deviceUnregistered'] }, now())
      expect(await waiting(scope.appId)).toEqual([2])
    })

    test('lose all of 600 that wait, though it is more than one batch', async () => {
      const scope = await scopeOf()
      const { keys } = await waitingCalls(kit(), scope, ['subscribed'], 2)
      const automatic = Array.from({ length: 300 }, (_, at) => `topic ${at}`)
      for (const key of keys) {
        const topics = automatic.map((name) => ({ name, id: unique('subscription') }))
        await kit().store.subscriptions.add({ key, topics, automatic }, kit().occasion())
      }
      expect(await waiting(scope.appId)).toEqual([600])
      await webhooks().update(scope, 'hook', { events: ['unsubscribed'] }, now())
      expect(await waiting(scope.appId)).toEqual([0])
    })

    test('go with what waits for them, and a new one of the name starts from nothing', async () => {
      const scope = await scopeOf()
      await waitingCalls(kit(), scope, ['deviceRegistered'], 3)
      expect(await webhooks().remove(scope, 'hook')).toBe(true)
      expect(await webhooks().remove(scope, 'hook')).toBe(false)
      expect(await webhooks().list(scope)).toEqual([])
      await create(scope, 'hook')
      expect(await waiting(scope.appId)).toEqual([0])
    })

    test('keep the first secret of several that are made at once', async () => {
      const scope = await scopeOf()
      const made = await create(scope, 'a')
      const id = made && made !== 'gone' ? made.id : ''
      const secrets = Array.from({ length: 8 }, () => unique('secret'))
      const kept = await Promise.all(secrets.map((secret) => webhooks().keepSecret(id, secret)))
      expect(secrets).toContain(kept[0])
      expect(new Set(kept).size).toBe(1)
      expect(await webhooks().keepSecret(id, 'later')).toBe(kept[0])
      expect(await webhooks().keepSecret(unique('webhook'), 'x')).toBeNull()
    })
  })
}
