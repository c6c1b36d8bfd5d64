import { keyed, staying, tokenId, unexpired } from '../conditions.ts'
import { arrayOf, json, member, object } from '../forms.ts'
import { type Statement, statement } from '../statement.ts'
import {
  devices,
  events,
  importMarks,
  outbox,
  pushTokens,
  receipts,
  removalPicks,
  subscriptions,
  tags,
} from '../tables.ts'
import { columns, raw, sql, type Template, value } from '../template.ts'
import { countRemoved } from './counters.ts'
import { eventKind, loggedApart, loggedEnd } from './history.ts'
import { keepDevices } from './kept.ts'
import { endsOfUser } from './removal-extents.ts'
import { announceEnd } from './webhooks.ts'

/** The statements that remove every device matched by a condition, with all its rows, in order. */
export interface Removal<Names extends string = string> {
  readonly plan: readonly Statement<unknown, Names>[]
  /** The last statement of the plan: the row ids of the removed devices. */
  readonly removed: Statement<{ id: string }, Names>
}

/** Options of a removal; a condition that matches at most one device becomes a look-up instead of a list. */
interface Extent {
  readonly one?: boolean
  /** The kind of its event; the domain decides which kinds webhooks receive. */
  readonly kind?: 'unregistered' | 'expired' | 'forgotten'
  /** True if a registration follows in the same plan; webhooks then receive only that. */
  readonly again?: boolean
  /** False if the event must not name the user. */
  readonly named?: boolean
  /** False if the plan updates the counters itself. */
  readonly counted?: boolean
}

const d = devices.as('d')
const o = devices.as('o')
const token = pushTokens.as('push_tokens')

/** A push token that no row refers to: its text is erased, its hash stays. */
export const retire = sql`
  UPDATE ${pushTokens} SET ${pushTokens.state} = 'gone', ${pushTokens.token} = '', ${pushTokens.keys} = NULL, ${pushTokens.stateAt} = ${value('now')}`

/** The devices `d` that a condition matches, and the push tokens that only they have. */
function taken<Chosen extends string>(chosen: Template<Chosen>, one: boolean) {
  const [within, outside] = one ? [raw('='), raw('<>')] : [raw('IN'), raw('NOT IN')]
  const among = sql`${within} (SELECT ${d.id} FROM ${d} WHERE ${chosen})`
  const numbers = sql`${within} (SELECT ${d.number} FROM ${d} WHERE ${chosen})`
  const pointed = sql`${token.id} ${within} (SELECT ${d.pushTokenId} FROM ${d} WHERE ${chosen})
    AND NOT EXISTS (SELECT 1 FROM ${o} WHERE ${o.pushTokenId} = ${token.id}
      AND ${o.id} ${outside} (SELECT ${d.id} FROM ${d} WHERE ${chosen}))`
  return { among, numbers, pointed }
}

/** The rows of the devices, then the devices. */
function rows<Among extends string, Tokens extends string>(
  { among, numbers }: { readonly among: Template<Among>; readonly numbers: Template<Among> },
  tokens: Statement<unknown, Tokens>,
  reported: boolean,
) {
  const removed = statement(
    sql`DELETE FROM ${devices} WHERE ${devices.id} ${among} RETURNING ${columns({ id: devices.id })}`,
  )
  const plan = [
    statement(sql`DELETE FROM ${subscriptions} WHERE ${subscriptions.device} ${numbers}`),
    statement(sql`DELETE FROM ${tags} WHERE ${tags.deviceId} ${among}`),
    statement(sql`DELETE FROM ${importMarks} WHERE ${importMarks.device} ${numbers}`),
    ...(reported ? [statement(sql`DELETE FROM ${receipts} WHERE ${receipts.deviceId} ${among}`)] : []),
    tokens,
    removed,
  ]
  return { plan, removed }
}

/** The removal of the devices `d` that a condition matches. */
export function removal<Chosen extends string>(
  chosen: Template<Chosen>,
  { one = false, again = false, kind = 'unregistered', named = true, counted = true }: Extent = {},
): Removal<Chosen | 'now' | 'cause' | 'keeps'> {
  const of = taken(chosen, one)
  const about = { dialect: d.dialect, pushTokenId: d.pushTokenId }
  const log = statement(sql`
    ${loggedEnd}
    SELECT ${d.appId}, ${d.id}, ${eventKind(kind)}, ${value('cause')},
      ${object(named ? { ...about, userId: d.userId } : about)}, ${value('now')}, ${d.dialect}, ${named ? d.externalId : sql`NULL`}
    FROM ${d} WHERE ${chosen}`)
  // The hash stays, so that topics are not carried over again to the phone's next device (identity R6).
  const { plan, removed } = rows(of, statement(sql`${retire} WHERE ${of.pointed}`), true)
  return {
    plan: [
      ...(counted ? [countRemoved(chosen)] : []),
      log,
      ...(again || kind === 'forgotten' ? [] : [announceEnd(kind, chosen)]),
      // Not after a user was removed: what is kept names the user.
      ...(named ? [keepDevices(chosen)] : []),
      ...plan,
    ],
    removed,
  }
}

/** A removal without events. Reports of the devices were deleted before (`HANGING`). */
function erasure<Chosen extends string>(
  chosen: Template<Chosen>,
  { counted = true }: Pick<Extent, 'counted'> = {},
): Removal<Chosen | 'app'> {
  const of = taken(chosen, false)
  const { among } = of
  const { plan, removed } = rows(of, statement(sql`DELETE FROM ${pushTokens} WHERE ${of.pointed}`), false)
  return {
    plan: [
      ...(counted ? [countRemoved(chosen)] : []),
      statement(
        sql`DELETE FROM ${events} WHERE ${events.appId} = ${value('app')} AND ${events.deviceId} ${among}`,
      ),
      statement(
        sql`DELETE FROM ${outbox} WHERE ${outbox.appId} = ${value('app')} AND ${member(outbox.event, '$.device.id')} ${among}`,
      ),
      ...plan,
    ],
    removed,
  }
}

/** One device by its key. */
export const removeByKey = removal(keyed(d), { one: true })
/** One device by its key, if it belongs to the user. */
export const removeOfUser = removal(sql`${keyed(d)} AND ${d.userId} = ${value('userId')}`, { one: true })
/** One device by its key, if it is expired: a registration then creates it anew and counts it. */
export const removeExpired = removal(sql`${keyed(d)} AND NOT ${unexpired(d)}`, {
  one: true,
  again: true,
  counted: false,
})
/** The dialect's device with a token, if it is expired. */
export const removeExpiredByToken = removal(
  sql`${d.pushTokenId} = ${tokenId} AND ${d.dialect} = ${value('dialect')} AND NOT ${unexpired(d)}`,
  { one: true, again: true, counted: false },
)
/** One device by its row id. */
export const removeById = removal(
  sql`${d.appId} = ${value('app')} AND ${d.id} = ${value('id')} AND ${staying(d)}`,
  { one: true },
)
/** The devices picked for a batch of a larger removal. */
const ofRemoval = sql`FROM ${removalPicks} WHERE ${removalPicks.removalId} = ${value('removal')}`
const picked = sql`${d.id} IN (SELECT ${removalPicks.deviceId} ${ofRemoval})`
/** For a user removed from one dialect. */
export const removePicked = removal(picked, { named: false })
export const erasePicked = erasure(picked)
/** Afterwards: an event that contains only the ids. */
export const logErased = statement(sql`
  ${loggedApart}
  SELECT ${value('app')}, '', ${eventKind('erased')}, ${value('cause')},
    ${object({ devices: json(sql`(SELECT ${arrayOf(removalPicks.deviceId)} ${ofRemoval})`) })}, ${value('now')}, ${value('dialect')}, NULL
  WHERE EXISTS (SELECT 1 ${ofRemoval})`)
/** Before a batch of a user's former history is deleted: an event with the ids of its devices. */
export const logGone = <Names extends string>(where: Template<Names>) =>
  statement(sql`
  ${loggedApart}
  SELECT ${value('app')}, '', ${eventKind('gone')}, ${value('cause')},
    ${object({ devices: json(sql`(SELECT ${arrayOf(events.deviceId)} FROM (${endsOfUser}) former)`) })}, ${value('now')}, NULL, NULL
  WHERE ${where} AND EXISTS (${endsOfUser})`)
/** For an app, whose counters are deleted too. */
export const erasePickedOfApp = erasure(picked, { counted: false })
/** The devices of all apps that expired longest ago, at most one batch. */
export const expireDue = removal(
  sql`${d.id} IN (SELECT ${devices.id} FROM ${devices} WHERE ${devices.expiresAt} <= ${value('now')} ORDER BY ${devices.expiresAt}, ${devices.id} LIMIT ${value('batch')})`,
  { kind: 'expired' },
)

/**
 * Devices superseded and silent for long (identity R3), at most one batch. Webhooks receive nothing, since in the
 * dialect's terms the device was removed when it was superseded.
 */
const idle = sql`CASE WHEN ${devices.supersededAt} > ${devices.lastSeenAt} THEN ${devices.supersededAt} ELSE ${devices.lastSeenAt} END`
export const dropSuperseded = removal(
  sql`${d.id} IN (SELECT ${devices.id} FROM ${devices} WHERE ${devices.supersededAt} IS NOT NULL AND ${idle} < ${value('before')}
    ORDER BY ${idle} LIMIT ${value('batch')})`,
  { kind: 'forgotten' },
)
