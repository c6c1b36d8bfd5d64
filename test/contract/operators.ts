import { describe, expect, test } from 'vitest'
import type { AuditEntry, OperatorKey } from '../../src/store/store.ts'
import { hashOf, type StoreKit, unique } from './kit.ts'

const HOUR = 3_600_000

export function operatorContract(kit: () => StoreKit): void {
  const keyOf = (more: Partial<OperatorKey> = {}): OperatorKey & { hash: string } => {
    const id = unique('key')
    const own = { id, kind: 'token', name: unique('name'), role: 'read', hash: hashOf(id) } as const
    return {
      ...own,
      parent: null,
      about: null,
      createdAt: kit().clock.now,
      expiresAt: null,
      lastUsedAt: null,
      ...more,
    }
  }
  const entryOf = (target: string): AuditEntry => ({
    ...{ id: unique('entry'), at: kit().clock.now, actor: 'admin', action: 'test', appId: unique('app') },
    ...{ target, detail: {}, cause: unique('request') },
  })
  const audited = async ({ appId }: AuditEntry) =>
    (await kit().store.audit.list(appId, { after: null, limit: 10 })).items.length

  describe('keys of operators', () => {
    test('are found by kind and hash alone, and listed newest first', async () => {
      const { operators } = kit().store
      const { hash, ...token } = keyOf({ about: 'a "browser"' })
      const entry = entryOf(token.id)
      expect(await operators.put({ ...token, hash }, entry)).toBe(true)
      expect(await operators.find('token', hash, kit().clock.now)).toEqual(token)
      expect(await operators.find('session', hash, kit().clock.now)).toBeNull()
      expect(await operators.find('token', hashOf(unique('other')), kit().clock.now)).toBeNull()
      expect(await operators.list('token', kit().clock.now)).toContainEqual(token)
      expect(await audited(entry)).toBe(1)
    })

    test('of two tokens of one name the first one stays, and nothing is written of the second', async () => {
      const { operators } = kit().store
      const first = keyOf()
      const [entry, second] = [entryOf('x'), keyOf({ name: first.name })]
      await operators.put(first)
      expect(await operators.put(second, entry)).toBe(false)
      expect(await operators.find('token', second.hash, kit().clock.now)).toBeNull()
      expect(await audited(entry)).toBe(0)
      // Sessions of one owner share its name.
      expect(await operators.put(keyOf({ name: first.name, kind: 'session' }))).toBe(true)
    })

    test('end with their time, and are then deleted a batch at a time', async () => {
      const { operators } = kit().store
      const expiresAt = new Date(kit().clock.now.getTime() + HOUR)
      const session = keyOf({ kind: 'session', expiresAt })
      await operators.put(session)
      await operators.put(keyOf({ kind: 'session', expiresAt }))
      expect(await operators.find('session', session.hash, kit().clock.now)).not.toBeNull()
      expect(await operators.find('session', session.hash, expiresAt)).toBeNull()
      expect((await operators.list('session', expiresAt)).map(({ id }) => id)).not.toContain(session.id)
      expect(await operators.drop(expiresAt, 1)).toBe(1)
      while ((await operators.drop(expiresAt, 1)) > 0);
      expect(await operators.find('session', session.hash, kit().clock.now)).toBeNull()
    })

    test('that are taken are gone, also those that have expired', async () => {
      const { operators } = kit().store
      const expiresAt = new Date(kit().clock.now.getTime() + HOUR)
      const [link, late] = [keyOf({ kind: 'link', expiresAt }), keyOf({ kind: 'link', expiresAt })]
      for (const one of [link, late]) await operators.put(one)
      expect((await operators.take('link', link.hash, kit().clock.now))?.id).toBe(link.id)
      expect(await operators.take('link', link.hash, kit().clock.now)).toBeNull()
      expect(await operators.take('link', late.hash, expiresAt)).toBeNull()
      expect(await operators.find('link', late.hash, kit().clock.now)).toBeNull()
    })

    test('take what was made by them along', async () => {
      const { operators } = kit().store
      const token = keyOf()
      const session = keyOf({ kind: 'session', parent: token.id })
      for (const one of [token, session]) await operators.put(one)
      const entry = entryOf(token.id)
      expect(await operators.remove('session', token.id, entry)).toBe(false)
      expect(await operators.remove('token', unique('unknown'), entry)).toBe(false)
      expect(await audited(entry)).toBe(0)
      expect(await operators.remove('token', token.id, { ...entry, id: unique('entry') })).toBe(true)
      expect(await audited(entry)).toBe(1)
      expect(await operators.find('session', session.hash, kit().clock.now)).toBeNull()
    })

    test('know when they were last used, and never earlier', async () => {
      const { operators } = kit().store
      const token = keyOf()
      await operators.put(token)
      const [early, late] = [new Date(HOUR), new Date(2 * HOUR)]
      for (const at of [late, early]) await operators.noteUsed(token.id, at)
      expect((await operators.find('token', token.hash, kit().clock.now))?.lastUsedAt).toEqual(late)
    })
  })
}
