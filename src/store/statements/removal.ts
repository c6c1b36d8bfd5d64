import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { keyed, unexpired, value } from './shared.ts'
import { announceUnregistered } from './webhooks.ts'

/** The statements that remove every device a condition names, with all that hangs on it, in their order. */
export interface Removal {
  readonly plan: readonly Statement[]
  /** The last of the plan: the row ids of the devices that went. */
  readonly removed: Statement<{ id: string }>
}

/** `announced`: the dialect's webhooks are told, in the same write. */
function removal(chosen: SQL, erase = false, announced = !erase): Removal {
  const ids = sql`(SELECT d.id FROM devices d WHERE ${chosen})`
  const log = statement(sql`
    INSERT INTO events (app_id, device_id, kind, cause, detail, at)
    SELECT d.app_id, d.id, 'unregistered', ${value('cause')},
      json_object('dialect', d.dialect, 'externalId', d.external_id, 'pushTokenId', d.push_token_id), ${value('now')}
    FROM devices d WHERE ${chosen}`)
  const forget = statement(sql`DELETE FROM events WHERE app_id = ${value('app')} AND device_id IN ${ids}`)
  const forgetCalls = statement(
    sql`DELETE FROM outbox WHERE app_id = ${value('app')} AND event ->> '$.device.id' IN ${ids}`,
  )
  // The hash stays, so that topics are not carried over a second time to whoever has the phone next (identity R6).
  const pointed = sql`push_tokens.id IN (SELECT d.push_token_id FROM devices d WHERE ${chosen})
    AND NOT EXISTS (SELECT 1 FROM devices o WHERE o.push_token_id = push_tokens.id AND o.id NOT IN ${ids})`
  const retire = erase
    ? statement(sql`DELETE FROM push_tokens WHERE ${pointed}`)
    : statement(
        sql`UPDATE push_tokens SET state = 'gone', token = '', keys = NULL, state_at = ${value('now')} WHERE ${pointed}`,
      )
  const removed: Statement<{ id: string }> = statement(
    sql`DELETE FROM devices WHERE id IN ${ids} RETURNING id`,
  )
  return {
    plan: [
      ...(erase ? [forget, forgetCalls] : [log]),
      ...(announced ? [announceUnregistered(chosen)] : []),
      statement(sql`DELETE FROM subscriptions WHERE device_id IN ${ids}`),
      statement(sql`DELETE FROM tags WHERE device_id IN ${ids}`),
      statement(sql`DELETE FROM receipts WHERE device_id IN ${ids}`),
      retire,
      removed,
    ],
    removed,
  }
}

/** One device by its key. */
export const removeByKey = removal(keyed('d'))
/** One device by its key, if its time is over: a registration then starts from nothing. */
export const removeExpired = removal(sql`${keyed('d')} AND NOT ${unexpired('d')}`, false, false)
/** One device by its row id. */
export const removeById = removal(sql`d.app_id = ${value('app')} AND d.id = ${value('id')}`)
/** A user's devices in one dialect. */
export const removeUser = removal(
  sql`d.app_id = ${value('app')} AND d.user_id = ${value('userId')} AND d.dialect = ${value('dialect')}`,
)
/** A user's devices in every dialect, without a trace. */
export const eraseUser = removal(sql`d.app_id = ${value('app')} AND d.user_id = ${value('userId')}`, true)
/** A dialect of an app with its devices. */
export const removeDialect = removal(
  sql`d.app_id = ${value('app')} AND d.dialect = ${value('dialect')}`,
  true,
)
