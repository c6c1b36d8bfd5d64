import { elements, inTurn, item, member, number, numeric, total } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import {
  apps,
  counters,
  feedHooks,
  imports,
  jobs,
  mirrorCopies,
  outbox,
  providers,
  sendPages,
  tallies,
  webhooks,
} from '../tables.ts'
import { columns, inner, integer, orNull, sql, type Template, text, value } from '../template.ts'

const limit = value('limit')

const backlog = <Names extends string>(of: Template<Names, { at: number }>) =>
  statement(sql`
  SELECT ${columns({ waiting: integer(sql`count(*)`), since: orNull(integer(sql`min(at)`)) })}
  FROM (${inner(of)} LIMIT ${limit}) waiting`)

/** Each in the order of an index, of which at most `limit` rows are read. */
export const backlogs = {
  webhooks: backlog(sql`SELECT ${columns({ at: outbox.createdAt })} FROM ${outbox} ORDER BY ${outbox.id}`),
  pages:
    backlog(sql`SELECT ${columns({ at: integer(sendPages.dueAt) })} FROM ${sendPages} WHERE ${sendPages.dueAt} IS NOT NULL
    ORDER BY ${sendPages.lane}, ${sendPages.priority}, ${sendPages.dueAt}`),
  copies: backlog(
    sql`SELECT ${columns({ at: mirrorCopies.createdAt })} FROM ${mirrorCopies} ORDER BY ${mirrorCopies.id}`,
  ),
  jobs: backlog(sql`SELECT ${columns({ at: jobs.createdAt })} FROM ${jobs} WHERE ${jobs.state} = 'pending'
    ORDER BY ${jobs.createdAt}, ${jobs.id}`),
  imports:
    backlog(sql`SELECT ${columns({ at: imports.createdAt })} FROM ${imports} WHERE ${imports.finishedAt} IS NULL
    ORDER BY ${imports.dueAt}, ${imports.number}`),
} as const

const state = sql`CASE WHEN ${providers.state} = 'ok' AND ${providers.restingUntil} > ${value('now')} THEN 'resting' ELSE ${providers.state} END`
export const serviceCounts = statement(sql`
  SELECT ${columns({ kind: text(sql`kind`), state: text(sql`state`), count: integer(sql`count(*)`) })}
  FROM (SELECT ${providers.kind} AS kind, ${state} AS state FROM ${providers} ORDER BY ${providers.appId}, ${providers.kind} LIMIT ${limit}) known
  GROUP BY kind, state ORDER BY kind, state`)

const h = feedHooks.as('h')
const receivers = <Names extends string>(of: Template<Names>) =>
  statement(sql`
  SELECT ${columns({ state: text(sql`state`), count: integer(sql`count(*)`) })}
  FROM (${of} LIMIT ${limit}) known GROUP BY state ORDER BY state`)
export const receiverCounts = {
  dialect:
    receivers(sql`SELECT CASE WHEN ${webhooks.restingUntil} > ${value('now')} THEN 'resting' ELSE 'ok' END AS state
    FROM ${webhooks} ORDER BY ${webhooks.id}`),
  feed: receivers(sql`SELECT CASE WHEN ${h.stopped} IS NOT NULL THEN 'stopped' WHEN ${h.failures} > 0 THEN 'resting' ELSE 'ok' END AS state
    FROM ${h} ORDER BY ${h.id}`),
} as const

const a = apps.as('a')
const c = counters.as('c')
const page = sql`SELECT ${a.id} FROM ${a} WHERE ${a.id} > ${value('afterId')} ORDER BY ${a.id} LIMIT ${limit}`
export const lastApp = statement(sql`
  SELECT ${columns({ last: orNull(text(sql`max(id)`)) })} FROM (${inner(page)}) looked`)
/** From the counters that are updated with every change. */
export const deviceTotals = statement(sql`
  SELECT ${columns({ name: c.name, devices: total(c.amount) })}
  FROM (${inner(page)}) looked ${inTurn(c, sql`${c.appId} = looked.id AND ${c.kind} = 'devices'`)}
  GROUP BY ${c.name} HAVING sum(${c.amount}) > 0`)

/** Labels come from closed lists, so there are a few hundred sums; the limit protects the database from a bug. */
const MOST = number(5000)
const { metric, labels, amount } = tallies
const own = tallies.as('tallies')
const proposed = tallies.as('excluded')
const known = tallies.as('known')
const j = item('j')
const of = (name: string) => member(j.value, `$.${name}`)
const isKnown = sql`EXISTS (SELECT 1 FROM ${known} WHERE ${known.metric} = ${of('metric')} AND ${known.labels} = ${of('labels')})`
const told = sql`SELECT ${of('metric')} AS metric, ${of('labels')} AS labels, ${numeric(j.value, '$.amount')} AS amount,
    CASE WHEN ${isKnown} THEN 0 ELSE 1 END AS fresh FROM ${elements(value('tallies'))} j`
const placed = sql`SELECT metric, labels, amount, fresh, sum(fresh) OVER (ORDER BY metric, labels) AS place FROM (${told}) told`
const held = sql`(SELECT count(*) FROM (SELECT ${metric} FROM ${tallies} LIMIT ${MOST}) held)`
/** Of unknown ones, as many as there is room for: additions go one after another, on every engine. */
export const addTallies = statement(sql`
  ${insertion(tallies, { metric: text(sql`placed.metric`), labels: text(sql`placed.labels`), amount: integer(sql`placed.amount`) })}
  FROM (${placed}) placed WHERE placed.fresh = 0 OR placed.place + ${held} <= ${MOST}
  ORDER BY placed.metric, placed.labels
  ON CONFLICT (${metric}, ${labels}) DO UPDATE SET ${amount} = ${own.amount} + ${proposed.amount}`)

export const allTallies = statement(sql`
  SELECT ${columns({ metric, labels, amount })} FROM ${tallies} ORDER BY ${metric}, ${labels} LIMIT ${limit}`)
