import { madeAt, ofApp, scoped, takenAway } from '../conditions.ts'
import { listed, literal, number, objectOf } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { NEWEST, order } from '../keyset.ts'
import { statement } from '../statement.ts'
import { appDialects, apps, receipts, sendCounts, sendFailures, sendPages, sends } from '../tables.ts'
import {
  columns,
  type Expression,
  integer,
  join,
  type RowOf,
  sql,
  type Template,
  text,
  value,
} from '../template.ts'

const s = sends.as('m')
const c = sendCounts.as('c')
const f = sendFailures.as('f')
const g = sendPages.as('g')
const r = receipts.as('r')
const { id, appId, dialect, externalId, state, idempotencyKey, idempotencyUntil, dueAt, finishedAt } = sends

/** The message with an id in its dialect, or among the operators' messages. */
const named = sql`${s.appId} = ${value('app')} AND ${s.dialect} = ${value('dialect')} AND ${s.externalId} = ${value('externalId')}`

/** A key is kept for as long as its message specified. */
export const forgetKey = statement(sql`
  UPDATE ${sends} SET ${idempotencyKey} = NULL
  WHERE ${scoped(sends)} AND ${idempotencyKey} = ${value('key')} AND ${idempotencyUntil} <= ${value('now')}`)

const keyed = sql`${scoped(s)} AND ${s.idempotencyKey} = ${value('key')}`

/** Inserts a message unless its key already has one; operators' messages belong to no dialect. */
export const acceptSend = statement(sql`
  ${insertion(sends, {
    id: value('id'),
    appId: value('app'),
    dialect: value('dialect'),
    externalId: value('externalId'),
    body: value('body'),
    audience: value('audience'),
    dialects: value('dialects'),
    parts: value('parts'),
    schedule: value('schedule'),
    ttl: value('ttl'),
    priority: value('priority'),
    ignored: value('ignored'),
    idempotencyKey: value('key'),
    idempotencyHash: value('keyHash'),
    idempotencyUntil: value('keyUntil'),
    state: value('state'),
    dueAt: value('dueAt'),
    run: number(0),
    runAt: value('runAt'),
    part: number(0),
    after: literal(''),
    pages: number(0),
    openPages: number(0),
    createdAt: madeAt,
    finishedAt: sql`NULL`,
  })}
  WHERE NOT EXISTS (SELECT 1 FROM ${s} WHERE ${keyed})
    AND (EXISTS (SELECT 1 FROM ${appDialects} WHERE ${scoped(appDialects)})
      OR (${value('dialect')} = '' AND EXISTS (SELECT 1 FROM ${apps} WHERE ${apps.id} = ${value('app')})))`)

/** The message of a draft after the insert: a new one, or the earlier message with its key. */
export const acceptedSend = statement(sql`
  SELECT ${columns({ id: s.id, external_id: s.externalId, hash: s.idempotencyHash })} FROM ${s}
  WHERE ${s.id} = ${value('id')} OR (${keyed}) LIMIT 1`)

const numbers = text(sql`(SELECT ${objectOf(sql`k.outcome`, sql`k.n`)} FROM (
    SELECT ${c.outcome}, sum(${c.count}) AS n FROM ${c} WHERE ${c.sendId} = ${s.id} GROUP BY ${c.outcome}) k)`)

/** A message `s` without the columns that only its planner needs. */
export const sendParts = {
  id: s.id,
  app_id: s.appId,
  dialect: s.dialect,
  external_id: s.externalId,
  body: s.body,
  audience: s.audience,
  schedule: s.schedule,
  ttl: s.ttl,
  priority: s.priority,
  ignored: s.ignored,
  state: s.state,
  run_at: s.runAt,
  created_at: s.createdAt,
  finished_at: s.finishedAt,
  counts: numbers,
} as const
const sendColumns = columns(sendParts)
export type SendRow = RowOf<typeof sendColumns>

const there = sql`(${s.finishedAt} IS NULL OR ${s.finishedAt} > 0) AND NOT ${takenAway(s)}`
export const findSend = statement(sql`SELECT ${sendColumns} FROM ${s} WHERE ${named} AND ${there}`)
export const knownSend = statement(sql`
  SELECT ${columns({ id: s.id })} FROM ${s} WHERE ${s.externalId} = ${value('externalId')} AND ${s.dialect} = ${value('dialect')} AND ${there} LIMIT 1`)
export const getSend = statement(
  sql`SELECT ${sendColumns} FROM ${s} WHERE ${s.id} = ${value('id')} AND ${ofApp(s)} AND ${there}`,
)

/** By creation, newest first; `states` is null for all. */
export const listSends = statement(sql`
  SELECT ${sendColumns} FROM ${s}
  WHERE ${ofApp(s)} AND (${value('states')} IS NULL OR ${s.state} IN ${listed('states')}) AND ${there}
    AND ${NEWEST.page({ afterAt: s.createdAt, afterId: s.id })}`)

export const countsOfSend = statement(sql`
  SELECT ${columns({ provider: c.provider, platform: c.platform, outcome: c.outcome, hour: c.hour, count: c.count })}
  FROM ${c} WHERE ${c.sendId} = ${value('id')} ORDER BY ${c.hour}, ${c.provider}, ${c.platform}, ${c.outcome}`)

/** Reports from phones, each counted once; a device reports with the message's id in the dialect. */
export const reportsOfSend = statement(sql`
  SELECT ${columns({ kind: r.kind, n: integer(sql`count(*)`) })} FROM ${r}
  WHERE ${ofApp(r)} AND ${r.messageId} = ${value('externalId')} GROUP BY ${r.kind}`)

/** Looked up by push token. */
export const FAILURES = order('ASC', { afterToken: '' })
export const failuresOfSend = statement(sql`
  SELECT ${columns({
    push_token_id: f.pushTokenId,
    device_id: f.deviceId,
    provider: f.provider,
    outcome: f.outcome,
    reason: f.reason,
    attempts: f.attempts,
    at: f.at,
  })}
  FROM ${f} WHERE ${f.sendId} = ${value('id')} AND ${ofApp(f)} AND ${FAILURES.page({ afterToken: f.pushTokenId })}`)

const over = sql`${state} IN ('done', 'cancelled', 'expired')`
/** Nothing more is sent from here on; pages in progress end by themselves. */
export const cancelSend = statement(sql`
  UPDATE ${sends} SET ${state} = 'cancelled', ${dueAt} = NULL, ${finishedAt} = ${value('now')}
  WHERE ${id} = ${value('id')} AND ${ofApp(sends)} AND NOT ${over} RETURNING ${columns({ id })}`)

/**
 * The message is no longer visible, sends nothing and reports nothing; `pruneSends` deletes its rows in
 * batches.
 */
export const forget = sql`${state} = 'cancelled', ${dueAt} = NULL, ${finishedAt} = 0, ${externalId} = '~' || ${id}, ${idempotencyKey} = NULL,
  ${sends.body} = '{}', ${sends.audience} = '{}', ${sends.parts} = '[]'`
export const forgetSend = statement(sql`
  UPDATE ${sends} SET ${forget}
  WHERE ${appId} = ${value('app')} AND ${dialect} = ${value('dialect')} AND ${externalId} = ${value('externalId')} RETURNING ${columns({ id })}`)

const t = sends.as('t')
type Old<Names extends string> = Template<Names>
const ofOld = <Names extends string>(
  old: Old<Names>,
  of: Template & { readonly sendId: Expression },
  key: readonly Expression[],
) => sql`(SELECT ${join(key, ', ')} FROM ${of} WHERE ${of.sendId} IN (${old}) LIMIT ${value('limit')})`
const hanging = (of: Template & { readonly sendId: Expression }) =>
  sql`EXISTS (SELECT 1 FROM ${of} WHERE ${of.sendId} = ${id})`
/** Deletes a batch of the rows that belong to messages of a query, then the messages without such rows. */
export const prunes = <Names extends string>(old: Old<Names>) =>
  [
    statement(sql`
    DELETE FROM ${sendFailures} WHERE (${sendFailures.sendId}, ${sendFailures.pushTokenId}) IN ${ofOld(old, f, [f.sendId, f.pushTokenId])}
    RETURNING ${columns({ id: sendFailures.sendId })}`),
    statement(sql`
    DELETE FROM ${sendPages} WHERE (${sendPages.sendId}, ${sendPages.run}, ${sendPages.number}) IN ${ofOld(old, g, [g.sendId, g.run, g.number])}
    RETURNING ${columns({ id: sendPages.sendId })}`),
    statement(sql`
    DELETE FROM ${sendCounts} WHERE (${sendCounts.sendId}, ${sendCounts.provider}, ${sendCounts.platform}, ${sendCounts.outcome}, ${sendCounts.hour})
      IN ${ofOld(old, c, [c.sendId, c.provider, c.platform, c.outcome, c.hour])} RETURNING ${columns({ id: sendCounts.sendId })}`),
    statement(sql`
    DELETE FROM ${sends} WHERE ${id} IN (${old}) AND NOT ${hanging(f)} AND NOT ${hanging(g)} AND NOT ${hanging(c)}
    RETURNING ${columns({ id })}`),
  ] as const
/** Messages that ended before a time. */
export const pruneSends = prunes(
  sql`SELECT ${t.id} FROM ${t} WHERE ${t.finishedAt} < ${value('before')} ORDER BY ${t.finishedAt} LIMIT ${value('limit')}`,
)
