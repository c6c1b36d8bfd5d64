import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../src/store/contract/audit.ts'
import type { ProviderDraft, ProviderHealth, StoredSecret } from '../../src/store/contract/providers.ts'
import { type StoreKit, unique } from './kit.ts'

const NEVER = new Date(0)
const REFUSED = { state: 'refused', reason: 'the key was revoked' } as const

export function providerContract(kit: () => StoreKit): void {
  const providers = () => kit().store.providers
  const now = () => kit().clock.now
  const later = (milliseconds: number) => new Date(now().getTime() + milliseconds)
  const draft = (more: Partial<ProviderDraft> = {}): ProviderDraft => ({
    kind: 'fcm',
    version: unique('version'),
    sealed: unique('sealed'),
    shown: { projectId: 'p', nested: { endpoint: null } },
    dialect: null,
    ...more,
  })
  const entryOf = (appId: string): AuditEntry => ({
    ...{ id: unique('entry'), at: now(), actor: 'admin', action: 'provider.set', appId },
    ...{ target: 'fcm', detail: {}, cause: 'test' },
  })
  const entries = async (appId: string) =>
    (await kit().store.audit.list(appId, { after: null, limit: 100 })).items.map(({ id }) => id)
  const note = (appId: string, { kind, version }: ProviderDraft, more: Partial<ProviderHealth>) =>
    providers().note(
      { appId, kind, version },
      { state: 'ok', reason: null, failures: 0, restingUntil: NEVER, ...more },
      now(),
    )

  describe('a provider', () => {
    test('is one of each kind, as it was put last', async () => {
      const appId = await kit().createApp()
      const [first, second, other] = [draft(), draft({ shown: { b: 1 } }), draft({ kind: 'apns' })]
      const fresh = { appId, state: 'ok', reason: null, since: null, failures: 0, restingUntil: NEVER }
      expect(await providers().find(appId, 'fcm')).toBeNull()
      expect(await providers().put(appId, first, now())).toBe('created')
      const made = { ...first, ...fresh, createdAt: now(), updatedAt: now() }
      expect(await providers().find(appId, 'fcm')).toEqual(made)
      kit().clock.advance(1000)
      expect(await providers().put(appId, second, now())).toBe('replaced')
      expect(await providers().put(appId, other, now())).toBe('created')
      expect(await providers().list(appId)).toMatchObject([other, { ...made, ...second, updatedAt: now() }])
      expect(await providers().list(await kit().createApp())).toEqual([])
    })

    test('is removed once, with an entry of its own', async () => {
      const [appId, bystander] = [await kit().createApp(), await kit().createApp()]
      for (const one of [appId, bystander]) await providers().put(one, draft(), now())
      const tries = Array.from({ length: 5 }, () =>
        providers().remove(appId, 'fcm', { dialect: null }, entryOf(appId)),
      )
      expect((await Promise.all(tries)).filter((one) => one)).toHaveLength(1)
      expect(await entries(appId)).toHaveLength(1)
      expect(await providers().find(appId, 'fcm')).toBeNull()
      expect(await providers().find(bystander, 'fcm')).not.toBeNull()
    })

    test('put by several at once is one of theirs, and was created once', async () => {
      const appId = await kit().createApp()
      const drafts = Array.from({ length: 8 }, () => draft())
      const outcomes = await Promise.all(drafts.map((one) => providers().put(appId, one, now())))
      expect(outcomes.filter((one) => one === 'created')).toHaveLength(1)
      const stands = await providers().find(appId, 'fcm')
      expect(drafts.map(({ sealed }) => sealed)).toContain(stands?.sealed)
    })

    test('of a dialect’s settings replaces what came from them, and nothing that an operator set', async () => {
      const appId = await kit().createApp()
      const [red, again, blue] = ['red', 'red', 'blue'].map((dialect) => draft({ dialect }))
      const put = async (one = draft()) => {
        const entry = entryOf(appId)
        const outcome = await providers().put(appId, one, now(), entry)
        return [outcome, (await entries(appId)).includes(entry.id)]
      }
      expect(await put(red)).toEqual(['created', true])
      expect(await put(again)).toEqual(['replaced', true])
      expect(await put(blue)).toEqual(['kept', false])
      expect(await providers().find(appId, 'fcm')).toMatchObject(again ?? {})
      const own = draft()
      expect(await put(own)).toEqual(['replaced', true])
      expect(await put(draft({ dialect: 'red' }))).toEqual(['kept', false])
      expect(await providers().find(appId, 'fcm')).toMatchObject(own)
      expect(await providers().remove(appId, 'fcm', { dialect: 'red' })).toBe(false)
      expect(await providers().remove(appId, 'fcm', { dialect: null })).toBe(true)
      expect(await put(draft({ dialect: 'green' }))).toEqual(['gone', false])
    })

    test('is refused since the first answer that says so, until another says otherwise', async () => {
      const appId = await kit().createApp()
      const one = draft()
      await providers().put(appId, one, now())
      const first = now()
      expect(await note(appId, one, { ...REFUSED, failures: 1, restingUntil: later(60_000) })).toBe(true)
      kit().clock.advance(1000)
      await note(appId, one, { ...REFUSED, failures: 2, restingUntil: later(300_000) })
      const expected = { ...REFUSED, since: first, failures: 2, restingUntil: later(300_000) }
      expect(await providers().find(appId, 'fcm')).toMatchObject(expected)
      await note(appId, one, { reason: 'slow' })
      const well = { state: 'ok', reason: 'slow', since: null, failures: 0, restingUntil: NEVER }
      expect(await providers().find(appId, 'fcm')).toMatchObject(well)
    })

    test('starts anew with each credential: what was found out about an earlier one does not count', async () => {
      const appId = await kit().createApp()
      const [before, after] = [draft(), draft()]
      await providers().put(appId, before, now())
      await note(appId, before, { ...REFUSED, failures: 3, restingUntil: later(60_000) })
      await providers().put(appId, after, now())
      expect(await note(appId, before, REFUSED)).toBe(false)
      const well = { state: 'ok', reason: null, since: null, failures: 0, restingUntil: NEVER }
      expect(await providers().find(appId, 'fcm')).toMatchObject(well)
    })

    test.each(['app', 'dialect'])('goes with its %s, and frees nothing else', async (what) => {
      const appId = await kit().createApp()
      const [own, red] = [draft(), draft({ kind: 'wns', dialect: 'red' })]
      for (const one of [own, red]) await providers().put(appId, one, now())
      expect(await kit().store.apps.counts(appId, null)).toMatchObject({ providers: 2 })
      if (what === 'app') await kit().store.apps.remove(appId, kit().occasion())
      else await kit().store.apps.change(appId, { put: [], drop: ['red'] }, kit().occasion())
      const left = what === 'app' ? [] : ['fcm']
      expect((await providers().list(appId)).map(({ kind }) => kind)).toEqual(left)
      expect(await kit().store.apps.counts(appId, null)).toMatchObject({ providers: left.length })
    })
  })

  secretContract(kit, draft)
}

function secretContract(kit: () => StoreKit, draft: (more?: Partial<ProviderDraft>) => ProviderDraft): void {
  const providers = () => kit().store.providers
  const now = () => kit().clock.now
  const secretOf = (more: Partial<StoredSecret> = {}): StoredSecret => ({
    name: 'token',
    mark: unique('mark'),
    sealed: unique('sealed'),
    madeAt: now(),
    expiresAt: new Date(now().getTime() + 3_600_000),
    ...more,
  })
  const provided = async () => {
    const [appId, { kind, version, ...rest }] = [await kit().createApp(), draft()]
    await providers().put(appId, { kind, version, ...rest }, now())
    return { appId, kind, version }
  }

  describe('a secret of a lane', () => {
    test('is found by its name until another takes its place', async () => {
      const of = await provided()
      const [first, second, other] = [secretOf(), secretOf(), secretOf({ name: 'other' })]
      expect(await providers().secret(of, 'token')).toBeNull()
      expect(await providers().keepSecret(of, first, null, now())).toEqual(first)
      expect(await providers().keepSecret(of, other, null, now())).toEqual(other)
      expect(await providers().keepSecret(of, second, first.mark, now())).toEqual(second)
      expect(await providers().secret(of, 'token')).toEqual(second)
      expect(await providers().secret(of, 'other')).toEqual(other)
      expect(await providers().secret(await provided(), 'token')).toBeNull()
    })

    test('is the first of several that are made at once, for the first time and later', async () => {
      const of = await provided()
      let known: string | null = null
      for (const round of [1, 2]) {
        const made = Array.from({ length: 8 }, () => secretOf())
        const before: string | null = known
        const answers: readonly (StoredSecret | null)[] = await Promise.all(
          made.map((one) => providers().keepSecret(of, one, before, now())),
        )
        const marks = new Set(answers.map((one) => one?.mark))
        expect([round, marks.size]).toEqual([round, 1])
        known = answers[0]?.mark ?? null
        expect(made.map(({ mark }) => mark)).toContain(known)
      }
    })

    test('goes with its credential, and a late one of an earlier credential is not kept', async () => {
      const before = await provided()
      await providers().keepSecret(before, secretOf(), null, now())
      const next = draft()
      await providers().put(before.appId, next, now())
      const after = { ...before, version: next.version }
      for (const of of [before, after]) expect(await providers().secret(of, 'token')).toBeNull()
      expect(await providers().keepSecret(before, secretOf(), null, now())).toBeNull()
      const kept = secretOf()
      expect(await providers().keepSecret(after, kept, null, now())).toEqual(kept)
      await providers().remove(after.appId, after.kind, { dialect: null })
      expect(await providers().secret(after, 'token')).toBeNull()
      expect(await providers().keepSecret(after, secretOf(), null, now())).toBeNull()
    })

    test('stays where a dialect’s settings are not taken over', async () => {
      const of = await provided()
      const kept = secretOf()
      await providers().keepSecret(of, kept, null, now())
      expect(await providers().put(of.appId, draft({ dialect: 'red' }), now())).toBe('kept')
      expect(await providers().secret(of, 'token')).toEqual(kept)
    })

    test('that has expired goes when another comes', async () => {
      const of = await provided()
      const [old, next] = [secretOf({ name: 'old' }), secretOf({ name: 'next' })]
      await providers().keepSecret(of, old, null, now())
      kit().clock.advance(3_600_000)
      await providers().keepSecret(of, next, null, now())
      expect(await providers().secret(of, 'old')).toBeNull()
      expect(await providers().secret(of, 'next')).toEqual(next)
    })
  })
}
