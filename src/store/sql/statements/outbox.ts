import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { listed, value } from './shared.ts'

/** The webhooks that anything waits for, each found by one step in the index, however much waits for it. */
const lanes: SQL = sql`lanes(id) AS (
  SELECT min(webhook_id) FROM outbox
  UNION ALL
  SELECT (SELECT min(o.webhook_id) FROM outbox o WHERE o.webhook_id > lanes.id) FROM lanes WHERE lanes.id IS NOT NULL)`

/** A time behind the horizon is further ahead than anything ever waits: the clock was set back since, so it is over. */
const over = (time: SQL): SQL => sql`(${time} <= ${value('now')} OR ${time} > ${value('horizon')})`

/** How many more calls of webhook `w` may be under way. Whoever failed last is tried by one at a time. */
const room: SQL = sql`(CASE WHEN w.failures = 0 THEN ${value('each')} ELSE 1 END -
  (SELECT count(*) FROM outbox t WHERE t.webhook_id = w.id AND t.taken = 1))`

/** Calls whose deliverer died, or that wait for a time which the clock has taken out of reach. */
const strays: SQL = sql`
  SELECT o.id FROM lanes l CROSS JOIN outbox o WHERE o.webhook_id = l.id AND o.taken = 1 AND o.due_at <= ${value('now')}
  UNION ALL
  SELECT o.id FROM lanes l CROSS JOIN outbox o WHERE o.webhook_id = l.id AND o.taken = 1 AND o.due_at > ${value('horizon')}
  UNION ALL
  SELECT o.id FROM lanes l CROSS JOIN outbox o WHERE o.webhook_id = l.id AND o.taken = 0 AND o.due_at > ${value('horizon')}`

/** Whether a claim would find anything. */
export const anyDue: Statement<{ id: string }> = statement(sql`
  WITH RECURSIVE ${lanes}
  SELECT w.id FROM lanes l JOIN webhooks w ON w.id = l.id WHERE ${over(sql.raw('w.resting_until'))} AND ${room} > 0
    AND EXISTS (SELECT 1 FROM outbox o WHERE o.webhook_id = w.id AND o.taken = 0 AND o.due_at <= ${value('now')})
  UNION ALL SELECT id FROM (${strays}) LIMIT 1`)

/** First in a claim: makes them wait again. */
export const freeStrays = statement(sql`
  UPDATE outbox SET taken = 0, due_at = min(due_at, ${value('now')})
  WHERE id IN (WITH RECURSIVE ${lanes} SELECT id FROM (${strays}) LIMIT ${value('most')})`)

/**
 * Takes due calls for a while: of each webhook no more than it has room for, and first of those whose receivers do
 * well, so that one which is down holds up nobody. A call without its webhook cannot be: both go in one plan.
 */
export const claimCalls: Statement<{
  id: string
  webhook_id: string
  dialect: string
  event: string
  tries: number
  failures: number
  wanted: number
  url: string
  sealed: string | null
  identifier: string | null
}> = statement(sql`
  UPDATE outbox SET taken = 1, due_at = ${value('leaseUntil')}
  WHERE id IN (
    WITH RECURSIVE ${lanes}
    SELECT id FROM (
      SELECT o.id, o.due_at, w.failures, ${room} AS room, row_number() OVER (PARTITION BY w.id ORDER BY o.due_at, o.id) AS place
      FROM lanes l JOIN webhooks w ON w.id = l.id JOIN outbox o ON o.id IN (
        SELECT x.id FROM outbox x WHERE x.webhook_id = w.id AND x.taken = 0 AND x.due_at <= ${value('now')}
        ORDER BY x.due_at, x.id LIMIT ${value('each')})
      WHERE ${over(sql.raw('w.resting_until'))}) claimable
    WHERE place <= room ORDER BY CASE WHEN failures = 0 THEN 0 ELSE 1 END, due_at, id LIMIT ${value('limit')})
  RETURNING id, webhook_id, dialect, event,
    attempts + (SELECT w.rounds FROM webhooks w WHERE w.id = outbox.webhook_id) - round AS tries,
    (SELECT w.failures FROM webhooks w WHERE w.id = outbox.webhook_id) AS failures,
    EXISTS (SELECT 1 FROM webhooks w, json_each(w.events) e WHERE w.id = outbox.webhook_id AND e.value = outbox.kind) AS wanted,
    (SELECT w.url FROM webhooks w WHERE w.id = outbox.webhook_id) AS url,
    (SELECT w.sealed FROM webhooks w WHERE w.id = outbox.webhook_id) AS sealed,
    (SELECT a.identifier FROM app_dialects a WHERE a.app_id = outbox.app_id AND a.dialect = outbox.dialect) AS identifier`)

const ofHook = (member: string): SQL =>
  sql`(SELECT j.value ->> ${sql.raw(`'$.${member}'`)} FROM json_each(${value('failing')}) j WHERE j.value ->> '$.id' = webhooks.id)`

/** Counts what failed of each webhook; from the threshold on its circuit is open, for twice as long at each failure. */
export const noteFailures = statement(sql`
  UPDATE webhooks SET rounds = rounds + ${ofHook('probes')}, failures = failures + ${ofHook('failures')},
    resting_until = CASE WHEN failures + ${ofHook('failures')} < ${value('threshold')} THEN resting_until
      ELSE ${value('now')} + min(${value('longest')}, ${value('second')} << min(failures + ${ofHook('failures')}, 12)) END
  WHERE id IN (SELECT j.value ->> '$.id' FROM json_each(${value('failing')}) j WHERE j.value ->> '$.failures' > 0)`)

/** A call that arrived closes the circuit. */
export const noteArrivals = statement(sql`
  UPDATE webhooks SET failures = 0, resting_until = 0 WHERE failures > 0 AND id IN ${listed('arrived')}`)

export const settleCalls = statement(sql`DELETE FROM outbox WHERE id IN ${listed('done')}`)

const ofCall = (member: string): SQL =>
  sql`(SELECT j.value ->> ${sql.raw(`'$.${member}'`)} FROM json_each(${value('again')}) j WHERE j.value ->> '$.id' = outbox.id)`

export const postponeCalls = statement(sql`
  UPDATE outbox SET taken = 0, due_at = ${ofCall('dueAt')}, attempts = attempts + ${ofCall('counted')}
  WHERE id IN (SELECT j.value ->> '$.id' FROM json_each(${value('again')}) j)`)

/**
 * What waited through as many failed probes as one call is tried at most, oldest first, and what waits for a webhook that
 * has gone: a batch.
 */
export const dropAbandoned: Statement<{ id: string }> = statement(sql`
  DELETE FROM outbox WHERE id IN (
    SELECT o.id FROM webhooks w JOIN outbox o ON o.id IN (
      SELECT x.id FROM outbox x WHERE x.webhook_id = w.id AND x.taken = 0 ORDER BY x.due_at LIMIT ${value('limit')})
    WHERE w.rounds > ${value('most')} AND o.round < w.rounds - ${value('most')}
    UNION ALL
    SELECT id FROM (WITH RECURSIVE ${lanes} SELECT o.id FROM lanes l CROSS JOIN outbox o
      WHERE o.webhook_id = l.id AND NOT EXISTS (SELECT 1 FROM webhooks w WHERE w.id = l.id) LIMIT ${value('limit')})
    LIMIT ${value('limit')})
  RETURNING id`)

/** The secret that a webhook has from now on, if it has none yet; the one that it has. */
export const keepSecret: Statement<{ sealed: string }> = statement(sql`
  UPDATE webhooks SET sealed = coalesce(sealed, ${value('sealed')}) WHERE id = ${value('id')} RETURNING sealed`)
