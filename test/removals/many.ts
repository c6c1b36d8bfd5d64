import type { DialectApp } from '../../src/domain/app.ts'
import { digest, elements, literal, object } from '../../src/store/sql/forms.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { columns, integer, join, raw, sql, value } from '../../src/store/sql/template.ts'
import type { Harness } from '../harness/harness.ts'

const numbers = sql`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < CAST(${value('count')} AS INTEGER))`
/** The number in six digits. */
const six = sql`substr(CAST(1000000 + i AS text), 2)`
const device = sql`${value('app')} || '-d-' || ${six}`
const token = sql`${value('app')} || '-t-' || ${six}`

const tokens = statement(sql`
  INSERT INTO push_tokens (id, app_id, provider, digest, token, environment, keys, state, state_reason, state_at, dialects, created_at, registered_at)
  ${numbers} SELECT ${token}, ${value('app')}, 'fcm', ${digest(sql`'${raw('0'.repeat(26))}' || ${six}`)}, 'token-' || ${six}, 'unknown', NULL,
    'live', NULL, ${value('now')}, '[]', ${value('now')}, ${value('now')} FROM n`)
const devices = statement(sql`
  INSERT INTO devices (id, app_id, dialect, external_id, platform, push_token_id, user_id, user_proved, enabled, superseded_at, expires_at,
    name, model, os_version, app_version, sdk_version, language, timezone, details, created_at, updated_at, last_seen_at)
  ${numbers} SELECT ${device}, ${value('app')}, ${value('dialect')}, 'device-' || ${six}, 'android', ${token}, ${value('user')},
    0, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', ${value('now')}, ${value('now')}, ${value('now')} FROM n`)
const topics = statement(sql`
  INSERT INTO subscriptions (device, topic, app_id, id, automatic, created_at)
  ${numbers} SELECT (SELECT number FROM devices WHERE id = ${device}), 'topic-' || k.value, ${value('app')}, NULL, 0, ${value('now')} FROM n CROSS JOIN ${elements(literal('[1,2]'))} k`)
const tags = statement(sql`
  INSERT INTO tags (device_id, name, type, value, updated_at) ${numbers} SELECT ${device}, 'tag', 'string', '"x"', ${value('now')} FROM n`)
const receipts = statement(sql`
  INSERT INTO receipts (device_id, message_id, kind, app_id, count, first_at, last_at, details)
  ${numbers} SELECT ${device}, 'm', 'opened', ${value('app')}, 1, ${value('now')}, ${value('now')}, ${object({ userId: value('user') })} FROM n`)
const events = statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  ${numbers} SELECT ${value('app')}, ${device}, 'registered', 'test', '{}', ${value('now')} FROM n`)

const kept = statement(sql`
  INSERT INTO kept_states (subject, app_id, dialect, device_id, user_id, document, sealed, at)
  ${numbers} SELECT ${value('app')} || '-k-' || ${six}, ${value('app')}, ${value('dialect')}, ${device}, ${value('user')},
    ${object({ id: token, provider: literal('fcm'), token: sql`'former-token-' || ${six}` })}, NULL, ${value('now')} FROM n`)

/** Writes so many former tokens of one user, who needs no device any more. */
export async function putKept(h: Harness, app: DialectApp, count: number, user: string): Promise<void> {
  const values = { app: app.app.id, dialect: app.dialect, user, count, now: h.clock.now.getTime() }
  await h.db.commit([call(kept, values)])
}

/**
 * Writes so many devices of one user directly to the store, with a row in every table that refers to a
 * device.
 */
export async function putMany(h: Harness, app: DialectApp, count: number, user: string): Promise<void> {
  const values = { app: app.app.id, dialect: app.dialect, user, count, now: h.clock.now.getTime() }
  await h.db.commit([tokens, devices, topics, tags, receipts, events].map((one) => call(one, values)))
}

const TABLES = ['devices', 'push_tokens', 'subscriptions', 'receipts']
const counted = [
  // Except the events about removed devices, which have their own test.
  sql`(SELECT count(*) FROM events WHERE app_id = ${value('app')} AND kind <> 'erased')`,
  ...TABLES.map((table) => sql`(SELECT count(*) FROM ${raw(table)} WHERE app_id = ${value('app')})`),
  sql`(SELECT count(*) FROM tags WHERE device_id > ${value('app')} || '-d-' AND device_id < ${value('app')} || '-d.')`,
]
const rows = statement(sql`SELECT ${columns({ n: integer(sql`${join(counted, ' + ')}`) })}`)

/** How many rows the app has in all of these tables. */
export const rowsOf = async (h: Pick<Harness, 'db'>, appId: string): Promise<number> =>
  (await h.db.read([call(rows, { app: appId })]))[0][0]?.n ?? 0
