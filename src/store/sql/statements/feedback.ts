import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { unchecked } from '../template.ts'
import { countDead } from './counters.ts'
import { value } from './shared.ts'

/** The push tokens that reports name, by the place of the report; a device without one is found with null. */
export const reportedTokens: Statement<{ place: number; token: string | null }> = statement(sql`
  SELECT j.key AS place, t.id AS token FROM json_each(${value('targets')}) j
    CROSS JOIN json_each(j.value, '$.hashes') h CROSS JOIN json_each(h.value, '$.providers') v CROSS JOIN push_tokens t
  WHERE t.app_id = ${value('app')} AND t.provider = v.value AND t.hash = h.value ->> '$.hash' AND t.state <> 'gone'
  UNION ALL
  SELECT j.key, d.push_token_id FROM json_each(${value('targets')}) j CROSS JOIN devices d
  WHERE d.id = j.value ->> '$.device' AND d.app_id = ${value('app')}`)

/** The reports, each with the id of its token. */
const reports: SQL = sql`
  SELECT j.value ->> '$.place' AS place, j.value ->> '$.token' AS token, j.value ->> '$.outcome' AS outcome,
    j.value ->> '$.at' AS at, j.value ->> '$.tolerance' AS tolerance, j.value ->> '$.reason' AS reason
  FROM json_each(${value('reports')}) j`

/** Later than the last registration (identity R11). */
const later: SQL = sql.raw('r.at >= t.registered_at + r.tolerance')

/** Which reports say something new, before anything is changed. */
export const reportOutcomes: Statement<{ place: number; applied: number }> = statement(sql`
  SELECT r.place, max(CASE WHEN t.state = 'gone' THEN 0 WHEN r.outcome = 'dead' THEN ${later}
    ELSE r.at >= coalesce(t.delivered_at, 0) END) AS applied
  FROM (${reports}) r CROSS JOIN push_tokens t WHERE t.id = r.token GROUP BY r.place`)

/** The tokens that die, with the last word on each. */
const dying: SQL = sql`
  SELECT t.id, max(r.at) AS at, r.reason FROM (${reports}) r CROSS JOIN push_tokens t
  WHERE t.id = r.token AND r.outcome = 'dead' AND t.state = 'live' AND ${later} GROUP BY t.id`

export const countDying = countDead(unchecked(sql`d.push_token_id IN (SELECT id FROM (${dying}))`))

export const logDead = statement(sql`
  INSERT INTO events (app_id, device_id, kind, cause, detail, at)
  SELECT d.app_id, d.id, 'dead', ${value('cause')}, json_object('pushTokenId', told.id, 'reason', told.reason, 'at', told.at), ${value('now')}
  FROM (${dying}) told CROSS JOIN devices d WHERE d.push_token_id = told.id`)

export const markDead = statement(sql`
  UPDATE push_tokens SET state = 'dead', state_reason = told.reason, state_at = told.at
  FROM (${dying}) told WHERE push_tokens.id = told.id`)

export const markDelivered = statement(sql`
  UPDATE push_tokens SET delivered_at = told.at
  FROM (SELECT r.token, max(r.at) AS at FROM (${reports}) r WHERE r.outcome = 'delivered' GROUP BY r.token) told
  WHERE push_tokens.id = told.token AND push_tokens.state <> 'gone' AND coalesce(push_tokens.delivered_at, 0) < told.at`)
