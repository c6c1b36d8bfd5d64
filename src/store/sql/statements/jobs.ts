import { sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { believed, refuseWhere, takenAway, value } from './shared.ts'

/** Until its last row is kept nobody sees it; left so, it goes as if it were finished. */
export const insertJob = statement(sql`
  INSERT INTO jobs (id, app_id, dialect, state, total, lease, leased_until, created_at, finished_at)
  SELECT ${value('job')}, ${value('app')}, ${value('dialect')}, 'filling', ${value('total')}, NULL, 0, ${value('now')}, ${value('now')}
  WHERE EXISTS (SELECT 1 FROM app_dialects WHERE app_id = ${value('app')} AND dialect = ${value('dialect')})`)

/** A run of rows, the first of them at `offset`; one without an input has failed already. */
export const insertJobItems = statement(sql`
  INSERT INTO job_items (job_id, position, label, subject, input, state, reason)
  SELECT ${value('job')}, j.key + ${value('offset')}, j.value ->> '$.label',
    coalesce(j.value ->> '$.input.externalId', j.value ->> '$.label'), j.value -> '$.input',
    CASE WHEN j.value ->> '$.reason' IS NULL THEN 'pending' ELSE 'failed' END, j.value ->> '$.reason'
  FROM json_each(${value('items')}) j WHERE EXISTS (SELECT 1 FROM jobs WHERE id = ${value('job')})`)

/** With the last of its rows. */
export const openJob: Statement<{ id: string }> = statement(
  sql`UPDATE jobs SET state = 'pending', finished_at = NULL WHERE id = ${value('job')} AND state = 'filling' RETURNING id`,
)

export const jobProgress: Statement<{
  id: string
  state: string
  total: number
  done: number
  failed: number
}> = statement(sql`
  SELECT b.id, b.state, b.total,
    (SELECT count(*) FROM job_items WHERE job_id = b.id AND state = 'done') AS done,
    (SELECT count(*) FROM job_items WHERE job_id = b.id AND state = 'failed') AS failed
  FROM jobs b WHERE b.id = ${value('job')} AND b.dialect = ${value('dialect')} AND b.state <> 'filling' AND NOT ${takenAway('b')}`)

export const jobItemPage: Statement<{
  position: number
  label: string
  state: string
  reason: string | null
}> = statement(sql`
  SELECT position, label, state, reason FROM job_items
  WHERE job_id = (SELECT b.id FROM jobs b WHERE b.id = ${value('job')} AND b.state <> 'filling' AND NOT ${takenAway('b')})
    AND position > ${value('after')} ORDER BY position LIMIT ${value('limit')}`)

/** The oldest job that waits and that nobody works on. */
export const leaseJob = statement(sql`
  UPDATE jobs SET lease = ${value('lease')}, leased_until = ${value('until')} WHERE id = (
    SELECT id FROM jobs b WHERE state = 'pending' AND NOT ${takenAway('b')}
    AND (leased_until <= ${value('now')} OR leased_until > ${value('horizon')}) ORDER BY created_at, id LIMIT 1)`)

export const leasedJob: Statement<{ id: string; app_id: string; dialect: string }> = statement(
  sql`SELECT id, app_id, dialect FROM jobs WHERE lease = ${value('lease')}`,
)

export const waitingItems: Statement<{ position: number; input: string }> = statement(sql`
  SELECT position, input FROM job_items
  WHERE job_id = (SELECT id FROM jobs WHERE lease = ${value('lease')}) AND state = 'pending'
  ORDER BY position LIMIT ${value('limit')}`)

/**
 * First in the registration that a row asks for, where the row no longer waits: somebody else has done it, whose lease
 * was longer or later, and nothing of it may be done twice.
 */
export const refuseDoneItem = refuseWhere(sql`NOT EXISTS (SELECT 1 FROM job_items
  WHERE job_id = ${value('job')} AND position = ${value('position')} AND state = 'pending')`)

/** Next: so that the row is done exactly when its registration is. */
export const finishJobItem = statement(sql`
  UPDATE job_items SET state = 'done', input = NULL
  WHERE job_id = ${value('job')} AND position = ${value('position')} AND state = 'pending'`)

export const failJobItem = statement(sql`
  UPDATE job_items SET state = 'failed', input = NULL, reason = ${value('reason')}
  WHERE job_id = ${value('job')} AND position = ${value('position')} AND state = 'pending'`)

const done = sql`NOT EXISTS (SELECT 1 FROM job_items WHERE job_id = jobs.id AND state = 'pending')`

export const releaseJob = statement(sql`
  UPDATE jobs SET lease = NULL, leased_until = 0,
    state = CASE WHEN ${done} THEN 'completed' ELSE state END,
    finished_at = CASE WHEN ${done} THEN ${value('now')} END
  WHERE lease = ${value('lease')}`)

/** For a start after a crash, where nobody else can be at work. */
export const endLeases = statement(
  sql`UPDATE jobs SET lease = NULL, leased_until = 0 WHERE lease IS NOT NULL`,
)

/** A batch of rows, then the jobs that have none left. */
export const pruneItems: Statement<{ position: number }> = statement(sql`
  DELETE FROM job_items WHERE (job_id, position) IN (
    SELECT i.job_id, i.position FROM jobs b JOIN job_items i ON i.job_id = b.id
    WHERE b.finished_at < ${value('before')} AND ${believed('before')} LIMIT ${value('limit')})
  RETURNING position`)
export const pruneJobs: Statement<{ id: string }> = statement(sql`
  DELETE FROM jobs WHERE id IN (
    SELECT b.id FROM jobs b WHERE b.finished_at < ${value('before')} AND ${believed('before')}
      AND NOT EXISTS (SELECT 1 FROM job_items i WHERE i.job_id = b.id) LIMIT ${value('limit')})
  RETURNING id`)
