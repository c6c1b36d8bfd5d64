import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { value } from './shared.ts'

const before = value('before')
const batch = value('batch')

/** Ids grow with time, so that only the oldest rows are looked at: no more of them than may go. */
export const dropHistory: Statement<{ id: number }> = statement(sql`
  DELETE FROM events WHERE id IN (
    SELECT id FROM (SELECT id, at FROM events ORDER BY id LIMIT ${batch}) WHERE at < ${before})
  RETURNING id`)

export const dropReceipts: Statement<{ device_id: string }> = statement(sql`
  DELETE FROM receipts WHERE (device_id, message_id, kind) IN (
    SELECT device_id, message_id, kind FROM receipts WHERE last_at < ${before} ORDER BY last_at LIMIT ${batch})
  RETURNING device_id`)

export const dropTombstones: Statement<{ id: string }> = statement(sql`
  DELETE FROM push_tokens WHERE id IN (
    SELECT id FROM push_tokens WHERE state = 'gone' AND state_at < ${before} ORDER BY state_at LIMIT ${batch})
  AND NOT EXISTS (SELECT 1 FROM devices d WHERE d.push_token_id = push_tokens.id)
  RETURNING id`)

/** Milliseconds by which a clock may be ahead of what was trusted last, and for which one that is further must go steadily. */
const DAY = sql.raw('86400000')
const steady: SQL = sql`excluded.seen_at BETWEEN seen_at AND seen_at + ${DAY}`

/** Notes the time and says how far the clock is trusted. The first one ever is. */
export const noteTime: Statement<{ trusted: number }> = statement(sql`
  INSERT INTO clocks (name, trusted_at, seen_at, steady_since)
  VALUES ('maintenance', ${value('now')}, ${value('now')}, ${value('now')})
  ON CONFLICT (name) DO UPDATE SET
    trusted_at = CASE WHEN excluded.seen_at <= trusted_at + ${DAY} THEN max(trusted_at, excluded.seen_at)
      WHEN ${steady} AND excluded.seen_at >= steady_since + ${DAY} THEN excluded.seen_at ELSE trusted_at END,
    steady_since = CASE WHEN ${steady} THEN steady_since ELSE excluded.seen_at END,
    seen_at = excluded.seen_at
  RETURNING ${value('now')} <= trusted_at + ${DAY} AS trusted`)
