import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { type StoreKit, unique } from './kit.ts'

/** What every sub-store that creates rows without a device answers after the app was removed. */
const MAKES: Readonly<
  Record<
    string,
    readonly [run: (store: Store, appId: string, now: Date) => Promise<unknown>, answer: unknown]
  >
> = {
  catalogue: [
    ({ catalogue }, appId, now) =>
      catalogue.create({ appId, dialect: 'red' }, { id: unique('id'), name: 'a', description: '' }, now),
    'gone',
  ],
  webhooks: [
    ({ webhooks }, appId, now) =>
      webhooks.create(
        { appId, dialect: 'red' },
        { id: unique('id'), name: 'a', url: 'https://w.example', events: [] },
        now,
      ),
    'gone',
  ],
  providers: [
    ({ providers }, appId, now) =>
      providers.put(appId, { kind: 'fcm', version: unique('v'), sealed: '', shown: {}, dialect: null }, now),
    'gone',
  ],
  documents: [
    ({ documents }, appId, now) => documents.put({ appId, dialect: 'red' }, 'k', 'sealed', now),
    false,
  ],
  'signing keys': [
    ({ auth }, appId, now) =>
      auth.putSigningKey(
        {
          appId,
          dialect: 'red',
          id: unique('key'),
          publicKey: '{}',
          sealed: '',
          signsUntil: new Date(now.getTime() + 1000),
          expiresAt: new Date(now.getTime() + 1000),
        },
        now,
      ),
    null,
  ],
  clients: [
    ({ auth }, appId, now) =>
      auth.putClient(
        { appId, dialect: 'red', id: unique('client'), sealed: '', about: {}, externalId: null },
        { now, before: new Date(0) },
      ),
    false,
  ],
  grants: [
    ({ auth }, appId, now) =>
      auth.putGrant(
        { appId, dialect: 'red', id: unique('code'), clientId: 'c', detail: {}, expiresAt: now },
        now,
      ),
    false,
  ],
}

export function goneContract(kit: () => StoreKit): void {
  describe('B7: a write for an app', () => {
    test.each(Object.entries(MAKES))(
      'that has gone makes nothing and says so: %s',
      async (_, [run, answer]) => {
        const { store, clock } = kit()
        const appId = await kit().createApp()
        expect(await run(store, appId, clock.now)).not.toEqual(answer)
        expect(await run(store, unique('gone'), clock.now)).toEqual(answer)
      },
    )
  })
}
