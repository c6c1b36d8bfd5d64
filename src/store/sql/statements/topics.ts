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

/** The device to be changed: a current one or, if the dialect allows it, a superseded one (identity R3). */
const current = sql`FROM ${d} WHERE ${keyed(d)} AND ${unexpired(d)} AND (${value('superseded')} = 1 OR ${d.supersededAt} IS NULL)`
export const chosen = sql`SELECT ${d.id} ${current}`
/** The same by number. */
export const chosenNumber = sql`SELECT ${d.number} ${current}`

export const topicPage = statement(sql`
  SELECT ${columns({ topic })} FROM ${subscriptions} WHERE ${device} = (${chosenNumber}) AND ${BY_ID.page({ afterId: topic })}`)

/** Whether the page's device exists; counting its topics would read all of them. */
export const topicHolder = statement(sql`SELECT ${columns({ id: text(sql`c.id`) })} FROM (${chosen}) c`)

const topicsOfChosen = sql`SELECT count(*) FROM ${s} WHERE ${s.device} = c.number`

/** Whether the device exists, its number of topics, and how many of the listed ones it has. */
export const topicOutcome = statement(sql`
  SELECT ${columns({
    topics: integer(sql`(${topicsOfChosen})`),
    held: integer(sql`(${topicsOfChosen} AND ${isListed(s.topic, 'topics')})`),
  })}
  FROM (${chosenNumber}) c`)

const wanted = sql`SELECT DISTINCT ${columns({ topic: text(sql`value`) })} FROM ${elements(value('topics'))} wanted`
/** Whether the device may have the listed topics in addition to its own. */
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

/** Not for a device just created by its registration, which is counted at the end. */
export const countListed = countJoined(
  sql`SELECT ${d.id} FROM (${chosen}) c JOIN ${d} ON ${d.id} = c.id WHERE ${fits(d)} AND ${d.id} <> ${value('deviceId')}`,
  wanted,
)

/** The listed topics `t`, each as a subscription of the devices `d` in the same query. */
const added = sql`
  INSERT INTO ${subscriptions} (${device}, ${topic}, ${subscriptions.appId}, ${subscriptions.id}, ${subscriptions.automatic}, ${subscriptions.createdAt})
  SELECT ${d.number}, ${item('t').value}, ${d.appId}, CASE WHEN ${value('withIds')} = 1 THEN ${randomId} END,
    ${flag(isListed(item('t').value, 'automatic'))}, ${value('now')}`

/** An event about topics of the devices `d` of a query, selected by a condition. */
const topicsEvent = <Names extends string>(kind: 'subscribed' | 'unsubscribed', found: Template<Names>) =>
  sql`SELECT ${d.appId}, ${d.id}, ${eventKind(kind)}, ${value('cause')},
    ${object({ topics: json(sql`(SELECT ${arrayOf(topic)} FROM (${found}) found)`), userId: d.userId })}, ${value('now')}`

/** The listed topics that a device `d` lacks, in the order of the list. */
const missing = sql`SELECT value AS topic FROM ${elements(value('topics'))} wanted
    WHERE NOT EXISTS (SELECT 1 FROM ${s} WHERE ${s.device} = ${d.number} AND ${s.topic} = value) GROUP BY value ORDER BY min(${item('wanted').key})`
/** The device's topics that are listed, and those that are not. */
const present = sql`SELECT ${s.topic} FROM ${s} WHERE ${s.device} = ${d.number} AND ${isListed(s.topic, 'topics')}`
const others = sql`SELECT ${s.topic} FROM ${s} WHERE ${s.device} = ${d.number} AND ${s.topic} NOT IN ${listed('topics')}`

const ofChosen = sql`FROM (${chosen}) c JOIN ${d} ON ${d.id} = c.id`
const lost = <Names extends string>(found: Template<Names>) =>
  sql`${topicsEvent('unsubscribed', found)} ${ofChosen} WHERE EXISTS (${found})`
const won = sql`${topicsEvent('subscribed', missing)} ${ofChosen} WHERE EXISTS (${missing})`

/** Run before each change: the topics to be added and removed. */
export const logAdded = statement(sql`${logged} ${won} AND ${fits(d)}`)
export const logDropped = statement(sql`${logged} ${lost(present)}`)
export const logReplaced = statement(sql`${logged} ${lost(others)} UNION ALL ${won}`)

/** For a registration of an existing device. NULL for the plan, since no other statement records this. */
export const newlySubscribed = sql`
  ${topicsEvent('subscribed', missing)}, NULL ${ofChosen} WHERE EXISTS (${missing}) AND ${fits(d)} AND ${d.id} <> ${value('deviceId')}`

/** Adds all listed topics or, if the limit would be exceeded, none. */
export const addListed = statement(sql`${added}
  FROM (${chosen}) c JOIN ${d} ON ${d.id} = c.id CROSS JOIN ${elements(value('topics'))} t
  WHERE ${fits(d)}
  ON CONFLICT DO NOTHING`)

const passesLimit = <Names extends string>(of: Template<Names>) => sql`(SELECT count(*) FROM (
  SELECT ${s.topic} FROM ${s} WHERE ${s.device} = (${of})
  UNION SELECT value FROM ${elements(value('topics'))} wanted) fitting) > ${value('limit')}`
/** Aborts a registration with topics if the device would have too many. */
export const refuseTooMany = {
  key: refuseWhere(passesLimit(sql`SELECT ${d.number} FROM ${d} WHERE ${keyed(d)}`)),
  token: refuseWhere(
    passesLimit(
      sql`SELECT ${d.number} FROM ${d} WHERE ${d.pushTokenId} = ${tokenId} AND ${d.dialect} = ${value('dialect')}`,
    ),
  ),
} as const

/** Sets the first topics of a device that the plan has just created. */
export const addToCreated = statement(sql`${added}
  FROM ${d} CROSS JOIN ${elements(value('topics'))} t
  WHERE ${d.id} = ${value('deviceId')}
  ON CONFLICT DO NOTHING`)

/**
 * Records the call of a superseded device, even without a change, because silence ends its retention (identity R3), and the
 * first call of an imported device.
 */
export const noteSuperseded = statement(sql`
  UPDATE ${devices} SET ${seen}
  WHERE ${devices.id} = (${chosen}) AND (${devices.supersededAt} IS NOT NULL AND ${devices.lastSeenAt} <= ${value('now')} - 3600000 OR ${isUnmet})`)

/** Updates `updatedAt` if the previous statement changed something, and with the first call of an imported device. */
export const bumpIfChanged = statement(
  sql`UPDATE ${devices} SET ${forward}, ${seen} WHERE (${changedBefore} OR ${isUnmet}) AND ${devices.id} = (${chosen})`,
)
