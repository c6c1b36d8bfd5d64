import {
  doubled,
  elements,
  flag,
  found,
  hasText,
  inTurn,
  item,
  least,
  listed,
  member,
  numeric,
} from '../forms.ts'
import { statement } from '../statement.ts'
import { appDialects, outbox, webhooks } from '../tables.ts'
import { columns, integer, orNull, sql, text, value } from '../template.ts'
import { lookedUp } from './message-calls.ts'
import { EACH, LANE, laneQueue } from './queue.ts'

const a = appDialects.as('a')
const o = outbox.as('o')
const t = outbox.as('t')
const w = webhooks.as('w')
const x = outbox.as('x')
const own = outbox.as('outbox')
const hook = webhooks.as('webhooks')
const j = item('j')
const { id, webhookId, attempts } = outbox
const { failures, restingUntil, rounds, sealed } = webhooks

const calls = laneQueue({
  table: outbox,
  key: (of) => [of.id],
  order: (of) => sql`${of.dueAt}, ${of.id}`,
  lane: (of) => of.webhookId,
  // A call always has its webhook: both are deleted in one plan.
  joined: sql`JOIN ${w} ON ${w.id} = ${LANE}`,
  openLane: sql`(${w.restingUntil} <= ${value('now')} OR ${w.restingUntil} > ${value('horizon')})`,
  // One call at a time for a webhook whose last call failed.
  room: sql`(CASE WHEN ${w.failures} = 0 THEN ${EACH} ELSE 1 END -
    (SELECT count(*) FROM ${t} WHERE ${t.webhookId} = ${w.id} AND ${t.lease} IS NOT NULL AND ${t.dueAt} > ${value('now')}))`,
  // Failing receivers come last.
  rank: () => sql`CASE WHEN ${w.failures} = 0 THEN 0 ELSE 1 END`,
  near: true,
})
export const { anyDue, anyStray, freeStrays } = calls
/** For a claim in each app by itself. */
export const dueLanes = statement(calls.dueLanes(columns({ lane: text(LANE), app: w.appId })))

const hookOfCall = sql`FROM ${w} WHERE ${w.id} = ${own.webhookId}`
const chosen = sql`SELECT 1 FROM ${w} WHERE ${w.id} = ${own.webhookId} AND ${hasText(w.events, own.kind)}`
const dialect = sql`SELECT ${a.identifier} FROM ${a} WHERE ${a.appId} = ${own.appId} AND ${a.dialect} = ${own.dialect}`

const taken = columns({
  id,
  app_id: outbox.appId,
  webhook_id: webhookId,
  dialect: outbox.dialect,
  event: outbox.event,
  tries: integer(sql`${attempts} + (SELECT ${w.rounds} ${hookOfCall}) - ${outbox.round}`),
  failures: integer(sql`(SELECT ${w.failures} ${hookOfCall})`),
  wanted: flag(sql`EXISTS (${chosen})`),
  url: text(sql`(SELECT ${w.url} ${hookOfCall})`),
  sealed: orNull(text(sql`(SELECT ${w.sealed} ${hookOfCall})`)),
  looked_up: lookedUp,
  identifier: orNull(text(sql`(${dialect})`)),
})
/** As many calls of each webhook as it has room for, those with working receivers first. */
export const claimCalls = statement(sql`${calls.claim} RETURNING ${taken}`)
export const claimCallsIn = statement(sql`${calls.claimIn} RETURNING ${taken}`)

const failing = sql`${elements(value('failing'))} j`
const ofHook = (path: string) =>
  sql`(SELECT ${numeric(j.value, path)} FROM ${failing} WHERE ${member(j.value, '$.id')} = ${hook.id})`
const failed = sql`${failures} + ${ofHook('$.failures')}`

/** Counts the failures of each webhook; from the threshold on, its circuit opens for twice as long with each failure. */
export const noteFailures = statement(sql`
  UPDATE ${webhooks} SET ${rounds} = ${rounds} + ${ofHook('$.probes')}, ${failures} = ${failed},
    ${restingUntil} = CASE WHEN ${failed} < ${value('threshold')} THEN ${restingUntil}
      ELSE ${value('now')} + ${least(value('longest'), doubled(value('second'), least(failed, sql`12`)))} END
  WHERE ${webhooks.id} IN (SELECT ${member(j.value, '$.id')} FROM ${failing} WHERE ${numeric(j.value, '$.failures')} > 0)`)

/** A delivered call closes the circuit. */
export const noteArrivals = statement(sql`
  UPDATE ${webhooks} SET ${failures} = 0, ${restingUntil} = 0 WHERE ${failures} > 0 AND ${webhooks.id} IN ${listed('arrived')}`)

export const settleCalls = statement(sql`DELETE FROM ${outbox} WHERE ${id} IN ${listed('finished')}`)

const again = sql`${elements(value('again'))} j`
const ofCall = (path: string) =>
  sql`(SELECT ${numeric(j.value, path)} FROM ${again} WHERE ${member(j.value, '$.id')} = ${own.id})`

export const postponeCalls = statement(sql`
  UPDATE ${outbox} SET ${calls.free(ofCall('$.dueAt'))}, ${attempts} = ${attempts} + ${ofCall('$.counted')}
  WHERE ${id} IN (SELECT ${member(j.value, '$.id')} FROM ${again})`)

/**
 * Drops a batch of calls that waited through as many failed probes as a call has attempts, oldest first, and calls of
 * deleted webhooks.
 */
export const dropAbandoned = statement(sql`
  DELETE FROM ${outbox} WHERE ${id} IN (
    SELECT ${o.id} FROM ${w} ${found(
      outbox,
      o,
      (of: typeof o) => [of.id],
      sql`
      SELECT ${x.id} FROM ${x} WHERE ${x.webhookId} = ${w.id} AND (${x.lease} IS NULL OR ${x.dueAt} <= ${value('now')}) ORDER BY ${x.dueAt} LIMIT ${value('limit')}`,
    )}
    WHERE ${w.rounds} > ${value('most')} AND ${o.round} < ${w.rounds} - ${value('most')}
    UNION ALL
    SELECT id FROM (WITH RECURSIVE ${calls.lanes} SELECT ${o.id} FROM lanes l ${inTurn(o, sql`${o.webhookId} = ${LANE}`)} WHERE NOT EXISTS (SELECT 1 FROM ${w} WHERE ${w.id} = ${LANE}) LIMIT ${value('limit')}) stray
    LIMIT ${value('limit')})
  RETURNING ${columns({ id })}`)

/** Stores a webhook's secret unless it has one; returns the stored secret. */
export const keepSecret = statement(sql`
  UPDATE ${webhooks} SET ${sealed} = coalesce(${sealed}, ${value('sealed')}) WHERE ${webhooks.id} = ${value('id')} RETURNING ${columns({ sealed: text(sealed) })}`)
