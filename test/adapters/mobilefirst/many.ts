import { call, statement } from '../../../src/store/sql/statement.ts'
import { sql, value } from '../../../src/store/sql/template.ts'
import type { Tenant } from './kit.ts'

const numbers = sql`WITH RECURSIVE n(i) AS (SELECT CAST(${value('from')} AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${value('until')})`

const tokens = statement(sql`
  INSERT INTO push_tokens (id, app_id, provider, digest, token, environment, keys, state, state_reason, state_at, dialects, created_at, registered_at)
  ${numbers} SELECT ${value('app')} || printf('-t-%08d', i), ${value('app')}, 'apns', unhex(printf('%032d', i)), printf('token-%058d', i), 'unknown', NULL,
    'live', NULL, ${value('now')}, '["mobilefirst"]', ${value('now')}, ${value('now')} FROM n`)
const devices = statement(sql`
  INSERT INTO devices (id, app_id, dialect, external_id, platform, push_token_id, user_id, user_proved, enabled, superseded_at, expires_at,
    name, model, os_version, app_version, sdk_version, language, timezone, details, created_at, updated_at, last_seen_at)
  ${numbers} SELECT ${value('app')} || printf('-d-%08d', i), ${value('app')}, 'mobilefirst', printf('device-%08d', i), 'ios',
    ${value('app')} || printf('-t-%08d', i), 'user-' || (i % 100), 0, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    json_object('platformName', CASE i % 2 WHEN 0 THEN 'A' ELSE 'G' END), ${value('now')}, ${value('now')}, ${value('now')} FROM n`)
const subscriptions = statement(sql`
  INSERT INTO subscriptions (device, topic, app_id, id, automatic, created_at)
  ${numbers}, t(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM t WHERE k + 1 < ${value('tags')})
  SELECT (SELECT number FROM devices WHERE id = ${value('app')} || printf('-d-%08d', i)), printf('tag-%02d', k), ${value('app')}, ${value('app')} || printf('-s-%08d-%02d', i, k), 0, ${value('now')}
  FROM n, t`)
const catalogue = statement(sql`
  INSERT INTO catalogue (app_id, dialect, name, id, description, created_at, updated_at)
  ${numbers} SELECT ${value('app')}, 'mobilefirst', printf('tag-%02d', i), printf('%08d', i), '', ${value('now')}, ${value('now')} FROM n`)

const STEP = 5000

/**
 * Writes so many devices with so many tags each directly to the store, because registering them would take
 * minutes.
 */
export async function putMany(t: Tenant, count: number, tags: number): Promise<void> {
  const values = { app: t.id, now: t.h.clock.now.getTime(), tags }
  if (tags > 0) await t.h.db.commit([call(catalogue, { ...values, from: 0, until: tags })])
  for (let from = 0; from < count; from += STEP) {
    const range = { ...values, from, until: Math.min(from + STEP, count) }
    const plan = [call(tokens, range), call(devices, range)]
    await t.h.db.commit(tags > 0 ? [...plan, call(subscriptions, range)] : plan)
  }
}
