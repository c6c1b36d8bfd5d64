import { describe, expect, test } from 'vitest'
import type { StoredClient, StoredSigningKey } from '../../src/store/contract/auth.ts'
import type { Scope } from '../../src/store/contract/listing.ts'
import { type StoreKit, unique } from './kit.ts'

const HOUR = 3_600_000

export function authContract(kit: () => StoreKit): void {
  const auth = () => kit().store.auth
  const now = () => kit().clock.now
  const later = (milliseconds: number) => new Date(now().getTime() + milliseconds)
  const scopeOf = async (): Promise<Scope> => ({ appId: await kit().createApp(), dialect: 'red' })
  const keyIn = (scope: Scope, more: Partial<StoredSigningKey> = {}): StoredSigningKey => ({
    ...scope,
    id: unique('key'),
    publicKey: '{"kty":"EC"}',
    sealed: 'sealed',
    signsUntil: later(HOUR),
    expiresAt: later(2 * HOUR),
    ...more,
  })
  const clientIn = (scope: Scope, more: Partial<StoredClient> = {}): StoredClient => ({
    ...scope,
    id: unique('client'),
    sealed: 'sealed',
    about: { nested: { a: [1, null] } },
    externalId: null,
    ...more,
  })
  const putClient = (client: StoredClient) => auth().putClient(client, { now: now(), before: new Date(0) })

  describe('a signing key', () => {
    test('signs for a while, and verifies for longer', async () => {
      const scope = await scopeOf()
      const key = keyIn(scope)
      expect(await auth().signingKey(scope, now())).toBeNull()
      expect(await auth().putSigningKey(key, now())).toEqual(key)
      expect(await auth().signingKey(scope, now())).toEqual(key)
      expect(await auth().verifyingKey(key.id, now())).toEqual(key)
      expect(await auth().signingKey(scope, later(HOUR))).toBeNull()
      expect(await auth().verifyingKey(key.id, later(HOUR))).toEqual(key)
      expect(await auth().verifyingKeys(scope, later(2 * HOUR - 1))).toEqual([key])
      expect(await auth().verifyingKey(key.id, later(2 * HOUR))).toBeNull()
      expect(await auth().verifyingKeys(scope, later(2 * HOUR))).toEqual([])
    })

    test('is the first of several that are made at once', async () => {
      const scope = await scopeOf()
      const keys = Array.from({ length: 8 }, () => keyIn(scope))
      const answers = await Promise.all(keys.map((key) => auth().putSigningKey(key, now())))
      expect(new Set(answers.map((key) => key?.id)).size).toBe(1)
      expect((await auth().verifyingKeys(scope, now())).map(({ id }) => id)).toEqual([answers[0]?.id])
    })

    test('follows another whose time is over, which still verifies, and is its own scope’s', async () => {
      const scope = await scopeOf()
      const [old, other] = [keyIn(scope), keyIn({ ...scope, dialect: 'blue' })]
      for (const key of [old, other]) await auth().putSigningKey(key, now())
      kit().clock.advance(HOUR)
      const next = keyIn(scope)
      expect(await auth().putSigningKey(next, now())).toEqual(next)
      expect((await auth().verifyingKeys(scope, now())).map(({ id }) => id)).toEqual([next.id, old.id])
    })
  })

  describe('a client', () => {
    test('is kept as it described itself last', async () => {
      const scope = await scopeOf()
      const client = clientIn(scope, { externalId: 'phone' })
      expect(await putClient(client)).toBe(true)
      expect(await auth().client(client.id)).toEqual(client)
      const told = { id: client.id, about: { b: 1 }, externalId: null }
      expect(await auth().describeClient(told, now())).toBe(true)
      expect(await auth().client(client.id)).toEqual({ ...client, ...told })
      expect(await auth().describeClient({ ...told, id: unique('client') }, now())).toBe(false)
    })

    test('is known in its own scope alone', async () => {
      const scope = await scopeOf()
      const client = clientIn(scope)
      await putClient(client)
      const knows = (of: Scope, id = client.id) => auth().knowsClient(of, id)
      expect(await knows(scope)).toBe(true)
      expect(await knows({ ...scope, dialect: 'blue' })).toBe(false)
      expect(await knows(await scopeOf())).toBe(false)
      expect(await knows(scope, unique('client'))).toBe(false)
      expect(await auth().client(unique('client'))).toBeNull()
    })

    test('goes when it has been silent for long and another comes', async () => {
      const scope = await scopeOf()
      const [silent, talking, next] = [clientIn(scope), clientIn(scope), clientIn(scope)]
      for (const client of [silent, talking]) await putClient(client)
      const then = now()
      kit().clock.advance(HOUR)
      await auth().describeClient(talking, now())
      await auth().putClient(next, { now: now(), before: then })
      const ids = [silent, talking, next].map(({ id }) => id)
      const known = await Promise.all(ids.map((id) => auth().knowsClient(scope, id)))
      expect(known).toEqual([false, true, true])
    })
  })

  describe('a grant', () => {
    const grantIn = (scope: Scope, milliseconds = HOUR) => ({
      grant: { ...scope, clientId: unique('client'), detail: { scope: 'x', nested: [null] } },
      id: unique('code'),
      expiresAt: later(milliseconds),
    })

    test('is redeemed once, by however many at once', async () => {
      const { grant, ...code } = grantIn(await scopeOf())
      expect(await auth().putGrant({ ...grant, ...code }, now())).toBe(true)
      const taken = await Promise.all(Array.from({ length: 8 }, () => auth().takeGrant(code.id, now())))
      expect(taken.filter((one) => one !== null)).toEqual([grant])
      expect(await auth().takeGrant(code.id, now())).toBeNull()
    })

    test('is none where it is unknown, or its time is over', async () => {
      const { grant, ...code } = grantIn(await scopeOf(), 1000)
      await auth().putGrant({ ...grant, ...code }, now())
      expect(await auth().takeGrant(unique('code'), now())).toBeNull()
      expect(await auth().takeGrant(code.id, later(1000))).toBeNull()
    })
  })
}
