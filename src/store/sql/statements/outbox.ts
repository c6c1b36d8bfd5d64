import { elements, item, least, listed, member } from '../forms.ts'
import { statement } from '../statement.ts'
import { appDialects, outbox, webhooks } from '../tables.ts'
import { columns, integer, orNull, sql, text, value } from '../template.ts'

const a = appDialects.as('a')
const o = outbox.as('o')
const t = outbox.as('t')
const w = webhooks.as('w')
const x = outbox.as('x')
const own = outbox.as('outbox')
const hook = webhooks.as('webhooks')
const e = item('e')
const j = item('j')
const { id, webhookId, taken, dueAt, attempts } = outbox
const { failures, restingUntil, rounds, sealed } = webhooks

/** The webhooks that anything waits for, each found by one step in the index, however much waits for it. */
const lanes = sql`lanes(id) AS (
  SELECT min(${webhookId}) FROM ${outbox}
  UNION ALL
  SELECT (SELECT min(${o.webhookId}) FROM ${o} WHERE ${o.webhookId} > lanes.id) FROM lanes WHERE lanes.id IS NOT NULL)`

/** A time behind the horizon is further ahead than anything ever waits: the clock was set back since, so it is over. */
const rested = sql`(${w.restingUntil} <= ${value('now')} OR ${w.restingUntil} > ${value('horizon')})`

/** How many more calls of webhook `w` may be under way. Whoever failed last is tried by one at a time. */
const room = sql`(CASE WHEN ${w.failures} = 0 THEN ${value('each')} ELSE 1 END -
  (SELECT count(*) FROM ${t} WHERE ${t.webhookId} = ${w.id} AND ${t.taken} = 1))`

const ofLanes = sql`SELECT ${o.id} FROM lanes l CROSS JOIN ${o} WHERE ${o.webhookId} = l.id`
/** Calls whose deliverer died, or that wait for a time which the clock has taken out of reach. */
const strays = sql`
  ${ofLanes} AND ${o.taken} = 1 AND ${o.dueAt} <= ${value('now')}
  UNION ALL
  ${ofLanes} AND ${o.taken} = 1 AND ${o.dueAt} > ${value('horizon')}
  UNION ALL
  ${ofLanes} AND ${o.taken} = 0 AND ${o.dueAt} > ${value('horizon')}`

/** Whether a claim would find anything. */
export const anyDue = statement(sql`
  WITH RECURSIVE ${lanes}
  SELECT ${columns({ id: w.id })} FROM lanes l JOIN ${w} ON ${w.id} = l.id WHERE ${rested} AND ${room} > 0
    AND EXISTS (SELECT 1 FROM ${o} WHERE ${o.webhookId} = ${w.id} AND ${o.taken} = 0 AND ${o.dueAt} <= ${value('now')})
  UNION ALL SELECT id FROM (${strays}) LIMIT 1`)

/** First in a claim: makes them wait again. */
export const freeStrays = statement(sql`
  UPDATE ${outbox} SET ${taken} = 0, ${dueAt} = ${least(dueAt, value('now'))}
  WHERE ${id} IN (WITH RECURSIVE ${lanes} SELECT id FROM (${strays}) LIMIT ${value('most')})`)

const hookOfCall = sql`FROM ${w} WHERE ${w.id} = ${own.webhookId}`
const chosen = sql`SELECT 1 FROM ${w}, ${elements(w.events)} e WHERE ${w.id} = ${own.webhookId} AND ${e.value} = ${own.kind}`
const dialect = sql`SELECT ${a.identifier} FROM ${a} WHERE ${a.appId} = ${own.appId} AND ${a.dialect} = ${own.dialect}`

/**
 * Takes due calls for a while: of each webhook no more than it has room for, and first of those whose receivers do
 * well, so that one which is down holds up nobody. A call without its webhook cannot be: both go in one plan.
 */
export const claimCalls = statement(sql`
  UPDATE ${outbox} SET ${taken} = 1, ${dueAt} = ${value('leaseUntil')}
  WHERE ${id} IN (
    WITH RECURSIVE ${lanes}
    SELECT id FROM (
      SELECT ${o.id}, ${o.dueAt}, ${w.failures}, ${room} AS room, row_number() OVER (PARTITION BY ${w.id} ORDER BY ${o.dueAt}, ${o.id}) AS place
      FROM lanes l JOIN ${w} ON ${w.id} = l.id JOIN ${o} ON ${o.id} IN (
        SELECT ${x.id} FROM ${x} WHERE ${x.webhookId} = ${w.id} AND ${x.taken} = 0 AND ${x.dueAt} <= ${value('now')}
        ORDER BY ${x.dueAt}, ${x.id} LIMIT ${value('each')})
      WHERE ${rested}) claimable
    WHERE place <= room ORDER BY CASE WHEN ${failures} = 0 THEN 0 ELSE 1 END, ${dueAt}, id LIMIT ${value('limit')})
  RETURNING ${columns({
    id,
    webhook_id: webhookId,
    dialect: outbox.dialect,
    event: outbox.event,
    tries: integer(sql`${attempts} + (SELECT ${w.rounds} ${hookOfCall}) - ${outbox.round}`),
    failures: integer(sql`(SELECT ${w.failures} ${hookOfCall})`),
    wanted: integer(sql`EXISTS (${chosen})`),
    url: text(sql`(SELECT ${w.url} ${hookOfCall})`),
    sealed: orNull(text(sql`(SELECT ${w.sealed} ${hookOfCall})`)),
    identifier: orNull(text(sql`(${dialect})`)),
  })}`)

const failing = sql`${elements(value('failing'))} j`
const ofHook = (path: string) =>
  sql`(SELECT ${member(j.value, path)} FROM ${failing} WHERE ${member(j.value, '$.id')} = ${hook.id})`
const failed = sql`${failures} + ${ofHook('$.failures')}`

/** Counts what failed of each webhook; from the threshold on its circuit is open, for twice as long at each failure. */
export const noteFailures = statement(sql`
  UPDATE ${webhooks} SET ${rounds} = ${rounds} + ${ofHook('$.probes')}, ${failures} = ${failed},
    ${restingUntil} = CASE WHEN ${failed} < ${value('threshold')} THEN ${restingUntil}
      ELSE ${value('now')} + ${least(value('longest'), sql`${value('second')} << ${least(failed, sql`12`)}`)} END
  WHERE ${webhooks.id} IN (SELECT ${member(j.value, '$.id')} FROM ${failing} WHERE ${member(j.value, '$.failures')} > 0)`)

/** A call that arrived closes the circuit. */
export const noteArrivals = statement(sql`
  UPDATE ${webhooks} SET ${failures} = 0, ${restingUntil} = 0 WHERE ${failures} > 0 AND ${webhooks.id} IN ${listed('arrived')}`)

export const settleCalls = statement(sql`DELETE FROM ${outbox} WHERE ${id} IN ${listed('done')}`)

const again = sql`${elements(value('again'))} j`
const ofCall = (path: string) =>
  sql`(SELECT ${member(j.value, path)} FROM ${again} WHERE ${member(j.value, '$.id')} = ${own.id})`

export const postponeCalls = statement(sql`
  UPDATE ${outbox} SET ${taken} = 0, ${dueAt} = ${ofCall('$.dueAt')}, ${attempts} = ${attempts} + ${ofCall('$.counted')}
  WHERE ${id} IN (SELECT ${member(j.value, '$.id')} FROM ${again})`)

/**
 * What waited through as many failed probes as one call is tried at most, oldest first, and what waits for a webhook that
 * has gone: a batch.
 */
export const dropAbandoned = statement(sql`
  DELETE FROM ${outbox} WHERE ${id} IN (
    SELECT ${o.id} FROM ${w} JOIN ${o} ON ${o.id} IN (
      SELECT ${x.id} FROM ${x} WHERE ${x.webhookId} = ${w.id} AND ${x.taken} = 0 ORDER BY ${x.dueAt} LIMIT ${value('limit')})
    WHERE ${w.rounds} > ${value('most')} AND ${o.round} < ${w.rounds} - ${value('most')}
    UNION ALL
    SELECT id FROM (WITH RECURSIVE ${lanes} ${ofLanes} AND NOT EXISTS (SELECT 1 FROM ${w} WHERE ${w.id} = l.id) LIMIT ${value('limit')})
    LIMIT ${value('limit')})
  RETURNING ${columns({ id })}`)

/** The secret that a webhook has from now on, if it has none yet; the one that it has. */
export const keepSecret = statement(sql`
  UPDATE ${webhooks} SET ${sealed} = coalesce(${sealed}, ${value('sealed')}) WHERE ${webhooks.id} = ${value('id')} RETURNING ${columns({ sealed: text(sealed) })}`)
