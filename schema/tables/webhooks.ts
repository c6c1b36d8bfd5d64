import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/**
 * The webhooks of an app in one dialect. `events` is a JSON array of event kinds. Each webhook has its own lane and
 * circuit; the last four columns hold the state of its receiver.
 */
export const webhooks = sqliteTable(
  'webhooks',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    name: text('name').notNull(),
    id: text('id').notNull(),
    url: text('url').notNull(),
    events: text('events').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** The secret that signs its calls, encrypted; null until first needed. */
    sealed: text('sealed'),
    /** Calls that failed at their first attempt, and failed probes, since the last delivery. */
    failures: integer('failures').notNull().default(0),
    /** The circuit: no calls until this time. */
    restingUntil: integer('resting_until').notNull().default(0),
    /** Failed probes since its creation; each counts as an attempt for every call that was waiting. */
    rounds: integer('rounds').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.appId, t.dialect, t.name] }), uniqueIndex('webhooks_by_id').on(t.id)],
)

/** Pending webhook calls: written with the change that they report, deleted once delivered. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    webhook: text('webhook').notNull(),
    kind: text('kind').notNull(),
    /** JSON object: the event. */
    event: text('event').notNull(),
    /** Failed attempts of this call; the webhook's rounds since `round` are added. */
    attempts: integer('attempts').notNull(),
    /** When the call is due or, while it is leased, when the lease ends. */
    dueAt: integer('due_at').notNull(),
    createdAt: integer('created_at').notNull(),
    webhookId: text('webhook_id').notNull().default(''),
    round: integer('round').notNull().default(0),
    /** 1 for a call of the version before, which may still run during an upgrade. */
    taken: integer('taken').notNull().default(0),
    lease: text('lease'),
  },
  (t) => [
    index('outbox_due').on(t.webhookId, t.dueAt),
    index('outbox_leased').on(t.webhookId, t.dueAt).where(sql`${t.lease} IS NOT NULL`),
    index('outbox_by_webhook').on(t.appId, t.dialect, t.webhook),
    index('outbox_by_user')
      .on(t.appId, sql`event ->> '$.device.userId'`)
      .where(sql`event ->> '$.device.userId' IS NOT NULL`),
    // Also for erasures: users in a list.
    index('outbox_by_users').on(t.appId, t.id).where(sql`event ->> '$.users' IS NOT NULL`),
    index('outbox_by_device').on(t.appId, sql`event ->> '$.device.id'`),
  ],
)
