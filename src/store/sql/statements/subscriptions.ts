import { keyed, unexpired } from '../conditions.ts'
import { array, arrayOf, elements, flag, inTurn, item, json, listed, member, object } from '../forms.ts'
import { statement } from '../statement.ts'
import { catalogue, devices, subscriptions } from '../tables.ts'
import { columns, inner, orNull, raw, sql, type Template, text, value } from '../template.ts'
import { countJoined, countLeft } from './counters.ts'
import { viewed } from './device-view.ts'
import { eventKind, logged } from './history.ts'
import { removal } from './removal.ts'
import { chosen, chosenNumber } from './topics.ts'

const d = devices.as('d')
const j = item('j')
const o = devices.as('o')
const s = subscriptions.as('s')
const t = catalogue.as('t')
const own = subscriptions.as('subscriptions')
const dropped = columns({ id: subscriptions.id })

/** The device of a subscription, by the subscription's id. */
export const subscriptionById = statement(sql`
  SELECT ${columns({ external_id: d.externalId })} FROM ${s} JOIN ${d} ON ${d.number} = ${s.device}
  WHERE ${s.id} = ${value('subscription')} AND ${d.appId} = ${value('app')} AND ${d.dialect} = ${value('dialect')} AND ${unexpired(d)}`)

export const countById = countLeft(
  sql`${s.device} = (${chosenNumber}) AND ${s.id} = ${value('subscription')}`,
)
export const dropById = statement(
  sql`DELETE FROM ${subscriptions} WHERE ${subscriptions.device} = (${chosenNumber}) AND ${subscriptions.id} = ${value('subscription')} RETURNING ${dropped}`,
)

/** One device by its key, if it has no subscriptions left. */
export const removeUnsubscribed = removal(
  sql`${keyed(d)} AND NOT EXISTS (SELECT 1 FROM ${s} WHERE ${s.device} = ${d.number})`,
  { one: true },
)

/** Devices whose external id lies between two bounds. */
export const devicesBetween = statement(sql`
  ${viewed} WHERE ${d.appId} = ${value('app')} AND ${d.dialect} = ${value('dialect')}
    AND ${d.externalId} >= ${value('from')} AND ${d.externalId} < ${value('to')} AND ${unexpired(d)}
  ORDER BY ${d.externalId} LIMIT ${value('limit')}`)

/** The device of the first of some subscriptions that exists. */
export const deviceOfSubscriptions = statement(sql`
  ${viewed} WHERE ${d.id} = (SELECT ${o.id} FROM ${elements(value('ids'))} j ${inTurn(s, sql`${s.id} = ${j.value}`)}
      ${inTurn(o, sql`${o.number} = ${s.device}`)}
      WHERE ${o.appId} = ${value('app')} AND ${o.dialect} = ${value('dialect')} AND ${unexpired(o)} ORDER BY ${j.key} LIMIT 1)`)

/** Whether a device exists. */
export const knownDevice = statement(
  sql`SELECT ${columns({ id: d.id })} FROM ${d} WHERE ${keyed(d)} AND ${unexpired(d)}`,
)

/** `wanted` is a list of topics, each with the id for a new subscription. */
const name = text(member(j.value, '$.name'))
const proposed = text(member(j.value, '$.id'))
const known = sql`(${name} IN ${listed('automatic')} OR EXISTS (SELECT 1 FROM ${t}
  WHERE ${t.appId} = ${value('app')} AND ${t.dialect} = ${value('dialect')} AND ${t.name} = ${name}))`

export const countSubscribed = countJoined(
  chosen,
  sql`SELECT DISTINCT ${columns({ topic: name })} FROM ${elements(value('wanted'))} j WHERE ${known}`,
)

/** Subscribes the device to those of the wanted topics that exist. */
export const subscribe = statement(sql`
  INSERT INTO ${subscriptions} (${subscriptions.device}, ${subscriptions.topic}, ${subscriptions.appId}, ${subscriptions.id}, ${subscriptions.automatic}, ${subscriptions.createdAt})
  SELECT c.number, ${name}, ${value('app')}, ${proposed}, ${flag(sql`${name} IN ${listed('automatic')}`)}, ${value('now')}
  FROM (${chosenNumber}) c CROSS JOIN ${elements(value('wanted'))} j WHERE ${known}
  ON CONFLICT DO NOTHING`)

const topicsOf = <Names extends string>(found: Template<Names>) =>
  object({ topics: json(sql`(SELECT ${arrayOf(raw('topic'))} FROM (${found}) found)`), userId: d.userId })
const event = <Names extends string>(kind: 'subscribed' | 'unsubscribed', found: Template<Names>) =>
  statement(sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, ${eventKind(kind)}, ${value('cause')}, ${topicsOf(found)}, ${value('now')}
  FROM (${chosen}) c JOIN ${d} ON ${d.id} = c.id WHERE EXISTS (${found})`)

/** Runs before subscribing: records the new subscriptions. */
export const logSubscribed = event(
  'subscribed',
  inner(sql`SELECT ${columns({ topic: name })} FROM ${elements(value('wanted'))} j WHERE ${known}
    AND NOT EXISTS (SELECT 1 FROM ${s} WHERE ${s.device} = ${d.number} AND ${s.topic} = ${name}) GROUP BY ${name} ORDER BY min(${j.key})`),
)

/** The subscriptions to the wanted topics; no row for an unknown device. */
export const subscribed = statement(sql`
  SELECT ${columns({ topic: name, proposed, id: orNull(text(sql`${s.id}`)), known: flag(known) })}
  FROM (${chosenNumber}) c CROSS JOIN ${elements(value('wanted'))} j
  LEFT JOIN ${s} ON ${s.device} = c.number AND ${s.topic} = ${name} ORDER BY ${j.key}`)

const unwanted = sql`(SELECT ${name} FROM ${elements(value('wanted'))} j)`
export const countUnsubscribed = countLeft(sql`${s.device} = (${chosenNumber}) AND ${s.topic} IN ${unwanted}`)
export const unsubscribe = statement(
  sql`DELETE FROM ${subscriptions} WHERE ${subscriptions.device} = (${chosenNumber}) AND ${subscriptions.topic} IN ${unwanted}`,
)

/** Runs before unsubscribing. */
export const logUnsubscribed = event(
  'unsubscribed',
  sql`SELECT ${s.topic} FROM ${s} WHERE ${s.device} = ${d.number} AND ${s.topic} IN ${unwanted}`,
)
const byId = <const Name extends 'id' | 'subscription'>(id: Name) => sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, ${eventKind('unsubscribed')}, ${value('cause')}, ${object({ topics: json(array(s.topic)), userId: d.userId })}, ${value('now')}
  FROM ${s} JOIN ${d} ON ${d.number} = ${s.device} WHERE ${s.id} = ${value(id)} AND ${d.appId} = ${value('app')} AND ${d.dialect} = ${value('dialect')}`
export const logUnsubscribedById = statement(byId('id'))
/** Only for a device that may be changed. */
export const logDroppedById = statement(sql`${byId('subscription')} AND ${d.id} = (${chosen})`)

export const countSubscription = countLeft(
  sql`${s.id} = ${value('id')} AND ${s.appId} = ${value('app')} AND ${d.dialect} = ${value('dialect')}`,
)

/** Removes the subscription with this id; its device stays. */
export const removeSubscription = statement(sql`
  DELETE FROM ${subscriptions} WHERE ${subscriptions.id} = ${value('id')} AND ${subscriptions.appId} = ${value('app')}
    AND EXISTS (SELECT 1 FROM ${d} WHERE ${d.number} = ${own.device} AND ${d.dialect} = ${value('dialect')})
  RETURNING ${dropped}`)
