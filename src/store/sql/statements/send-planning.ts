import { unexpired } from '../conditions.ts'
import {
  arrayOf,
  digest,
  digits,
  elements,
  item,
  listed,
  literal,
  member,
  named,
  numeric,
  objectOf,
  sizeOf,
} from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { devices, pushTokens, sendCounts, sendPages, sends, subscriptions, tags } from '../tables.ts'
import { columns, inner, integer, orNull, type RowOf, sql, type Template, text, value } from '../template.ts'
import { sendParts } from './sends.ts'

const s = sends.as('m')
const d = devices.as('d')
const o = devices.as('o')
const p = pushTokens.as('p')
const u = subscriptions.as('u')
const e = subscriptions.as('e')
const g = tags.as('g')
const [j, w] = [item('j'), item('w')] as const
const { id, state, dueAt, run, runAt, part, after, pages, openPages, finishedAt } = sends

const firstDue = sql`SELECT ${columns({ id: s.id })} FROM ${s} WHERE ${s.state} = 'scheduled' AND ${s.dueAt} <= ${value('now')} ORDER BY ${s.dueAt} LIMIT 1`
/** The scheduled message with the earliest due time. */
export const dueSend = statement(firstDue)
/** Starts planning. */
export const beginSend = statement(sql`
  UPDATE ${sends} SET ${state} = 'planning', ${runAt} = ${dueAt}
  WHERE ${id} = (${firstDue})`)

/** The message whose audience has waited longest to be looked up; urgent ones first. */
export const planningSend = statement(sql`
  SELECT ${columns({
    ...sendParts,
    dialects: s.dialects,
    parts: s.parts,
    run: s.run,
    part: s.part,
    after: s.after,
    pages: s.pages,
  })}
  FROM ${s} WHERE ${s.state} = 'planning' ORDER BY ${s.priority}, ${s.dueAt} LIMIT 1`)

/** Whether a message may go to a device, as far as its own row shows. */
const eligible = sql`${d.enabled} = 1 AND ${d.createdAt} <= ${value('at')} AND ${unexpired(d)} AND ${p.state} = 'live'`

/**
 * A phone is represented by the device with the smallest id among those in the audience. Within one dialect a
 * token has one device, so this only matters for messages to several dialects.
 */
const alone = <Names extends string>(meant: Template<Names>) =>
  sql`(${value('many')} = 0 OR NOT EXISTS (
    SELECT 1 FROM ${o} WHERE ${o.pushTokenId} = ${d.pushTokenId} AND ${o.id} < ${d.id} AND ${o.dialect} IN ${listed('dialects')}
      AND ${o.enabled} = 1 AND ${o.createdAt} <= ${value('at')} AND (${o.expiresAt} IS NULL OR ${o.expiresAt} > ${value('now')}) AND ${meant}))`

/** The tags of a device `d` that the message needs. */
export const tagsRead = text(sql`CASE WHEN ${value('tags')} = '[]' THEN '{}' ELSE (
    SELECT ${objectOf(g.name, g.value)} FROM ${elements(value('tags'))} w CROSS JOIN ${g} WHERE ${g.deviceId} = ${d.id} AND ${g.name} = ${w.value}) END`)
const topicsRead = text(sql`CASE WHEN ${value('topics')} = '[]' THEN '[]' ELSE (
    SELECT ${arrayOf(e.topic)} FROM ${elements(value('topics'))} w CROSS JOIN ${e} WHERE ${e.device} = ${d.number} AND ${e.topic} = ${w.value}) END`)

const found = columns({
  id: d.id,
  token_id: p.id,
  provider: p.provider,
  platform: d.platform,
  // As text, because some dialects have numbers for platforms.
  platform_name: orNull(
    text(
      sql`CASE WHEN ${value('platformMember')} = '' THEN NULL ELSE ${named(d.details, value('platformMember'))} || '' END`,
    ),
  ),
  timezone: d.timezone,
  tags: tagsRead,
  topics: topicsRead,
})

export type CandidateRow = RowOf<typeof found>

/** One step through an index: the devices that it finds, and which of them the message goes to. */
const step = <Rows extends string, Meant extends string>(rows: Template<Rows>, meant: Template<Meant>) => ({
  rows: statement(sql`
    SELECT ${found} FROM (${rows}) k CROSS JOIN ${d} CROSS JOIN ${p}
    WHERE ${d.number} = k.number AND ${p.id} = ${d.pushTokenId} AND ${d.dialect} IN ${listed('dialects')} AND ${eligible} AND ${alone(meant)}`),
  end: statement(
    sql`SELECT ${columns({ last: orNull(text(sql`max(k.place) || ''`)), n: integer(sql`count(*)`) })} FROM (${rows}) k`,
  ),
})

const inOrderOfIds = columns({ number: d.number, place: d.id })
const ofDialect = sql`
  SELECT ${inner(inOrderOfIds)} FROM ${d} WHERE ${d.appId} = ${value('app')} AND ${d.dialect} = ${value('dialect')} AND ${d.id} > ${value('after')}
  ORDER BY ${d.id} LIMIT ${value('limit')}`
const ofUser = sql`
  SELECT ${inner(inOrderOfIds)} FROM ${d} WHERE ${d.appId} = ${value('app')} AND ${d.dialect} = ${value('dialect')} AND ${d.userId} = ${value('user')}
    AND ${d.id} > ${value('after')} AND (${value('proved')} = 0 OR ${d.userProved} = 1)
  ORDER BY ${d.id} LIMIT ${value('limit')}`
/** By number. A device that subscribes to an earlier topic of the same message has already been found. */
const ofTopic = sql`
  SELECT ${inner(columns({ number: u.device, place: u.device }))} FROM ${u} WHERE ${u.appId} = ${value('app')} AND ${u.topic} = ${value('topic')} AND ${u.device} > ${digits(value('after'))}
    AND ${u.createdAt} <= ${value('at')} AND NOT EXISTS (
      SELECT 1 FROM ${e} WHERE ${e.device} = ${u.device} AND ${e.topic} IN ${listed('earlier')} AND ${e.createdAt} <= ${value('at')})
  ORDER BY ${u.device} LIMIT ${value('limit')}`
const ofIds = sql`
  SELECT ${inner(inOrderOfIds)} FROM ${elements(value('ids'))} j CROSS JOIN ${d}
  WHERE ${d.appId} = ${value('app')} AND ${d.dialect} = ${value('dialect')} AND ${d.externalId} = ${j.value}`
const ofTokens = sql`
  SELECT ${inner(inOrderOfIds)} FROM ${elements(value('hashes'))} j CROSS JOIN ${p} CROSS JOIN ${d}
  WHERE ${p.appId} = ${value('app')} AND ${p.provider} = ${member(j.value, '$.provider')} AND ${p.digest} = ${digest(member(j.value, '$.hash'))} AND ${d.pushTokenId} = ${p.id}
    AND ${d.externalId} NOT IN ${listed('earlier')}`

const everyone = sql`true`
const subscribing = sql`EXISTS (SELECT 1 FROM ${e} WHERE ${e.device} = ${o.number} AND ${e.topic} IN ${listed('all')} AND ${e.createdAt} <= ${value('at')})`
/** The steps through an audience, by the kind of its part. */
export const candidates = {
  dialect: step(ofDialect, everyone),
  topic: step(ofTopic, subscribing),
  user: step(ofUser, sql`${o.userId} IN ${listed('all')}`),
  ids: step(ofIds, sql`${o.externalId} IN ${listed('all')}`),
  hashes: step(ofTokens, everyone),
} as const

/** The message is still at the start of this step: of two concurrent planners, only one continues. */
export const here = sql`EXISTS (SELECT 1 FROM ${s} WHERE ${s.id} = ${value('send')} AND ${s.state} = 'planning'
    AND ${s.run} = ${value('run')} AND ${s.part} = ${value('fromPart')} AND ${s.after} = ${value('fromAfter')})`

const of = (name: string) => member(j.value, `$.${name}`)
const numberOf = (name: string) => numeric(j.value, `$.${name}`)
export const addPages = statement(sql`
  ${insertion(sendPages, {
    sendId: value('send'),
    appId: value('app'),
    run: value('run'),
    number: sql`(SELECT ${s.pages} FROM ${s} WHERE ${s.id} = ${value('send')}) + (${j.key})`,
    lane: sql`${value('app')} || '/' || (${of('provider')})`,
    provider: of('provider'),
    priority: value('priority'),
    tokens: of('tokens'),
    result: of('result'),
    attempts: literal('{}'),
    dueAt: numberOf('dueAt'),
    lease: sql`NULL`,
  })}
  FROM ${elements(value('pages'))} j WHERE ${here}`)

const own = sendCounts.as('send_counts')
const proposed = sendCounts.as('excluded')
/** Adds to the counts of a message if a condition holds. */
export const counting = <Names extends string>(condition: Template<Names>) =>
  statement(sql`
  ${insertion(sendCounts, {
    sendId: value('send'),
    appId: value('app'),
    provider: of('provider'),
    platform: of('platform'),
    outcome: of('outcome'),
    hour: numberOf('hour'),
    count: numberOf('count'),
  })}
  FROM ${elements(value('counts'))} j WHERE ${condition}
  ON CONFLICT (${sendCounts.sendId}, ${sendCounts.provider}, ${sendCounts.platform}, ${sendCounts.outcome}, ${sendCounts.hour})
    DO UPDATE SET ${sendCounts.count} = ${own.count} + ${proposed.count}`)
export const addCounts = counting(here)

const more = sizeOf(value('pages'))
/**
 * Runs last in a step and moves on; at the end of a run, schedules the next one or leaves the rest to be
 * sent.
 */
export const moveOn = statement(sql`
  UPDATE ${sends} SET
    ${pages} = CASE WHEN ${value('done')} = 1 AND ${value('next')} IS NOT NULL THEN 0 ELSE ${pages} + ${more} END, ${openPages} = ${openPages} + ${more},
    ${state} = CASE WHEN ${value('done')} = 0 THEN ${state} WHEN ${value('next')} IS NOT NULL THEN 'scheduled'
      WHEN ${openPages} + ${more} = 0 THEN 'done' ELSE 'sending' END,
    ${finishedAt} = CASE WHEN ${value('done')} = 1 AND ${value('next')} IS NULL AND ${openPages} + ${more} = 0 THEN ${value('now')} END,
    ${dueAt} = CASE WHEN ${value('done')} = 0 THEN ${value('now')} ELSE ${value('next')} END,
    ${run} = CASE WHEN ${value('done')} = 1 AND ${value('next')} IS NOT NULL THEN ${run} + 1 ELSE ${run} END,
    ${part} = CASE WHEN ${value('done')} = 1 THEN 0 ELSE ${value('part')} END,
    ${after} = CASE WHEN ${value('done')} = 1 THEN '' ELSE ${value('after')} END,
    ${sends.parts} = CASE WHEN ${value('done')} = 1 AND ${value('next')} IS NULL THEN '[]' ELSE ${sends.parts} END,
    ${sends.audience} = CASE WHEN ${value('done')} = 1 AND ${value('next')} IS NULL THEN ${value('audience')} ELSE ${sends.audience} END
  WHERE ${id} = ${value('send')} AND ${state} = 'planning' AND ${run} = ${value('run')} AND ${part} = ${value('fromPart')} AND ${after} = ${value('fromAfter')}
  RETURNING ${columns({ id })}`)
