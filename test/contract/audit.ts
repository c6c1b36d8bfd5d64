import { describe, expect, test } from 'vitest'
import type { Page, TimePlace } from '../../src/domain/page.ts'
import type { AuditEntry } from '../../src/store/store.ts'
import { appDraft, credentialDraft, dialectDraft, everyPage, keyOf, type StoreKit, unique } from './kit.ts'

type Doing = (kit: StoreKit, entry: AuditEntry, appId: string) => Promise<unknown>
const entryOf = (appId: string | null, at: Date, more: Partial<AuditEntry> = {}): AuditEntry => ({
  id: unique('entry'),
  at,
  actor: 'admin',
  action: 'test',
  appId,
  target: null,
  detail: { a: [1, { b: null }] },
  cause: unique('request'),
  ...more,
})
const change = { put: [], drop: [], name: 'new' }

/** Changes that take effect, and changes that do not, each with the same entry. */
const DOING: readonly (readonly [string, kept: boolean, Doing])[] = [
  [
    'an app is changed',
    true,
    ({ store, occasion }, entry, id) => store.apps.change(id, change, occasion(), entry),
  ],
  [
    'an unknown app is changed',
    false,
    ({ store, occasion }, entry) => store.apps.change(unique('app'), change, occasion(), entry),
  ],
  [
    'a change is refused',
    false,
    async (kit, entry, id) => {
      const name = unique('name')
      await kit.createApp({ dialects: [dialectDraft('red', name)] })
      await kit.store.apps.change(id, { put: [dialectDraft('red', name)], drop: [] }, kit.occasion(), entry)
    },
  ],
  [
    'a dialect is dropped',
    true,
    ({ store, occasion }, entry, id) => store.apps.change(id, { put: [], drop: ['red'] }, occasion(), entry),
  ],
  ['an app is removed', true, ({ store, occasion }, entry, id) => store.apps.remove(id, occasion(), entry)],
  [
    'an unknown app is removed',
    false,
    ({ store, occasion }, entry) => store.apps.remove(unique('app'), occasion(), entry),
  ],
  [
    'a credential is added',
    true,
    ({ store, clock }, entry, id) => store.apps.addCredential(id, credentialDraft('red'), clock.now, entry),
  ],
  [
    'a credential is added to a dialect that is not spoken',
    false,
    ({ store, clock }, entry, id) => store.apps.addCredential(id, credentialDraft('green'), clock.now, entry),
  ],
  [
    'a credential is there already',
    false,
    async ({ store, clock }, entry, id) => {
      const draft = credentialDraft('red')
      await store.apps.addCredential(id, draft, clock.now)
      await store.apps.addCredential(id, { ...draft, id: unique('credential') }, clock.now, entry)
    },
  ],
  [
    'the last credential is kept',
    false,
    async ({ store, clock }, entry, id) => {
      const draft = credentialDraft('red')
      await store.apps.addCredential(id, draft, clock.now)
      expect(await store.apps.removeCredential(id, draft.id, false, entry)).toBe('last')
    },
  ],
  [
    'the last credential is taken by force',
    true,
    async ({ store, clock }, entry, id) => {
      const draft = credentialDraft('red')
      await store.apps.addCredential(id, draft, clock.now)
      await store.apps.removeCredential(id, draft.id, true, entry)
    },
  ],
  [
    'a device is removed',
    true,
    async (kit, entry, id) => {
      const { device } = await kit.register(keyOf(id), { token: unique('t') })
      await kit.store.directory.removeDevice(id, device.id, kit.occasion(), entry)
    },
  ],
  [
    'an unknown device is removed',
    false,
    ({ store, occasion }, entry, id) => store.directory.removeDevice(id, unique('row'), occasion(), entry),
  ],
  ['nothing changes, and somebody should know of it', true, ({ store }, entry) => store.audit.note(entry)],
  [
    'a user is erased',
    true,
    async (kit, entry, id) => {
      await kit.register(keyOf(id), { patch: { user: { id: 'alice', proved: true } } })
      await kit.store.users.erase(id, 'alice', kit.occasion(), entry)
    },
  ],
]

export function auditContract(kit: () => StoreKit): void {
  const list = (appId: string | null, limit = 100) =>
    everyPage((after: TimePlace | null) => kit().store.audit.list(appId, { after, limit }))

  /** Of all apps, from now back to a time; other tests over the same database may have left very many. */
  async function back(to: Date, limit: number): Promise<readonly AuditEntry[]> {
    const all: AuditEntry[] = []
    let after: TimePlace | null = [kit().clock.now.getTime() + 1, '']
    while (after !== null && after[0] >= to.getTime()) {
      const { items, next }: Page<AuditEntry> = await kit().store.audit.list(null, { after, limit })
      all.push(...items)
      after = next
    }
    return all
  }

  describe('the audit', () => {
    test.each(DOING)('keeps what changes something, and nothing else: %s', async (_, kept, run) => {
      const appId = await kit().createApp()
      const entry = entryOf(appId, kit().clock.now, { target: 'target' })
      await run(kit(), entry, appId)
      expect(await list(appId)).toEqual(kept ? [entry] : [])
    })

    test('keeps the creation of an app, unless its name is taken', async () => {
      const name = unique('name')
      const drafts = [name, name].map((one) => appDraft({ dialects: [dialectDraft('red', one)] }))
      for (const draft of drafts) {
        await kit().store.apps.create(draft, kit().clock.now, entryOf(draft.id, kit().clock.now))
      }
      expect(await Promise.all(drafts.map(async ({ id }) => (await list(id)).length))).toEqual([1, 0])
    })

    test.each([1, 2, 5, 100])('is read newest first, of one app or of all, %i a page', async (limit) => {
      const { store, clock, occasion } = kit()
      // Later than everything done before over the same database.
      const [first, second] = [await kit().createApp(), await kit().createApp()]
      const ids: string[] = []
      const began = clock.now
      for (let at = 0; at < 6; at++) {
        // Two at the same time, so that the id decides their order.
        if (at % 2 === 0) clock.advance(1000)
        const appId = at < 3 ? first : second
        const entry = entryOf(appId, clock.now)
        await store.apps.change(appId, change, occasion(), entry)
        ids.unshift(entry.id)
      }
      expect((await list(first, limit)).map(({ id }) => id)).toEqual(ids.slice(3))
      const shown = await back(began, limit)
      expect(shown.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(ids)
    })

    test('forgets what is older than a time, a batch at a time', async () => {
      const { store, clock, occasion } = kit()
      const appId = await kit().createApp()
      const times = [1000, 2000, 3000, 4000].map((time) => new Date(time))
      // Entries of other tests over the same database.
      while ((await store.audit.drop(new Date(4000), 1000)) > 0);
      for (const at of times) await store.apps.change(appId, change, occasion(), entryOf(appId, at))
      expect(await store.audit.drop(new Date(3000), 1)).toBe(1)
      expect((await list(appId)).map(({ at }) => at.getTime())).toEqual([4000, 3000, 2000])
      expect([await store.audit.drop(new Date(3000), 1), await store.audit.drop(new Date(3000), 1)]).toEqual([
        1, 0,
      ])
      expect((await list(appId)).map(({ at }) => at.getTime())).toEqual([4000, 3000])
      expect(clock.now.getTime()).toBeGreaterThan(4000)
    })
  })
}
