import { expect, test } from 'vitest'
import { openDb } from '#runtime'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import { createKit, removePiece } from '../contract/kit.ts'

/** More clients than are removed before the answer. */
const CLIENTS = 4000
const putClients = statement(sql`
  INSERT INTO clients (id, app_id, dialect, sealed, about, created_at, updated_at)
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < CAST(${value('count')} AS INTEGER))
  SELECT ${value('app')} || '-' || i, ${value('app')}, 'red', '', '{}', ${value('now')}, ${value('now')} FROM n`)

test('a client of a dialect that was cleared is unknown at once, though its row still has to go', async () => {
  const db = await openDb()
  const { store, clock, createApp, occasion } = await createKit(async (now) => sqlStore(db, now))
  const scope = { appId: await createApp(), dialect: 'red' }
  const values = { app: scope.appId, count: CLIENTS, now: clock.now.getTime() }
  await db.commit([call(putClients, values)])
  const ids = Array.from({ length: CLIENTS / 100 }, (_, at) => `${scope.appId}-${at * 100}`)
  await store.apps.clearDialect(scope, {}, occasion())
  for (const id of ids) {
    expect(await store.auth.client(id)).toBeNull()
    expect(await store.auth.knowsClient(scope, id)).toBe(false)
    expect(await store.auth.describeClient({ id, about: {}, externalId: null }, clock.now)).toBe(false)
  }
  while (await removePiece({ store, clock }));
})
