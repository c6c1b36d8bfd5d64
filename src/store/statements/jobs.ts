import { sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { value } from './shared.ts'

export const insertJob = statement(sql`
  INSERT INTO jobs (id, app_id, dialect, state, total, lease, leased_until, created_at, finished_at)
  SELECT ${value('job')}, ${value('app')}, ${value('dialect')}, 'pending', ${value('total')}, NULL, 0, ${value('now')}, NULL
  WHERE EXISTS (SELECT 1 FROM app_dialects WHERE app_id = ${value('app')} AND dialect = ${value('dialect')})`)

/** A run of rows, the first of them at `offset`; one without an input has failed already. */
export const insertJobItems = statement(sql`
  INSERT INTO job_items (job_id, position, label, input, state, reason)
  SELECT ${value('job')}, j.key + ${value('offset')}, j.value ->> '$.label', j.value -> '$.input',
    CASE WHEN j.value ->> '$.reason' IS NULL THEN 'pending' ELSE 'failed' END, j.value ->> '$.reason'
  FROM json_each(${value('items')}) j WHERE EXISTS (SELECT 1 FROM jobs WHERE id = ${value('job')})`)

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
  FROM jobs b WHERE b.id = ${value('job')} AND b.dialect = ${value('dialect')}`)

export const jobItemPage: Statement<{
  position: number
  label: string
  state: string
  reason: string | null
}> = statement(sql`
  SELECT position, label, state, reason FROM job_items
  WHERE job_id = ${value('job')} AND position > ${value('after')} ORDER BY position LIMIT ${value('limit')}`)

/** The oldest job that waits and that nobody works on. */
export const leaseJob = statement(sql`
  UPDATE jobs SET lease = ${value('lease')}, leased_until = ${value('until')} WHERE id = (
    SELECT id FROM jobs WHERE state = 'pending' AND leased_until <= ${value('now')} ORDER BY created_at, id LIMIT 1)`)

export const leasedJob: Statement<{ id: string; app_id: string; dialect: string }> = statement(
  sql`SELECT id, app_id, dialect FROM jobs WHERE lease = ${value('lease')}`,
)

export const waitingItems: Statement<{ position: number; input: string }> = statement(sql`
  SELECT position, input FROM job_items
  WHERE job_id = (SELECT id FROM jobs WHERE lease = ${value('lease')}) AND state = 'pending'
  ORDER BY position LIMIT ${value('limit')}`)

/** Part of the registration that a row asks for, so that it is done exactly when the row says so. */
export const finishJobItem = statement(
  sql`UPDATE job_items SET state = 'done', input = NULL WHERE job_id = ${value('job')} AND position = ${value('position')}`,
)

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

export const pruneJobs: readonly Statement[] = [
  statement(
    sql`DELETE FROM job_items WHERE job_id IN (SELECT id FROM jobs WHERE finished_at < ${value('before')})`,
  ),
  statement(sql`DELETE FROM jobs WHERE finished_at < ${value('before')}`),
]

const ofDialect = sql`app_id = ${value('app')} AND dialect = ${value('dialect')}`
export const dropJobsOfDialect: readonly Statement[] = [
  statement(sql`DELETE FROM job_items WHERE job_id IN (SELECT id FROM jobs WHERE ${ofDialect})`),
  statement(sql`DELETE FROM jobs WHERE ${ofDialect}`),
]
