import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/**
 * The append-only history of an app; each change has its cause (domain/event.ts). A device's external id is stored in its own
 * row and is copied here only when the device is removed, so that an erasure has one place to clear.
 */
export const events = sqliteTable(
  'events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    appId: text('app_id').notNull(),
    /** Empty for an event that names no device. */
    deviceId: text('device_id').notNull(),
    kind: text('kind').notNull(),
    /** The id of the request that caused it. */
    cause: text('cause').notNull(),
    /** JSON object: the previous state, so that the change can be undone. */
    detail: text('detail').notNull(),
    at: integer('at').notNull(),
    /** Set when a device is removed, and for events that name no device. */
    dialect: text('dialect'),
    /** Set when a device is removed. */
    externalId: text('external_id'),
    /** The plan that wrote it, if several of its statements may record the same change. */
    change: integer('change'),
  },
  (t) => [
    // A device's history, and erasures.
    index('events_by_device').on(t.appId, t.deviceId),
    // For erasures: an erased user is also removed from the history of former devices.
    index('events_by_user')
      .on(t.appId, sql`detail ->> '$.userId'`)
      .where(sql`detail ->> '$.userId' IS NOT NULL`),
    // For erasures: the history of devices that the user's devices replaced.
    index('events_by_rival').on(t.appId, sql`detail ->> '$.by'`).where(sql`detail ->> '$.by' IS NOT NULL`),
    // For erasures: the ends of former devices that had the ids of the user's devices.
    index('events_by_external_id').on(t.appId, t.externalId).where(sql`${t.externalId} IS NOT NULL`),
  ],
)

/** Clients' reports about messages: one counted row per device, message and kind. */
export const receipts = sqliteTable(
  'receipts',
  {
    deviceId: text('device_id').notNull(),
    messageId: text('message_id').notNull(),
    kind: text('kind').notNull(),
    appId: text('app_id').notNull(),
    count: integer('count').notNull(),
    firstAt: integer('first_at').notNull(),
    lastAt: integer('last_at').notNull(),
    details: text('details').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.deviceId, t.messageId, t.kind] }),
    // Reports about a message.
    index('receipts_by_message').on(t.appId, t.messageId, t.deviceId, t.kind),
    // Maintenance: expired reports.
    index('receipts_oldest').on(t.lastAt),
    // For erasures: an erased user is also removed from the reports of former devices.
    index('receipts_by_user')
      .on(t.appId, sql`details ->> '$.userId'`)
      .where(sql`details ->> '$.userId' IS NOT NULL`),
  ],
)
