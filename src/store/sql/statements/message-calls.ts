import { keyed, ofApp, staying } from '../conditions.ts'
import {
  arrayOf,
  elements,
  flag,
  hasText,
  item,
  json,
  letter,
  literal,
  member,
  number,
  object,
  objectOf,
  randomId,
  sizeOf,
} from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, outbox, pushTokens, receipts, sendFailures, sendPages, sends, webhooks } from '../tables.ts'
import { type Expression, orNull, sql, type Template, text, value } from '../template.ts'
import { mine } from './send-pages.ts'
import { here } from './send-planning.ts'
import { callColumns, device } from './webhooks.ts'

const d = devices.as('d')
const f = sendFailures.as('f')
const g = sendPages.as('g')
const m = sends.as('m')
const p = pushTokens.left('p')
const r = receipts.as('r')
const w = webhooks.as('w')
const own = outbox.as('outbox')
const [e, j, t] = [item('e'), item('j'), item('t')] as const

const ATTEMPTED = literal('usersAttempted')
/** Milliseconds after which results for users are reported, even if some phones are still waiting. */
const PATIENCE = number(60_000)

const called = sql`INSERT INTO ${outbox} (${callColumns})`
const ofDevice = sql`${w} ON ${w.appId} = ${d.appId} AND ${w.dialect} = ${d.dialect}`

/** Runs after a device's report: the first one of its kind about a message. */
export const announceReceipt = statement(sql`
  ${called}
  SELECT ${randomId}, ${d.appId}, ${d.dialect}, ${w.name}, ${w.id}, ${w.rounds}, ${e.value},
    ${object({ kind: e.value, at: value('now'), device: json(device), message: r.messageId, receipt: r.kind })}, 0, ${value('dueAt')}, ${value('dueAt')}
  FROM ${d} JOIN ${ofDevice} CROSS JOIN ${elements(w.events)} e JOIN ${r} ON ${r.deviceId} = ${d.id} LEFT JOIN ${p} ON ${p.id} = ${d.pushTokenId}
  WHERE ${keyed(d)} AND ${staying(d)} AND ${r.messageId} = ${value('messageId')} AND ${r.kind} = ${value('kind')} AND ${r.count} = 1
    AND (${e.value} = 'messageStatusChanged' OR (${d.userId} IS NOT NULL
      AND ${e.value} = CASE ${r.kind} WHEN 'delivered' THEN 'messageDelivered' ELSE 'messageOpened' END))`)

const of = (name: string) => member(j.value, `$.${name}`)
const platform = sql`coalesce(${member(d.details, '$.platformName')}, ${d.platform})`
const wants = (kind: Template) => hasText(w.events, kind)

/** Runs with the results of a page: one call for the devices of a platform with the same result. */
export const announceResults = statement(sql`
  ${called}
  SELECT ${randomId}, ${w.appId}, ${w.dialect}, ${w.name}, ${w.id}, ${w.rounds}, ${of('kind')},
    ${object({
      kind: of('kind'),
      at: value('now'),
      message: m.externalId,
      devices: json(arrayOf(d.id)),
      platform,
      reason: of('reason'),
    })}, 0, ${value('now')}, ${value('now')}
  FROM ${elements(value('told'))} j CROSS JOIN ${d} CROSS JOIN ${w} CROSS JOIN ${m}
  WHERE ${mine} AND ${d.id} = ${of('deviceId')} AND ${w.appId} = ${d.appId} AND ${w.dialect} = ${d.dialect} AND ${m.id} = ${value('send')} AND ${wants(of('kind'))}
  GROUP BY ${w.appId}, ${w.dialect}, ${w.name}, ${w.id}, ${w.rounds}, ${m.externalId}, ${of('kind')}, ${platform}, ${of('reason')}`)

const attemptId = (send: Template<'send'>) => sql`${send} || '-' || ${w.id}`
/**
 * Runs at the end of planning: schedules the calls about the users in the audience, due when everything has
 * been sent or after some time.
 */
export const announceAttempt = statement(sql`
  ${called}
  SELECT ${attemptId(value('send'))}, ${w.appId}, ${w.dialect}, ${w.name}, ${w.id}, ${w.rounds}, ${ATTEMPTED},
    ${object({ kind: ATTEMPTED, at: value('now'), send: m.id, message: m.externalId, users: json(value('users')) })}, 0,
    ${value('now')} + CASE WHEN ${m.openPages} + ${sizeOf(value('pages'))} > 0 THEN ${PATIENCE} ELSE 0 END, ${value('now')}
  FROM ${m} JOIN ${w} ON ${w.appId} = ${m.appId} AND ${w.dialect} = ${m.dialect}
  WHERE ${m.id} = ${value('send')} AND ${here} AND ${wants(ATTEMPTED)} ON CONFLICT DO NOTHING`)

/** Runs with the last page of a message, because nothing more has to be waited for. */
export const hastenAttempt = statement(sql`
  UPDATE ${outbox} SET ${outbox.dueAt} = ${value('now')}
  WHERE ${outbox.id} IN (SELECT ${attemptId(value('send'))} FROM ${w} WHERE ${ofApp(w)}) AND ${outbox.lease} IS NULL AND ${outbox.attempts} = 0
    AND EXISTS (SELECT 1 FROM ${m} WHERE ${m.id} = ${value('send')} AND ${m.state} = 'done')`)

const sent = member(own.event, '$.send')
/**
 * For each user with a device in the audience: whether a push service accepted the message for one of the
 * user's devices.
 */
const reached = text(sql`(SELECT ${objectOf(sql`k.user`, sql`k.ok`)} FROM (
  SELECT ${d.userId} AS user, max(k.ok) AS ok FROM (
    SELECT ${t.value} AS token, ${flag(sql`${letter(g.result, t.key)} = 'a'`)} AS ok FROM ${g} CROSS JOIN ${elements(g.tokens)} t WHERE ${g.sendId} = ${sent}
    UNION ALL SELECT ${f.pushTokenId}, 0 FROM ${f} WHERE ${f.sendId} = ${sent}) k CROSS JOIN ${d}
  WHERE ${d.pushTokenId} = k.token AND ${d.dialect} = ${own.dialect} AND ${d.userId} IS NOT NULL GROUP BY ${d.userId}) k)`)
const named = text(
  sql`(SELECT ${arrayOf(d.externalId)} FROM ${elements(own.event, '$.devices')} j CROSS JOIN ${d} WHERE ${d.id} = ${j.value})`,
)

/**
 * Data that is looked up only when the call is made, so that an erasure does not have to search for it in
 * lists.
 */
export const lookedUp: Expression<string | null> = orNull(
  text(sql`CASE WHEN ${sent} IS NOT NULL THEN ${object({ reached: json(reached) })}
    WHEN ${member(own.event, '$.devices')} IS NOT NULL THEN ${object({ devices: json(named) })} END`),
)
