import { believed, madeAt, refuseWhere, scoped, takenAway } from '../conditions.ts'
import { changedBefore, elements, item, literal, member, number, part } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { appDialects, jobItems, jobs } from '../tables.ts'
import { columns, integer, sql, text, value } from '../template.ts'
import { queue } from './queue.ts'

const b = jobs.as('b')
const i = jobItems.as('i')
const own = jobs.as('jobs')
const j = item('j')
const { id, state, lease, finishedAt } = jobs
const { jobId, position, label, input, reason } = jobItems

const waiting = queue({
  table: jobs,
  key: (of) => [of.id],
  order: (of) => sql`${of.createdAt}, ${of.id}`,
  open: (of) => sql`${of.state} = 'pending' AND NOT ${takenAway(of)}`,
})

/** Hidden until its last row is stored; if interrupted, it is deleted like a finished job. */
export const insertJob = statement(sql`
  ${insertion(jobs, {
    id: value('job'),
    appId: value('app'),
    dialect: value('dialect'),
    state: literal('filling'),
    total: value('total'),
    ...waiting.waiting(number(0)),
    leasedUntil: number(0),
    createdAt: madeAt,
    finishedAt: value('now'),
  })}
  WHERE EXISTS (SELECT 1 FROM ${appDialects} WHERE ${scoped(appDialects)})`)

const why = member(j.value, '$.reason')
/** A chunk of rows, starting at `offset`; a row without input has already failed. */
export const insertJobItems = statement(sql`
  ${insertion(jobItems, {
    jobId: value('job'),
    position: sql`${j.key} + ${value('offset')}`,
    label: member(j.value, '$.label'),
    subject: sql`coalesce(${member(j.value, '$.input.externalId')}, ${member(j.value, '$.label')})`,
    input: part(j.value, '$.input'),
    state: sql`CASE WHEN ${why} IS NULL THEN 'pending' ELSE 'failed' END`,
    reason: why,
  })}
  FROM ${elements(value('items'))} j WHERE EXISTS (SELECT 1 FROM ${jobs} WHERE ${id} = ${value('job')})`)

/** Runs with the last of its rows. */
export const openJob = statement(
  sql`UPDATE ${jobs} SET ${state} = 'pending', ${finishedAt} = NULL WHERE ${id} = ${value('job')} AND ${state} = 'filling' RETURNING ${columns({ id })}`,
)

const known = sql`${b.state} <> 'filling' AND NOT ${takenAway(b)}`
const rowsIn = (one: 'done' | 'failed') =>
  integer(
    sql`(SELECT count(*) FROM ${jobItems} WHERE ${jobId} = ${b.id} AND ${jobItems.state} = ${literal(one)})`,
  )

export const jobProgress = statement(sql`
  SELECT ${columns({ id: b.id, state: b.state, total: b.total, done: rowsIn('done'), failed: rowsIn('failed') })}
  FROM ${b} WHERE ${b.id} = ${value('job')} AND ${b.dialect} = ${value('dialect')} AND ${known}`)

export const jobItemPage = statement(sql`
  SELECT ${columns({ position, label, state: jobItems.state, reason })} FROM ${jobItems}
  WHERE ${jobId} = (SELECT ${b.id} FROM ${b} WHERE ${b.id} = ${value('job')} AND ${known})
    AND ${position} > ${value('afterPosition')} ORDER BY ${position} LIMIT ${value('limit')}`)

export const { anyDue, renew } = waiting
/** The oldest waiting job that is not leased. */
export const claimJob = statement(waiting.claim)

export const leasedJob = statement(
  sql`SELECT ${columns({ id, app_id: jobs.appId, dialect: jobs.dialect })} FROM ${jobs} WHERE ${lease} = ${value('lease')}`,
)

/** Waiting rows have an input. */
export const waitingItems = statement(sql`
  SELECT ${columns({ position, input: text(input) })} FROM ${jobItems}
  WHERE ${jobId} = (SELECT ${id} FROM ${jobs} WHERE ${lease} = ${value('lease')}) AND ${jobItems.state} = 'pending'
  ORDER BY ${position} LIMIT ${value('rows')}`)

/** The row still waits: no other process has completed it. */
export const rowWaits = sql`${jobId} = ${value('job')} AND ${position} = ${value('position')} AND ${jobItems.state} = 'pending'`

/**
 * First in the registration of a row: aborts if the row no longer waits, because another process with a longer or later lease
 * has completed it, and nothing may be done twice.
 */
export const refuseDoneItem = refuseWhere(sql`NOT EXISTS (SELECT 1 FROM ${jobItems} WHERE ${rowWaits})`)

/** Next, so that the row is completed exactly if its registration is. */
export const finishJobItem = statement(sql`
  UPDATE ${jobItems} SET ${jobItems.state} = 'done', ${input} = NULL WHERE ${rowWaits}`)

/** The same if the previous statement changed something. */
export const finishJobItemOfMade = statement(sql`
  UPDATE ${jobItems} SET ${jobItems.state} = 'done', ${input} = NULL WHERE ${rowWaits} AND ${changedBefore}`)

export const failJobItem = statement(sql`
  UPDATE ${jobItems} SET ${jobItems.state} = 'failed', ${input} = NULL, ${reason} = ${value('reason')} WHERE ${rowWaits}`)

const done = sql`NOT EXISTS (SELECT 1 FROM ${jobItems} WHERE ${jobId} = ${own.id} AND ${jobItems.state} = 'pending')`

export const releaseJob = statement(sql`
  UPDATE ${jobs} SET ${waiting.free(number(0))},
    ${state} = CASE WHEN ${done} THEN 'completed' ELSE ${state} END,
    ${finishedAt} = CASE WHEN ${done} THEN ${value('now')} END
  WHERE ${lease} = ${value('lease')}`)

/** For a start after a crash, when no other process can be working. */
export const endLeases = statement(
  sql`UPDATE ${jobs} SET ${waiting.free(number(0))} WHERE ${lease} IS NOT NULL`,
)

const old = sql`${b.finishedAt} < ${value('before')} AND ${believed('before')}`
/** A batch of rows, then the jobs without rows. */
export const pruneItems = statement(sql`
  DELETE FROM ${jobItems} WHERE (${jobId}, ${position}) IN (
    SELECT ${i.jobId}, ${i.position} FROM ${b} JOIN ${i} ON ${i.jobId} = ${b.id} WHERE ${old} LIMIT ${value('limit')})
  RETURNING ${columns({ position })}`)
export const pruneJobs = statement(sql`
  DELETE FROM ${jobs} WHERE ${id} IN (
    SELECT ${b.id} FROM ${b} WHERE ${old}
      AND NOT EXISTS (SELECT 1 FROM ${i} WHERE ${i.jobId} = ${b.id}) LIMIT ${value('limit')})
  RETURNING ${columns({ id })}`)
