import { forward, isUnmet, keyed, refuseWhere, seen, tokenId, unexpired } from '../conditions.ts'
import {
  arrayOf,
  changedBefore,
  elements,
  flag,
  isListed,
  item,
  json,
  listed,
  object,
  randomId,
} from '../forms.ts'
import { BY_ID } from '../keyset.ts'
import { statement } from '../statement.ts'
import { type Alias, devices, subscriptions } from '../tables.ts'
import { columns, integer, sql, type Template, text, value } from '../template.ts'
import { countJoined, countLeft, countReplaced } from './counters.ts'
import { eventKind, logged } from './history.ts'

const d = devices.as('d')
const s = subscriptions.as('s')
const { device, topic } = subscriptions

/** The device that may be changed: current, unless the dialect lets a superseded one go on (identity R3). */
const current = sql`FROM ${d} WHERE ${keyed(d)} AND ${unexpired(d)} AND (${value('superseded')} = 1 OR ${d.supersededAt} IS NULL)`
export const chosen = sql`SELECT ${d.id} ${current}`
/** The same by what its topics call it. */
export const chosenNumber = sql`SELECT ${d.number} ${current}`

export const topicPage = statement(sql`
  SELECT ${columns({ topic })} FROM ${subscriptions} WHERE ${device} = (${chosenNumber}) AND ${BY_ID.page({ afterId: topic })}`)

/** Whether the device of a page is there: counting its topics would cost all of them. */
export const topicHolder = statement(sql`SELECT ${columns({ id: text(sql`c.id`) })} FROM (${chosen}) c`)

const topicsOfChosen = sql`SELECT count(*) FROM ${s} WHERE ${s.device} = c.number`

/** Whether the device is there, how many topics it has, and how many of the listed ones it has. */
export const topicOutcome = statement(sql`
  SELECT ${columns({
    topics: integer(sql`(${topicsOfChosen})`),
    held: integer(sql`(${topicsOfChosen} AND ${isListed(s.topic, 'topics')})`),
  })}
  FROM (${chosenNumber}) c`)

const wanted = sql`SELECT DISTINCT ${columns({ topic: text(sql`value`) })} FROM ${elements(value('topics'))} wanted`
/** Whether the device may have the listed topics besides its own. */
const fits = (
  of: Alias<'devices'>,
) => sql`(SELECT count(*) FROM (SELECT ${topic} FROM ${s} WHERE ${s.device} = ${of.number}
      UNION SELECT value FROM ${elements(value('topics'))} wanted) fitting) <= ${value('limit')}`

export const countKept = countReplaced(chosen, chosenNumber, wanted)
export const keepOnly = statement(
  sql`DELETE FROM ${subscriptions} WHERE ${device} = (${chosenNumber}) AND ${topic} NOT IN ${listed('topics')}`,
)

export const countDropped = countLeft(sql`${s.device} = (${chosenNumber}) AND ${isListed(s.topic, 'topics')}`)
export const dropListed = statement(
  sql`DELETE FROM ${subscriptions} WHERE ${device} = (${chosenNumber}) AND ${isListed(topic, 'topics')}`,
)

/** Not of a device that its registration has just made, which is counted at the end. */
export const countListed = countJoined(
  sql`SELECT ${d.id} FROM (${chosen}) c JOIN ${d} ON ${d.id} = c.id WHERE ${fits(d)} AND ${d.id} <> ${value('deviceId')}`,
  wanted,
)

/** The listed topics `t`, each a subscription of the devices `d` in the same query. */
const added = sql`
  INSERT INTO ${subscriptions} (${device}, ${topic}, ${subscriptions.appId}, ${subscriptions.id}, ${subscriptions.automatic}, ${subscriptions.createdAt})
  SELECT ${d.number}, ${item('t').value}, ${d.appId}, CASE WHEN ${value('withIds')} = 1 THEN ${randomId} END,
    ${flag(isListed(item('t').value, 'automatic'))}, ${value('now')}`

/** An event about the topics of the devices `d` of a query: those that a condition finds for the device. */
const topicsEvent = <Names extends string>(kind: 'subscribed' | 'unsubscribed', found: Template<Names>) =>
  sql`SELECT ${d.appId}, ${d.id}, ${eventKind(kind)}, ${value('cause')},
    ${object({ topics: json(sql`(SELECT ${arrayOf(topic)} FROM (${found}) found)`), userId: d.userId })}, ${value('now')}`

/** Of the listed topics, those that a device `d` does not have, in the order of the list. */
const missing = sql`SELECT value AS topic FROM ${elements(value('topics'))} wanted
    WHERE NOT EXISTS (SELECT 1 FROM ${s} WHERE ${s.device} = ${d.number} AND ${s.topic} = value) GROUP BY value ORDER BY min(${item('wanted').key})`
/** Of its topics, those that are listed, and those that are not. */
const present = sql`SELECT ${s.topic} FROM ${s} WHERE ${s.device} = ${d.number} AND ${isListed(s.topic, 'topics')}`
const others = sql`SELECT ${s.topic} FROM ${s} WHERE ${s.device} = ${d.number} AND ${s.topic} NOT IN ${listed('topics')}`

const ofChosen = sql`FROM (${chosen}) c JOIN ${d} ON ${d.id} = c.id`
const lost = <Names extends string>(found: Template<Names>) =>
  sql`${topicsEvent('unsubscribed', found)} ${ofChosen} WHERE EXISTS (${found})`
const won = sql`${topicsEvent('subscribed', missing)} ${ofChosen} WHERE EXISTS (${missing})`

/** Before each change, what it is about to add and to take away. */
export const logAdded = statement(sql`${logged} ${won} AND ${fits(d)}`)
export const logDropped = statement(sql`${logged} ${lost(present)}`)
export const logReplaced = statement(sql`${logged} ${lost(others)} UNION ALL ${won}`)

/** The same of a registration, for a device that it did not make; NULL for the plan, which tells of it but here. */
export const newlySubscribed = sql`
  ${topicsEvent('subscribed', missing)}, NULL ${ofChosen} WHERE EXISTS (${missing}) AND ${fits(d)} AND ${d.id} <> ${value('deviceId')}`

/** Adds the listed topics, all of them or, where the limit would be passed, none. */
export const addListed = statement(sql`${added}
  FROM (${chosen}) c JOIN ${d} ON ${d.id} = c.id CROSS JOIN ${elements(value('topics'))} t
  WHERE ${fits(d)}
  ON CONFLICT DO NOTHING`)

const passesLimit = <Names extends string>(of: Template<Names>) => sql`(SELECT count(*) FROM (
  SELECT ${s.topic} FROM ${s} WHERE ${s.device} = (${of})
  UNION SELECT value FROM ${elements(value('topics'))} wanted) fitting) > ${value('limit')}`
/** Of a registration that lists topics, nothing happens where the device would have too many. */
export const refuseTooMany = {
  key: refuseWhere(passesLimit(sql`SELECT ${d.number} FROM ${d} WHERE ${keyed(d)}`)),
  token: refuseWhere(
    passesLimit(
      sql`SELECT ${d.number} FROM ${d} WHERE ${d.pushTokenId} = ${tokenId} AND ${d.dialect} = ${value('dialect')}`,
    ),
  ),
} as const

/** Gives a device that the plan has just made its first topics. */
export const addToCreated = statement(sql`${added}
  FROM ${d} CROSS JOIN ${elements(value('topics'))} t
  WHERE ${d.id} = ${value('deviceId')}
  ON CONFLICT DO NOTHING`)

/**
 * Notes the call of a superseded device, also where it changed nothing: only silence lets it go (identity R3). And the first
 * call of one that was imported.
 */
export const noteSuperseded = statement(sql`
  UPDATE ${devices} SET ${seen}
  WHERE ${devices.id} = (${chosen}) AND (${devices.supersededAt} IS NOT NULL AND ${devices.lastSeenAt} <= ${value('now')} - 3600000 OR ${isUnmet})`)

/** Moves `updatedAt` when the statement before changed something, and with the first call of an imported device. */
export const bumpIfChanged = statement(
  sql`UPDATE ${devices} SET ${forward}, ${seen} WHERE (${changedBefore} OR ${isUnmet}) AND ${devices.id} = (${chosen})`,
)
