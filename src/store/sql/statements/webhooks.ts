import { type SQL, sql } from 'drizzle-orm'
import type { EventKind } from '../../../domain/webhook.ts'
import { type Statement, statement } from '../statement.ts'
import { scoped } from './catalogue.ts'
import { keyed, value } from './shared.ts'

export interface WebhookRow {
  id: string
  name: string
  url: string
  events: string
  created_at: number
  updated_at: number
}
const columns: SQL = sql.raw('id, name, url, events, created_at, updated_at')
const named: SQL = sql`${scoped} AND name = ${value('name')}`

/** Look-ups of apps are cached, so that a request may come after its app has gone. */
const spoken: SQL = sql`EXISTS (SELECT 1 FROM app_dialects WHERE app_id = ${value('app')} AND dialect = ${value('dialect')})`

export const createWebhook: Statement<WebhookRow> = statement(sql`
  INSERT INTO webhooks (app_id, dialect, name, id, url, events, created_at, updated_at)
  SELECT ${value('app')}, ${value('dialect')}, ${value('name')}, ${value('id')}, ${value('url')}, ${value('events')}, ${value('now')}, ${value('now')}
  WHERE ${spoken} ON CONFLICT DO NOTHING RETURNING ${columns}`)

export const speaks: Statement<{ app_id: string }> = statement(
  sql`SELECT app_id FROM app_dialects WHERE app_id = ${value('app')} AND dialect = ${value('dialect')}`,
)

/** Another address is another receiver: nothing is held against it. */
export const updateWebhook: Statement<WebhookRow> = statement(sql`
  UPDATE webhooks SET failures = CASE WHEN ${value('url')} <> url THEN 0 ELSE failures END,
    resting_until = CASE WHEN ${value('url')} <> url THEN 0 ELSE resting_until END,
    url = coalesce(${value('url')}, url), events = coalesce(${value('events')}, events), updated_at = ${value('now')}
  WHERE ${named} RETURNING ${columns}`)

/** What waits for a webhook and is not, or no longer, of a kind it chose: a batch of it. */
export const dropUnwanted: Statement<{ id: string }> = statement(sql`
  DELETE FROM outbox WHERE id IN (SELECT o.id FROM outbox o
    WHERE o.app_id = ${value('app')} AND o.dialect = ${value('dialect')} AND o.webhook = ${value('name')} AND o.kind NOT IN
      (SELECT e.value FROM webhooks w, json_each(w.events) e WHERE w.app_id = ${value('app')} AND w.dialect = ${value('dialect')} AND w.name = ${value('name')})
    LIMIT ${value('most')})
  RETURNING id`)

export const removeWebhook: Statement<{ name: string }> = statement(
  sql`DELETE FROM webhooks WHERE ${named} RETURNING name`,
)
export const findWebhook: Statement<WebhookRow> = statement(
  sql`SELECT ${columns} FROM webhooks WHERE ${named}`,
)
export const listWebhooks: Statement<WebhookRow> = statement(
  sql`SELECT ${columns} FROM webhooks WHERE ${scoped} ORDER BY id`,
)

export const webhookStates: Statement<
  WebhookRow & { dialect: string; waiting: number; failures: number; resting_until: number }
> = statement(sql`
  SELECT ${columns}, dialect, failures, resting_until,
    (SELECT count(*) FROM (SELECT o.id FROM outbox o WHERE o.webhook_id = webhooks.id LIMIT ${value('most')})) AS waiting
  FROM webhooks WHERE app_id = ${value('app')} ORDER BY id`)

const hooks = (kind: SQL): SQL => sql`JOIN webhooks w ON w.app_id = d.app_id AND w.dialect = d.dialect
  AND EXISTS (SELECT 1 FROM json_each(w.events) e WHERE e.value = ${kind})`

const device: SQL =
  sql.raw(`json_object('id', d.id, 'externalId', d.external_id, 'userId', d.user_id, 'token', p.token,
  'platform', d.platform, 'platformName', d.details ->> '$.platformName')`)

const random: SQL = sql.raw('lower(hex(randomblob(16)))')
/** For a plan that may be sent twice: a value that is its own, and the webhook. */
const once: SQL = sql`${value('announcement')} || '-' || w.id`

const callColumns: SQL = sql.raw(
  'id, app_id, dialect, webhook, webhook_id, round, kind, event, attempts, due_at, created_at',
)

/** Writes what is to be told of the devices that a condition names. */
function announcement(kind: SQL, chosen: SQL, id: SQL): Statement {
  return statement(sql`
    INSERT INTO outbox (${callColumns})
    SELECT ${id}, d.app_id, d.dialect, w.name, w.id, w.rounds, ${kind},
      json_object('kind', ${kind}, 'at', ${value('now')}, 'device', ${device}), 0, ${value('now')}, ${value('now')}
    FROM devices d ${hooks(kind)} LEFT JOIN push_tokens p ON p.id = d.push_token_id WHERE ${chosen}
    ON CONFLICT DO NOTHING`)
}

const literal = (kind: EventKind): SQL => sql.raw(`'${kind}'`)

/** After a registration: whether it made the device tells which of the two it was. */
export const announceRegistered = announcement(
  sql`CASE WHEN d.id = ${value('deviceId')} THEN 'deviceRegistered' ELSE 'deviceUpdated' END`,
  keyed('d'),
  once,
)
export const announceUpdated = announcement(literal('deviceUpdated'), keyed('d'), once)
/** Before a removal. */
export const announceUnregistered = (chosen: SQL): Statement =>
  announcement(literal('deviceUnregistered'), chosen, random)

function subscriptionAnnouncement(kind: EventKind, chosen: SQL, id: SQL): Statement {
  return statement(sql`
    INSERT INTO outbox (${callColumns})
    SELECT ${id}, d.app_id, d.dialect, w.name, w.id, w.rounds, ${literal(kind)},
      json_object('kind', ${literal(kind)}, 'at', ${value('now')}, 'device', ${device}, 'topic', s.topic, 'subscriptionId', s.id),
      0, ${value('now')}, ${value('now')}
    FROM subscriptions s JOIN devices d ON d.id = s.device_id AND d.app_id = ${value('app')} AND d.dialect = ${value('dialect')}
    ${hooks(literal(kind))} LEFT JOIN push_tokens p ON p.id = d.push_token_id WHERE ${chosen}
    ON CONFLICT DO NOTHING`)
}

/** After subscribing: the proposed ids that are in use are new. */
export const announceSubscribed = subscriptionAnnouncement(
  'subscribed',
  sql`${keyed('d')} AND s.id IN (SELECT j.value ->> '$.id' FROM json_each(${value('wanted')}) j)`,
  sql.raw(`s.id || '-' || w.id`),
)
/** Before unsubscribing. */
export const announceUnsubscribed = subscriptionAnnouncement(
  'unsubscribed',
  sql`${keyed('d')} AND s.topic IN (SELECT j.value ->> '$.name' FROM json_each(${value('wanted')}) j)`,
  random,
)
export const announceUnsubscribedById = subscriptionAnnouncement(
  'unsubscribed',
  sql`s.id = ${value('id')}`,
  random,
)

/** What waits to be told about a user. */
export const forgetCalls = statement(
  sql`DELETE FROM outbox WHERE app_id = ${value('app')} AND event ->> '$.device.userId' = ${value('userId')}`,
)
