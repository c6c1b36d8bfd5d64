import { digest, elements, flag, item, member, numeric, object } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, pushTokens } from '../tables.ts'
import { column, columns, integer, orNull, sql, value } from '../template.ts'
import { countDead } from './counters.ts'
import { eventKind, logged } from './history.ts'

const d = devices.as('d')
const t = pushTokens.as('t')
const own = pushTokens.as('push_tokens')
const [j, h, v] = [item('j'), item('h'), item('v')] as const

/** The push tokens that reports name, by the report's position; null for a device without a token. */
export const reportedTokens = statement(sql`
  SELECT ${columns({ place: integer(j.key), token: orNull(t.id) })} FROM ${elements(value('targets'))} j
    CROSS JOIN ${elements(j.value, '$.hashes')} h CROSS JOIN ${elements(h.value, '$.providers')} v CROSS JOIN ${t}
  WHERE ${t.appId} = ${value('app')} AND ${t.provider} = ${v.value} AND ${t.digest} = ${digest(member(h.value, '$.hash'))} AND ${t.state} <> 'gone'
  UNION ALL
  SELECT ${j.key}, ${d.pushTokenId} FROM ${elements(value('targets'))} j CROSS JOIN ${d}
  WHERE ${d.id} = ${member(j.value, '$.device')} AND ${d.appId} = ${value('app')}`)

const of = (name: string) => member(j.value, `$.${name}`)
const numberOf = (name: string) => numeric(j.value, `$.${name}`)
/** The reports with the ids of their tokens. */
const reports = sql`
  SELECT ${numberOf('place')} AS place, ${of('token')} AS token, ${of('outcome')} AS outcome,
    ${numberOf('at')} AS at, ${numberOf('tolerance')} AS tolerance, ${of('reason')} AS reason
  FROM ${elements(value('reports'))} j`

/** After the last registration (identity R11). */
const later = sql`r.at >= ${t.registeredAt} + r.tolerance`

const reported = column<number>('r.place', 'place')
const news = sql`max(CASE WHEN ${t.state} = 'gone' THEN 0 WHEN r.outcome = 'dead' THEN ${flag(later)}
    ELSE ${flag(sql`r.at >= coalesce(${t.deliveredAt}, 0)`)} END)`
/** Which reports contain news, before anything is changed. */
export const reportOutcomes = statement(sql`
  SELECT ${columns({ place: reported, applied: integer(news) })} FROM (${reports}) r CROSS JOIN ${t} WHERE ${t.id} = r.token GROUP BY r.place`)

/** The tokens that become dead, with the latest report on each. */
const dying = sql`
  SELECT id, at, reason FROM (
    SELECT ${t.id}, r.at, r.reason, row_number() OVER (PARTITION BY ${t.id} ORDER BY r.at DESC) AS place
    FROM (${reports}) r CROSS JOIN ${t} WHERE ${t.id} = r.token AND r.outcome = 'dead' AND ${t.state} = 'live' AND ${later}) said
  WHERE place = 1`

export const countDying = countDead(sql`${d.pushTokenId} IN (SELECT id FROM (${dying}) told)`)

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
