import type { Db } from '../../src/store/sql/port.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { type Any, sql, value } from '../../src/store/sql/template.ts'
import { hashOf } from '../contract/kit.ts'

type Row = Readonly<Record<string, unknown>>
type Names = 'app'

const ofDevices = sql`device_id IN (SELECT id FROM devices WHERE app_id = ${value('app')})`
const tables: readonly (readonly [string, Statement<Row, Names>])[] = (
  [
    // In an order in which ids occur equally, whatever their values.
    ['events', sql`SELECT * FROM events WHERE app_id = ${value('app')} ORDER BY id`],
    ['devices', sql`SELECT * FROM devices WHERE app_id = ${value('app')} ORDER BY dialect, external_id`],
    ['push_tokens', sql`SELECT * FROM push_tokens WHERE app_id = ${value('app')} ORDER BY provider, id`],
    [
      'subscriptions',
      sql`SELECT s.*, d.id AS device_id FROM subscriptions s LEFT JOIN devices d ON d.number = s.device WHERE s.app_id = ${value('app')} ORDER BY s.topic, s.created_at`,
    ],
    ['tags', sql`SELECT * FROM tags WHERE ${ofDevices} ORDER BY name, updated_at`],
    ['tag_types', sql`SELECT * FROM tag_types WHERE app_id = ${value('app')}`],
    ['counters', sql`SELECT * FROM counters WHERE app_id = ${value('app')} AND amount <> 0`],
    ['outbox', sql`SELECT * FROM outbox WHERE app_id = ${value('app')} ORDER BY kind, created_at`],
    [
      'job_items',
      sql`SELECT * FROM job_items WHERE job_id IN (SELECT id FROM jobs WHERE app_id = ${value('app')})`,
    ],
    ['removal_spares', sql`SELECT * FROM removal_spares WHERE ${ofDevices}`],
  ] as const
).map(([name, of]) => [name, statement(of as typeof of & Any)] as never)

/** Columns with random values that have no further meaning. */
const DRAWN = new Set(['number', 'device', 'updated_by', 'change', 'webhook_id', 'job_id'])
/** An id as `unique` in test/contract/kit.ts generates it. */
const OURS = /\b[a-z]+-[0-9a-f]{8}-\d{6}\b/g
const RANDOM = /\b([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g

/** Values as text, with ids numbered in the order in which they occur. */
export function anonymous(app: string): (of: unknown) => string {
  const ids = new Map([[app, 'the app']])
  return (of) =>
    (JSON.stringify(of, (key, one) => (DRAWN.has(key) ? null : one)) ?? '')
      .replace(OURS, (id) => {
        const known = ids.get(id) ?? `#${ids.size}`
        ids.set(id, known)
        return known
      })
      .replace(RANDOM, 'random')
}

/** Whether a push token is stored under its own hash, which a comparison of dumps cannot show. */
function ofItsToken(row: Row): Row {
  const hex = [...(row.digest as Iterable<number>)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { ...row, digest: hex === hashOf(String(row.token)).slice(0, 32) }
}

const written = (table: string, row: Row, place: number): Row =>
  table === 'events' ? { ...row, id: place } : table === 'push_tokens' ? ofItsToken(row) : row

/** All stored data of an app's devices, table by table. */
export async function dump(db: Db, app: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = await db.read(tables.map(([, of]) => call(of, { app })))
  const shown = anonymous(app)
  return Object.fromEntries(
    tables.map(([name], at) => {
      const own = (rows[at] ?? []).map((row, place) => shown(written(name, row, place)))
      return [name, own.sort()]
    }),
  )
}
