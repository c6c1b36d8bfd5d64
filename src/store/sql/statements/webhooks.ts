import { TOLD_AS } from '../../../domain/event.ts'
import { keyed, ofChange, scoped } from '../conditions.ts'
import { elements, hasText, item, json, literal, member, object, part, randomId } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { appDialects, devices, outbox, pushTokens, subscriptions, webhooks } from '../tables.ts'
import { columns, integer, join, type RowOf, sql, type Template, value } from '../template.ts'

const d = devices.as('d')
const o = outbox.as('o')
const p = pushTokens.left('p')
const s = subscriptions.as('s')
const w = webhooks.as('w')
const hook = webhooks.as('webhooks')
const j = item('j')
const given = (path: string) => member(j.value, path)
const e = item('e')
const { appId, dialect, name, id, url, events, createdAt, updatedAt, failures, restingUntil, sealed } =
  webhooks

const shown = { id, name, url, events, created_at: createdAt, updated_at: updatedAt } as const
const webhookColumns = columns(shown)
export type WebhookRow = RowOf<typeof webhookColumns>

const named = sql`${scoped(webhooks)} AND ${name} = ${value('name')}`

/** App look-ups are cached, so a request may arrive after the app was removed. */
export const createWebhook = statement(sql`
  INSERT INTO ${webhooks} (${appId}, ${dialect}, ${name}, ${id}, ${url}, ${events}, ${createdAt}, ${updatedAt})
  SELECT ${value('app')}, ${value('dialect')}, ${value('name')}, ${value('id')}, ${value('url')}, ${value('events')}, ${value('now')}, ${value('now')}
  WHERE EXISTS (SELECT 1 FROM ${appDialects} WHERE ${scoped(appDialects)}) ON CONFLICT DO NOTHING RETURNING ${webhookColumns}`)

export const speaks = statement(
  sql`SELECT ${columns({ app_id: appDialects.appId })} FROM ${appDialects} WHERE ${scoped(appDialects)}`,
)

/** With a new URL, the webhook starts without failures. */
export const updateWebhook = statement(sql`
  UPDATE ${webhooks} SET ${failures} = CASE WHEN ${value('url')} <> ${url} THEN 0 ELSE ${failures} END,
    ${restingUntil} = CASE WHEN ${value('url')} <> ${url} THEN 0 ELSE ${restingUntil} END,
    ${url} = coalesce(${value('url')}, ${url}), ${events} = coalesce(${value('events')}, ${events}), ${updatedAt} = ${value('now')}
  WHERE ${named} RETURNING ${webhookColumns}`)

/** Drops a batch of calls whose kind the webhook does not, or no longer, subscribe to. */
export const dropUnwanted = statement(sql`
  DELETE FROM ${outbox} WHERE ${outbox.id} IN (SELECT ${o.id} FROM ${o}
    WHERE ${scoped(o)} AND ${o.webhook} = ${value('name')} AND ${o.kind} NOT IN
      (SELECT ${e.value} FROM ${w} CROSS JOIN ${elements(w.events)} e WHERE ${scoped(w)} AND ${w.name} = ${value('name')})
    LIMIT ${value('most')})
  RETURNING ${columns({ id: outbox.id })}`)

const own = webhooks.as('excluded')
/** Replaces all webhooks of a dialect with an operator's list; maintenance drops calls of deleted ones. */
export const putWebhooks = [
  statement(sql`
    DELETE FROM ${webhooks} WHERE ${scoped(webhooks)} AND ${id} NOT IN (SELECT ${given('$.id')} FROM ${elements(value('webhooks'))} j)`),
  statement(sql`
    ${insertion(webhooks, {
      appId: value('app'),
      dialect: value('dialect'),
      name: given('$.name'),
      id: given('$.id'),
      url: given('$.url'),
      events: part(j.value, '$.events'),
      createdAt: value('now'),
      updatedAt: value('now'),
      sealed: given('$.sealed'),
    })}
    FROM ${elements(value('webhooks'))} j WHERE EXISTS (SELECT 1 FROM ${appDialects} WHERE ${scoped(appDialects)})
    ON CONFLICT (${appId}, ${dialect}, ${name}) DO UPDATE SET ${events} = ${own.events}, ${sealed} = ${own.sealed}, ${updatedAt} = ${own.updatedAt}`),
] as const

export const removeWebhook = statement(
  sql`DELETE FROM ${webhooks} WHERE ${named} RETURNING ${columns({ name })}`,
)
export const findWebhook = statement(sql`SELECT ${webhookColumns} FROM ${webhooks} WHERE ${named}`)
export const listWebhooks = statement(
  sql`SELECT ${webhookColumns} FROM ${webhooks} WHERE ${scoped(webhooks)} ORDER BY ${id}`,
)

const waiting = sql`(SELECT count(*) FROM (SELECT ${o.id} FROM ${o} WHERE ${o.webhookId} = ${hook.id} LIMIT ${value('most')}) few)`
export const webhookStates = statement(sql`
  SELECT ${columns({ ...shown, dialect, failures, resting_until: restingUntil, waiting: integer(waiting) })}
  FROM ${webhooks} WHERE ${appId} = ${value('app')} ORDER BY ${id}`)

const hooks = <Kind extends string>(kind: Template<Kind>) =>
  sql`JOIN ${w} ON ${w.appId} = ${d.appId} AND ${w.dialect} = ${d.dialect}
  AND ${hasText(w.events, kind)}`

export const device = object({
  id: d.id,
  externalId: d.externalId,
  userId: d.userId,
  token: p.token,
  platform: d.platform,
  platformName: member(d.details, '$.platformName'),
})

/** A unique value for a plan that may be sent twice: the plan's number and the webhook. */
const once = sql`${value('announcement')} || '-' || ${w.id}`

export const callColumns = join(
  [
    outbox.id,
    outbox.appId,
    outbox.dialect,
    outbox.webhook,
    outbox.webhookId,
    outbox.round,
    outbox.kind,
    outbox.event,
    outbox.attempts,
    outbox.dueAt,
    outbox.createdAt,
  ],
  ', ',
)

/** Writes webhook events for the devices that a condition matches. */
const announcement = <Kind extends string, Chosen extends string, Id extends string>(
  kind: Template<Kind>,
  chosen: Template<Chosen>,
  callId: Template<Id>,
) =>
  statement(sql`
    INSERT INTO ${outbox} (${callColumns})
    SELECT ${callId}, ${d.appId}, ${d.dialect}, ${w.name}, ${w.id}, ${w.rounds}, ${kind},
      ${object({ kind, at: value('now'), device: json(device) })}, 0, ${value('now')}, ${value('now')}
    FROM ${d} ${hooks(kind)} LEFT JOIN ${p} ON ${p.id} = ${d.pushTokenId} WHERE ${chosen}
    ON CONFLICT DO NOTHING`)

type Told = {
  [Kind in keyof typeof TOLD_AS]: (typeof TOLD_AS)[Kind] extends null ? never : Kind
}[keyof typeof TOLD_AS]
/** The webhook's name for an event. */
const told = (kind: Told) => literal(TOLD_AS[kind])

/** Runs after a registration: the kind depends on whether it created the device. */
export const announceRegistered = announcement(
  sql`CASE WHEN ${d.id} = ${value('deviceId')} THEN ${told('registered')} ELSE ${told('profileChanged')} END`,
  keyed(d),
  once,
)
/** Runs after a registration that can only have created the device. */
export const announceMade = announcement(told('registered'), sql`${d.id} = ${value('deviceId')}`, once)
/** Runs after a registration that found its device unchanged. */
export const announceKnown = announcement(told('profileChanged'), ofChange(d), once)
export const announceUpdated = announcement(told('profileChanged'), keyed(d), once)
/** Runs before a removal. */
export const announceEnd = <Chosen extends string>(kind: Told, chosen: Template<Chosen>) =>
  announcement(told(kind), chosen, randomId)

const subscriptionAnnouncement = <Chosen extends string>(
  kind: Told,
  chosen: Template<Chosen>,
  callId: Template,
) =>
  statement(sql`
    INSERT INTO ${outbox} (${callColumns})
    SELECT ${callId}, ${d.appId}, ${d.dialect}, ${w.name}, ${w.id}, ${w.rounds}, ${told(kind)},
      ${object({ kind: told(kind), at: value('now'), device: json(device), topic: s.topic, subscriptionId: s.id })},
      0, ${value('now')}, ${value('now')}
    FROM ${s} JOIN ${d} ON ${d.number} = ${s.device} AND ${scoped(d)}
    ${hooks(told(kind))} LEFT JOIN ${p} ON ${p.id} = ${d.pushTokenId} WHERE ${chosen}
    ON CONFLICT DO NOTHING`)

const wanted = (path: string) =>
  sql`(SELECT ${member(item('j').value, path)} FROM ${elements(value('wanted'))} j)`

/** Runs after subscribing: proposed ids that exist belong to new subscriptions. */
export const announceSubscribed = subscriptionAnnouncement(
  'subscribed',
  sql`${keyed(d)} AND ${s.id} IN ${wanted('$.id')}`,
  sql`${s.id} || '-' || ${w.id}`,
)
/** Runs before unsubscribing. */
export const announceUnsubscribed = subscriptionAnnouncement(
  'unsubscribed',
  sql`${keyed(d)} AND ${s.topic} IN ${wanted('$.name')}`,
  randomId,
)
export const announceUnsubscribedById = subscriptionAnnouncement(
  'unsubscribed',
  sql`${s.id} = ${value('id')}`,
  randomId,
)
