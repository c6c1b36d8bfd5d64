import { digest, elements, elementsOf, item, member, object } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, pushTokens } from '../tables.ts'
import { column, columns, integer, orNull, sql, value } from '../template.ts'
import { countDead } from './counters.ts'
import { eventKind, logged } from './history.ts'

const d = devices.as('d')
const t = pushTokens.as('t')
const own = pushTokens.as('push_tokens')
const [j, h, v] = [item('j'), item('h'), item('v')] as const

/** The push tokens that reports name, by the place of the report; a device without one is found with null. */
export const reportedTokens = statement(sql`
  SELECT ${columns({ place: integer(j.key), token: orNull(t.id) })} FROM ${elements(value('targets'))} j
    CROSS JOIN ${elementsOf(j.value, '$.hashes')} h CROSS JOIN ${elementsOf(h.value, '$.providers')} v CROSS JOIN ${t}
  WHERE ${t.appId} = ${value('app')} AND ${t.provider} = ${v.value} AND ${t.digest} = ${digest(member(h.value, '$.hash'))} AND ${t.state} <> 'gone'
  UNION ALL
  SELECT ${j.key}, ${d.pushTokenId} FROM ${elements(value('targets'))} j CROSS JOIN ${d}
  WHERE ${d.id} = ${member(j.value, '$.device')} AND ${d.appId} = ${value('app')}`)

const of = (name: string) => member(j.value, `$.${name}`)
/** The reports, each with the id of its token. */
const reports = sql`
  SELECT ${of('place')} AS place, ${of('token')} AS token, ${of('outcome')} AS outcome,
    ${of('at')} AS at, ${of('tolerance')} AS tolerance, ${of('reason')} AS reason
  FROM ${elements(value('reports'))} j`

/** Later than the last registration (identity R11). */
const later = sql`r.at >= ${t.registeredAt} + r.tolerance`

const reported = column<number>('r.place', 'place')
const news = sql`max(CASE WHEN ${t.state} = 'gone' THEN 0 WHEN r.outcome = 'dead' THEN ${later}
    ELSE r.at >= coalesce(${t.deliveredAt}, 0) END)`
/** Which reports say something new, before anything is changed. */
export const reportOutcomes = statement(sql`
  SELECT ${columns({ place: reported, applied: integer(news) })} FROM (${reports}) r CROSS JOIN ${t} WHERE ${t.id} = r.token GROUP BY r.place`)

/** The tokens that die, with the last word on each. */
const dying = sql`
  SELECT ${t.id}, max(r.at) AS at, r.reason FROM (${reports}) r CROSS JOIN ${t}
  WHERE ${t.id} = r.token AND r.outcome = 'dead' AND ${t.state} = 'live' AND ${later} GROUP BY ${t.id}`

export const countDying = countDead(sql`${d.pushTokenId} IN (SELECT id FROM (${dying}))`)

const told = object({ pushTokenId: sql`told.id`, reason: sql`told.reason`, at: sql`told.at` })
export const logDead = statement(sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, ${eventKind('dead')}, ${value('cause')}, ${told}, ${value('now')}
  FROM (${dying}) told CROSS JOIN ${d} WHERE ${d.pushTokenId} = told.id`)

export const markDead = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.state} = 'dead', ${pushTokens.stateReason} = told.reason, ${pushTokens.stateAt} = told.at
  FROM (${dying}) told WHERE ${own.id} = told.id`)

export const markDelivered = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.deliveredAt} = told.at
  FROM (SELECT r.token, max(r.at) AS at FROM (${reports}) r WHERE r.outcome = 'delivered' GROUP BY r.token) told
  WHERE ${own.id} = told.token AND ${own.state} <> 'gone' AND coalesce(${own.deliveredAt}, 0) < told.at`)
