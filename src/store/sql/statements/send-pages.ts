import { unexpired } from '../conditions.ts'
import { arrayOf, digest, elements, item, listed, member, numeric, object } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { devices, pushTokens, sendFailures, sendPages, sends, webhooks } from '../tables.ts'
import { columns, type RowOf, sql, type Template, text, value } from '../template.ts'
import { eventKind, logged } from './history.ts'
import { EACH, LANE, laneQueue } from './queue.ts'
import { counting, here, tagsRead } from './send-planning.ts'
import { sendParts } from './sends.ts'

const s = sends.as('m')
const g = sendPages.as('g')
const d = devices.as('d')
const p = pushTokens.as('p')
const proposed = sendFailures.as('excluded')
const own = pushTokens.as('push_tokens')
const w = webhooks.as('w')
const [e, j] = [item('e'), item('j')] as const
const { sendId, run, number, dueAt, lease, result, attempts } = sendPages

/**
 * A few pages per lane, so that neither a large message nor a slow push service delays another app's
 * messages.
 */
const waiting = laneQueue({
  table: sendPages,
  key: (of) => [of.sendId, of.run, of.number],
  order: (of) => sql`${of.priority}, ${of.dueAt}`,
  // Given a name so that both queries use the index.
  open: (of) => sql`${of.priority} IN (0, 1)`,
  lane: (of) => of.lane,
  indexed: (of) => sql`${of.dueAt} IS NOT NULL`,
  openLane: sql`${LANE} NOT IN ${listed('resting')}`,
  room: EACH,
  rank: (of) => of.priority,
})
export const { anyDue, anyStray, freeStrays } = waiting
export const claimPages = statement(waiting.claim)
/** For a claim in each app by itself. */
export const dueLanes = statement(waiting.dueLanes(columns({ lane: text(LANE), app: g.appId })))
export const claimPagesIn = statement(waiting.claimIn)
/** Only for the sole process on a database: the claimers no longer exist. */
export const freePages = statement(
  sql`UPDATE ${sendPages} SET ${waiting.free(value('now'))} WHERE ${lease} IS NOT NULL`,
)

/** The results that the app's webhooks need; usually none. */
const told = text(sql`(SELECT ${arrayOf(e.value)} FROM ${w} CROSS JOIN ${elements(w.events)} e
    WHERE ${w.appId} = ${g.appId} AND ${w.dialect} IN (SELECT ${j.value} FROM ${elements(s.dialects)} j) AND ${e.value} IN ${listed('results')})`)

const pageColumns = columns({
  ...sendParts,
  page_run: g.run,
  page_number: g.number,
  provider: g.provider,
  tokens: g.tokens,
  result: g.result,
  attempts: g.attempts,
  told: told,
  dialects: s.dialects,
})
export type PageRow = RowOf<typeof pageColumns>
/** The pages of a lease with their messages; of one app, or of all. */
export const leasedPages = statement(sql`
  SELECT ${pageColumns}
  FROM ${g} JOIN ${s} ON ${s.id} = ${g.sendId}
  WHERE ${g.lease} = ${value('lease')} AND (${value('app')} = '' OR ${g.appId} = ${value('app')})`)

const phoneColumns = columns({
  token_id: p.id,
  token: p.token,
  provider: p.provider,
  environment: p.environment,
  keys: p.keys,
  dialect: d.dialect,
  device_id: d.id,
  external_id: d.externalId,
  platform: d.platform,
  language: d.language,
  timezone: d.timezone,
  user_id: d.userId,
  details: d.details,
  last_seen_at: d.lastSeenAt,
  tags: tagsRead,
})
export type PhoneRow = RowOf<typeof phoneColumns>
/** The current phones of push tokens; a token with devices of several dialects has one row per device. */
export const phonesOf = statement(sql`
  SELECT ${phoneColumns}
  FROM ${elements(value('tokens'))} j CROSS JOIN ${p} CROSS JOIN ${d}
  WHERE ${p.id} = ${j.value} AND ${p.appId} = ${value('app')} AND ${p.state} = 'live' AND ${d.pushTokenId} = ${p.id} AND ${d.dialect} IN ${listed('dialects')}
    AND ${d.enabled} = 1 AND ${unexpired(d)}`)

const page = sql`${sendId} = ${value('send')} AND ${run} = ${value('run')} AND ${number} = ${value('number')} AND ${lease} = ${value('lease')}`
/** The process that settles the page still has the lease. */
export const mine = sql`EXISTS (SELECT 1 FROM ${g} WHERE ${g.sendId} = ${value('send')} AND ${g.run} = ${value('run')} AND ${g.number} = ${value('number')} AND ${g.lease} = ${value('lease')})`

export const countOutcomes = counting(mine)

const of = (name: string) => member(j.value, `$.${name}`)
/** Phones that were not reached, if a condition holds. */
const noting = <Provider extends string, Names extends string>(
  provider: Template<Provider>,
  condition: Template<Names>,
) =>
  statement(sql`
  ${insertion(sendFailures, {
    sendId: value('send'),
    appId: value('app'),
    pushTokenId: of('tokenId'),
    deviceId: of('deviceId'),
    provider,
    outcome: of('outcome'),
    reason: of('reason'),
    attempts: numeric(j.value, '$.attempts'),
    at: value('now'),
  })}
  FROM ${elements(value('failures'))} j WHERE ${condition}
  ON CONFLICT (${sendFailures.sendId}, ${sendFailures.pushTokenId}) DO UPDATE SET
    ${sendFailures.outcome} = ${proposed.outcome}, ${sendFailures.reason} = ${proposed.reason}, ${sendFailures.attempts} = ${proposed.attempts}, ${sendFailures.at} = ${proposed.at}`)
export const noteFailures = noting(value('provider'), mine)
/** Phones that nothing can be sent to, with the step that found them. */
export const noteUnreachable = noting(of('provider'), here)

/** The environment in which a token turned out to be valid, unless a dialect has stated one since. */
export const noteEnvironments = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.environment} = (SELECT ${of('environment')} FROM ${elements(value('environments'))} j WHERE ${of('tokenId')} = ${own.id})
  WHERE ${pushTokens.id} IN (SELECT ${of('tokenId')} FROM ${elements(value('environments'))} j) AND ${pushTokens.environment} = 'unknown'`)

const other = pushTokens.as('other')
const replacements = sql`${elements(value('replaced'))} j CROSS JOIN ${p}`
/** The service's own id of the phone, unless another device already has it. */
const replaces = sql`${p.id} = ${of('tokenId')} AND ${p.state} <> 'gone' AND ${mine}
  AND NOT EXISTS (SELECT 1 FROM ${other} WHERE ${other.appId} = ${p.appId} AND ${other.provider} = ${p.provider} AND ${other.digest} = ${digest(of('hash'))})`
export const logReplaced = statement(sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, ${eventKind('rotated')}, ${value('cause')},
    ${object({ pushTokenId: p.id, userId: d.userId, userProved: d.userProved })}, ${value('now')}
  FROM ${replacements} CROSS JOIN ${d} WHERE ${replaces} AND ${d.pushTokenId} = ${p.id}`)
export const replaceTokens = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.token} = made.token, ${pushTokens.digest} = made.digest
  FROM (SELECT ${p.id} AS id, ${of('token')} AS token, ${digest(of('hash'))} AS digest FROM ${replacements} WHERE ${replaces}) made WHERE ${own.id} = made.id`)

const { id, state, openPages, finishedAt } = sends
const last = sql`${openPages} <= 1 AND ${state} = 'sending'`
/** Runs when a page is finished: the message is done with its last page. */
export const closePage = statement(sql`
  UPDATE ${sends} SET ${openPages} = ${openPages} - 1,
    ${finishedAt} = CASE WHEN ${last} THEN ${value('now')} ELSE ${finishedAt} END, ${state} = CASE WHEN ${last} THEN 'done' ELSE ${state} END
  WHERE ${id} = ${value('send')} AND ${value('settled')} = 1 AND ${mine}`)

/** Runs last: the state of the page; `ends`: also ends the lease. */
export const writePage = statement(sql`
  UPDATE ${sendPages} SET ${result} = ${value('result')}, ${attempts} = ${value('attempts')},
    ${dueAt} = CASE WHEN ${value('ends')} = 1 THEN ${value('againAt')} ELSE ${value('until')} END,
    ${lease} = CASE WHEN ${value('ends')} = 1 THEN NULL ELSE ${lease} END
  WHERE ${page} RETURNING ${columns({ number })}`)
