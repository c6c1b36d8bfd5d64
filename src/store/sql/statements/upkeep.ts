import { flag, greatest, number } from '../forms.ts'
import { statement } from '../statement.ts'
import { clocks, devices, events, pushTokens, receipts } from '../tables.ts'
import { columns, inner, sql, value } from '../template.ts'

const before = value('before')
const batch = value('batch')

/** Ids grow with time, so only the oldest rows are read, as many as may be deleted. */
const oldest = sql`SELECT ${events.id}, ${events.at} FROM (SELECT ${events.id}, ${events.at} FROM ${events} ORDER BY ${events.id} LIMIT ${batch}) oldest WHERE ${events.at} < ${before}`
export const dropHistory = statement(sql`
  DELETE FROM ${events} WHERE ${events.id} IN (SELECT id FROM (${inner(oldest)}) gone) RETURNING ${columns({ id: events.id })}`)

const { deviceId, messageId, kind, lastAt } = receipts
const receipt = sql`${deviceId}, ${messageId}, ${kind}`
export const dropReceipts = statement(sql`
  DELETE FROM ${receipts} WHERE (${receipt}) IN (
    SELECT ${receipt} FROM ${receipts} WHERE ${lastAt} < ${before} ORDER BY ${lastAt} LIMIT ${batch})
  RETURNING ${columns({ device_id: deviceId })}`)

const d = devices.as('d')
const own = pushTokens.as('push_tokens')
const { id, state, stateAt } = pushTokens
export const dropTombstones = statement(sql`
  DELETE FROM ${pushTokens} WHERE ${id} IN (
    SELECT ${id} FROM ${pushTokens} WHERE ${state} = 'gone' AND ${stateAt} < ${before} ORDER BY ${stateAt} LIMIT ${batch})
  AND NOT EXISTS (SELECT 1 FROM ${d} WHERE ${d.pushTokenId} = ${own.id})
  RETURNING ${columns({ id })}`)

const { name, trustedAt, seenAt, steadySince } = clocks
const standing = clocks.as('clocks')
const excluded = clocks.as('excluded')
/** Runs before the deletion: the last event to be deleted, so that feed readers can detect the gap. */
export const noteDropped = statement(sql`
  INSERT INTO ${clocks} (${name}, ${trustedAt}, ${seenAt}, ${steadySince})
  SELECT 'history', newest, last, 0 FROM (SELECT max(id) AS last, max(at) AS newest FROM (${inner(oldest)}) gone) dropped WHERE last IS NOT NULL
  ON CONFLICT (${name}) DO UPDATE SET ${trustedAt} = ${greatest(standing.trustedAt, excluded.trustedAt)}, ${seenAt} = ${greatest(standing.seenAt, excluded.seenAt)}`)

/** Most milliseconds a clock may be ahead of the last trusted time; beyond, it must run this long without a jump. */
const DAY = number(86_400_000)
const steady = sql`${excluded.seenAt} BETWEEN ${standing.seenAt} AND ${standing.seenAt} + ${DAY}`

/** Records the time and returns the trusted time. The first time ever is trusted. */
export const noteTime = statement(sql`
  INSERT INTO ${clocks} (${name}, ${trustedAt}, ${seenAt}, ${steadySince})
  VALUES ('maintenance', ${value('now')}, ${value('now')}, ${value('now')})
  ON CONFLICT (${name}) DO UPDATE SET
    ${trustedAt} = CASE WHEN ${excluded.seenAt} <= ${standing.trustedAt} + ${DAY} THEN ${greatest(standing.trustedAt, excluded.seenAt)}
      WHEN ${steady} AND ${excluded.seenAt} >= ${standing.steadySince} + ${DAY} THEN ${excluded.seenAt} ELSE ${standing.trustedAt} END,
    ${steadySince} = CASE WHEN ${steady} THEN ${standing.steadySince} ELSE ${excluded.seenAt} END,
    ${seenAt} = ${excluded.seenAt}
  RETURNING ${columns({ trusted: flag(sql`${value('now')} <= ${trustedAt} + ${DAY}`) })}`)
