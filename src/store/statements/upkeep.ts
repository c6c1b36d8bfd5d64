import { sql } from 'drizzle-orm'
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
