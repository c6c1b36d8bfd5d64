import { beforeAll, describe, expect, test } from 'vitest'
import type { ImportRow } from '../../src/domain/import.ts'
import { sha256Hex } from '../../src/secrets/hash.ts'
import type { LeasedImport } from '../../src/store/store.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

/** A row as it is after cleaning a file's row. */
function rowOf(position: number, more: Partial<ImportRow> & { readonly push?: string } = {}): ImportRow {
  const { push, ...rest } = more
  const token =
    push === undefined ? null : { provider: 'fcm' as const, hash: sha256Hex(push), text: push, keys: null }
  return {
    position,
    dialect: 'red',
    externalId: unique('x'),
    placeholder: `import:${unique('p')}`,
    deviceId: unique('row'),
    rowId: null,
    tokenId: unique('token'),
    existing: false,
    platform: 'android',
    token,
    environment: 'unknown',
    user: null,
    enabled: null,
    expiresAt: null,
    supersededAt: null,
    name: null,
    model: null,
    osVersion: null,
    appVersion: null,
    sdkVersion: null,
    language: null,
    timezone: null,
    details: null,
    createdAt: 1_700_000_000_000,
    lastSeenAt: 1_700_000_000_000,
    asOf: null,
    orderKey: `1-${position.toString().padStart(10, '0')}`,
    mark: sha256Hex(unique('mark')),
    topics: [],
    tags: [],
    ids: false,
    catalogued: false,
    spread: false,
    warnings: [],
    erasable: [],
    shown: () => ({ line: position + 1 }),
    ...rest,
  }
}

/** The store's part of imports, whatever reads their files. */
export function importContract(kit: () => StoreKit): void {
  describe('imports', () => {
    let app: string
    beforeAll(async () => {
      app = await kit().createApp()
    })

    async function begin(more: { dryRun?: boolean; appId?: string; key?: string } = {}) {
      const { store, clock } = kit()
      const id = unique('import')
      const { dryRun = false, appId = app, key } = more
      const idempotency = key === undefined ? null : { key, until: new Date(clock.now.getTime() + 1000) }
      const options = { environment: 'unknown' as const }
      const draft = {
        id,
        appId,
        dialect: 'red',
        format: 'csv',
        dryRun,
        options,
        exportedAt: null,
        bytes: 1,
        idempotency,
      }
      return { id, made: await store.imports.create(draft, clock.now) }
    }
    async function claim(id: string): Promise<{ of: LeasedImport; lease: string }> {
      const { store, clock } = kit()
      for (;;) {
        const lease = unique('lease')
        const until = new Date(clock.now.getTime() + 60_000)
        const of = await store.imports.claim(
          { lease, until, horizon: new Date(until.getTime() + 60_000) },
          clock.now,
        )
        if (!of) throw new Error('nothing to claim')
        if (of.id === id) return { of, lease }
      }
    }
    async function run(rounds: readonly (readonly ImportRow[])[], more: Parameters<typeof begin>[0] = {}) {
      const { store, clock } = kit()
      const { id } = await begin(more)
      const { of, lease } = await claim(id)
      const until = new Date(clock.now.getTime() + 60_000)
      const rowsRead = rounds.flat().length
      const step = {
        import: of,
        lease,
        rounds,
        refused: [],
        warnings: [],
        rowsRead,
        place: { at: 1 },
        exportedAt: null,
        until,
      }
      expect(await store.imports.ready(step, clock.now)()).toBe(true)
      await store.imports.finish(lease, { fault: null, total: rowsRead }, clock.now)
      const found = await store.imports.find(more.appId ?? app, id)
      const errors = await store.imports.errors(more.appId ?? app, id, {
        after: 0,
        limit: 100,
        warnings: true,
      })
      return { id, found, outcomes: found?.outcomes, errors, step }
    }

    test('make devices with everything that a row says, and are found with their counts', async () => {
      const { store, clock } = kit()
      const externalId = unique('whole')
      const { found, errors } = await run([
        [
          rowOf(1, {
            externalId,
            push: unique('t'),
            user: { id: 'anna', proved: true },
            model: 'Pixel',
            topics: [{ t: 'news', i: null, a: 0 }],
            tags: [{ name: 'Level', as: [{ type: 'integer', value: 7 }] }],
          }),
        ],
      ])
      expect(found).toMatchObject({
        state: 'completed',
        rows: { read: 1, done: 1, total: 1 },
        outcomes: { created: 1 },
      })
      expect(errors).toEqual([])
      const device = await store.devices.findByKey(keyOf(app, 'red', externalId), clock.now)
      expect(device).toMatchObject({
        user: { id: 'anna', proved: true },
        model: 'Pixel',
        topics: ['news'],
        tags: { Level: 7 },
        importedAt: clock.now,
        liveAt: null,
        createdAt: new Date(1_700_000_000_000),
      })
      expect(device?.pushToken?.state).toBe('live')
    })

    test('are one at a time in an app, keep their key, and are forgotten or cancelled', async () => {
      const { store, clock } = kit()
      const key = unique('key')
      const first = await begin({ key })
      expect((await begin({ key })).made).toBe(first.id)
      expect(await store.imports.findByKey(app, key, clock.now)).toBe(first.id)
      const second = await begin()
      const { lease } = await claim(first.id)
      const until = new Date(clock.now.getTime() + 60_000)
      const next = { lease: unique('lease'), until, horizon: until }
      expect(await store.imports.claim(next, clock.now)).toBeNull()
      await store.imports.release(lease, clock.now)
      expect(await store.imports.remove(app, first.id, clock.now)).toBe('cancelled')
      expect((await store.imports.find(app, first.id))?.state).toBe('cancelled')
      expect(await store.imports.remove(app, first.id, clock.now)).toBe('forgotten')
      expect(await store.imports.remove(app, first.id, clock.now)).toBeNull()
      const { items } = await store.imports.list(app, { after: null, limit: 100 })
      expect(items.map(({ id }) => id)).toContain(second.id)
      await claim(second.id)
      await store.imports.endLeases(clock.now)
      expect(await store.imports.remove(app, second.id, clock.now)).toBe('cancelled')
      expect((await begin({ appId: 'nobody' })).made).toBe(false)
    })

    test('count and keep the rows that were refused or skipped', async () => {
      const { store, clock } = kit()
      const { id } = await begin()
      const { of, lease } = await claim(id)
      const until = new Date(clock.now.getTime() + 60_000)
      const refused = [
        {
          position: 1,
          reason: 'token_expo' as const,
          warnings: ['trimmed' as const],
          userId: null,
          shown: { line: 2 },
        },
        { position: 2, reason: 'expired' as const, warnings: [], userId: null, shown: { line: 3 } },
      ]
      const step = {
        import: of,
        lease,
        rounds: [],
        refused,
        warnings: ['file_truncated'],
        rowsRead: 2,
        place: null,
        exportedAt: null,
        until,
      }
      await store.imports.ready(step, clock.now)()
      expect(await store.imports.ready(step, clock.now)()).toBe(false)
      expect(await store.imports.find(app, id)).toMatchObject({
        outcomes: { rejected: 1, skipped: 1 },
        reasons: { token_expo: 1, expired: 1 },
        warnings: { trimmed: 1, file_truncated: 1 },
      })
      await store.imports.finish(
        lease,
        { fault: { code: 'json_syntax', message: 'x' }, total: null },
        clock.now,
      )
      expect(await store.imports.find(app, id)).toMatchObject({
        state: 'failed',
        error: { code: 'json_syntax' },
      })
      const page = { after: 1, limit: 10, warnings: false }
      expect(await store.imports.errors(app, id, page)).toMatchObject([
        { row: 2, outcome: 'skipped', reason: 'expired' },
      ])
    })

    test('show what a dry run would do and leave nothing of it', async () => {
      const { store, clock } = kit()
      const appId = await kit().createApp()
      const known = unique('known')
      await run([[rowOf(1, { externalId: known, push: unique('t') })]], { appId })
      const before = await store.directory.stats(appId, clock.now)
      const { outcomes } = await run(
        [
          [rowOf(1, { externalId: known, model: 'X', orderKey: '2' }), rowOf(2, { push: unique('t') })],
          [rowOf(3, { externalId: known, model: 'Y', orderKey: '3' })],
        ],
        { appId, dryRun: true },
      )
      expect(outcomes).toMatchObject({ merged: 1, created: 1, updated: 1 })
      expect(await store.directory.stats(appId, clock.now)).toEqual(before)
      while (await store.imports.sweep(10));
      expect(await store.imports.sweep(10)).toBe(false)
    })

    test('do not bring back who was erased', async () => {
      const { store, clock } = kit()
      await store.imports.noteErased(app, ['mark'], clock.now)
      const { errors } = await run([[rowOf(1, { erasable: ['mark'] }), rowOf(2, { erasable: ['other'] })]])
      expect(errors).toMatchObject([{ row: 1, outcome: 'skipped', reason: 'erased' }])
    })

    test('keep files in pieces, and go when they are old', async () => {
      const { store, clock } = kit()
      const id = unique('file')
      await store.imports.putChunk(id, 0, 'abc')
      expect(await store.imports.chunk(id, 0)).toBe('abc')
      await store.imports.dropChunks(id)
      expect(await store.imports.chunk(id, 0)).toBeNull()
      const { id: old } = await run([])
      const later = new Date(clock.now.getTime() + 1)
      let gone: readonly string[] = []
      do gone = await store.imports.prune(later)
      while (gone.length > 0 && !gone.includes(old))
      expect(gone).toEqual([old])
    })
  })
}
