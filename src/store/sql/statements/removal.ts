import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { unchecked } from '../template.ts'
import { countRemoved } from './counters.ts'
import { keyed, staying, tokenId, unexpired, value } from './shared.ts'
import { announceUnregistered } from './webhooks.ts'

/** The statements that remove every device a condition names, with all that hangs on it, in their order. */
export interface Removal {
  readonly plan: readonly Statement[]
  /** The last of the plan: the row ids of the devices that went. */
  readonly removed: Statement<{ id: string }>
}

/** How much a removal takes: a condition that at most one device meets is a look-up instead of a list. */
interface Extent {
  readonly one?: boolean
  /** Without a trace. */
  readonly erase?: boolean
  /** Whether the dialect's webhooks are told, in the same write. */
  readonly announced?: boolean
  /** What the history calls it. */
  readonly kind?: 'unregistered' | 'expired' | 'forgotten'
  /** False where the plan that it belongs to counts for itself. */
  readonly counted?: boolean
}

/** The removal of the devices `d` that a condition names. */
export function removal(
  chosen: SQL,
  { one = false, erase = false, announced = !erase, kind = 'unregistered', counted = true }: Extent = {},
): Removal {
  const [within, outside] = one ? [sql.raw('='), sql.raw('<>')] : [sql.raw('IN'), sql.raw('NOT IN')]
  const ids = sql`(SELECT d.id FROM devices d WHERE ${chosen})`
  const log = statement(sql`
    INSERT INTO events (app_id, device_id, kind, cause, detail, at)
    SELECT d.app_id, d.id, ${sql.raw(`'${kind}'`)}, ${value('cause')},
      json_object('dialect', d.dialect, 'pushTokenId', d.push_token_id), ${value('now')}
    FROM devices d WHERE ${chosen}`)
  const forget = statement(
    sql`DELETE FROM events WHERE app_id = ${value('app')} AND device_id ${within} ${ids}`,
  )
  const forgetCalls = statement(
    sql`DELETE FROM outbox WHERE app_id = ${value('app')} AND event ->> '$.device.id' ${within} ${ids}`,
  )
  // The hash stays, so that topics are not carried over a second time to whoever has the phone next (identity R6).
  const pointed = sql`push_tokens.id ${within} (SELECT d.push_token_id FROM devices d WHERE ${chosen})
    AND NOT EXISTS (SELECT 1 FROM devices o WHERE o.push_token_id = push_tokens.id AND o.id ${outside} ${ids})`
  const retire = erase
    ? statement(sql`DELETE FROM push_tokens WHERE ${pointed}`)
    : statement(
        sql`UPDATE push_tokens SET state = 'gone', token = '', keys = NULL, state_at = ${value('now')} WHERE ${pointed}`,
      )
  const removed: Statement<{ id: string }> = statement(
    sql`DELETE FROM devices WHERE id ${within} ${ids} RETURNING id`,
  )
  return {
    plan: [
      ...(counted ? [countRemoved(unchecked(chosen))] : []),
      ...(erase ? [forget, forgetCalls] : [log]),
      ...(announced ? [announceUnregistered(chosen)] : []),
      statement(sql`DELETE FROM subscriptions WHERE device_id ${within} ${ids}`),
      statement(sql`DELETE FROM tags WHERE device_id ${within} ${ids}`),
      statement(sql`DELETE FROM receipts WHERE device_id ${within} ${ids}`),
      retire,
      removed,
    ],
    removed,
  }
}

/** One device by its key. */
export const removeByKey = removal(keyed('d'), { one: true })
/** One device by its key, if it is the user's. */
export const removeOfUser = removal(sql`${keyed('d')} AND d.user_id = ${value('userId')}`, { one: true })
/** One device by its key, if its time is over: a registration then starts from nothing, and counts it. */
export const removeExpired = removal(sql`${keyed('d')} AND NOT ${unexpired('d')}`, {
  one: true,
  announced: false,
  counted: false,
})
/** The dialect's device on a token, if its time is over. */
export const removeExpiredByToken = removal(
  sql`d.push_token_id = ${tokenId} AND d.dialect = ${value('dialect')} AND NOT ${unexpired('d')}`,
  { one: true, announced: false, counted: false },
)
/** One device by its row id. */
export const removeById = removal(
  sql`d.app_id = ${value('app')} AND d.id = ${value('id')} AND ${staying('d')}`,
  {
    one: true,
  },
)
/** The devices that a piece of a larger removal picked. */
const picked = sql`d.id IN (SELECT device_id FROM removal_picks WHERE removal_id = ${value('removal')})`
export const removePicked = removal(picked)
export const erasePicked = removal(picked, { erase: true })
/** Of an app, whose counts go as well. */
export const erasePickedOfApp = removal(picked, { erase: true, counted: false })
/** The devices of all apps whose time has been over for longest, no more than a batch. */
export const expireDue = removal(
  sql`d.id IN (SELECT id FROM devices WHERE expires_at <= ${value('now')} ORDER BY expires_at, id LIMIT ${value('batch')})`,
  { kind: 'expired' },
)

/**
 * Devices that lost their token to another one and have not called for long (identity R3), no more than a batch. The
 * dialects' webhooks are not told: to them the device went when it was superseded.
 */
const idle: SQL = sql.raw('CASE WHEN superseded_at > last_seen_at THEN superseded_at ELSE last_seen_at END')
export const dropSuperseded = removal(
  sql`d.id IN (SELECT id FROM devices WHERE superseded_at IS NOT NULL AND ${idle} < ${value('before')}
    ORDER BY ${idle} LIMIT ${value('batch')})`,
  { kind: 'forgotten', announced: false },
)
