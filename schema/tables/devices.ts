import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** The push tokens of phones and browsers. `gone`: no device has the token any more, and its text is erased. */
export const pushTokens = sqliteTable(
  'push_tokens',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    provider: text('provider').notNull(),
    /**
     * The first 128 bits of the SHA-256 of the token in its compared form (identity R18). It is also in the index; as 64
     * hexadecimal digits it took a twentieth of the database. Accidental collisions are expected at 10^19 tokens; whoever
     * creates one on purpose owns both tokens and gains access to nothing else.
     */
    digest: blob('digest').notNull(),
    /** The token as last sent; empty when gone. */
    token: text('token').notNull(),
    environment: text('environment').notNull(),
    /** Web push keys as JSON `{p256dh, auth}`, or null. */
    keys: text('keys'),
    state: text('state').notNull(),
    stateReason: text('state_reason'),
    stateAt: integer('state_at').notNull(),
    /** JSON array of the dialects that ever had a device with this token; topics are carried over once (identity R6). */
    dialects: text('dialects').notNull(),
    createdAt: integer('created_at').notNull(),
    /** The last registration with the token, up to an hour behind (identity R11). */
    registeredAt: integer('registered_at').notNull(),
    /** The last reported delivery to it. */
    deliveredAt: integer('delivered_at'),
  },
  (t) => [
    // Looked up by every registration.
    uniqueIndex('push_tokens_identity').on(t.appId, t.provider, t.digest),
    // Pages of installations in the admin API.
    index('push_tokens_newest').on(t.appId, t.createdAt, t.id),
    // Maintenance: tokens to delete. Partial, so live tokens are not in it.
    index('push_tokens_gone').on(t.stateAt).where(sql`${t.state} = 'gone'`),
  ],
)

/** One dialect's view of one installation. */
export const devices = sqliteTable(
  'devices',
  {
    /** The device's key in subscriptions: 4 bytes instead of an id of 15 characters. Never leaves the store. */
    number: integer('number').primaryKey(),
    id: text('id').notNull(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    externalId: text('external_id').notNull(),
    platform: text('platform').notNull(),
    pushTokenId: text('push_token_id'),
    userId: text('user_id'),
    userProved: integer('user_proved').notNull(),
    /** 0 if the dialect itself disabled the device. */
    enabled: integer('enabled').notNull(),
    /** When another device of the dialect took over this one's token (identity R2); null for a current device. */
    supersededAt: integer('superseded_at'),
    expiresAt: integer('expires_at'),
    name: text('name'),
    model: text('model'),
    osVersion: text('os_version'),
    appVersion: text('app_version'),
    sdkVersion: text('sdk_version'),
    language: text('language'),
    timezone: text('timezone'),
    /** The dialect's own document about the device, JSON object, as last stored. */
    details: text('details').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    /** When an import first named it; null for a device that only ever called by itself. */
    importedAt: integer('imported_at'),
    /** When an imported device first called by itself; from then on imports do not overwrite its values. */
    liveAt: integer('live_at'),
    /** The age of the last import that wrote it: its time, the row's time and the row's position, as text that sorts. */
    importKey: text('import_key'),
    /** The id of the last transaction that changed `updatedAt`; if it is sent again, the time stays. */
    updatedBy: integer('updated_by').notNull().default(0),
    /** The size of its tags, updated with every change; used for limits and reads. */
    tagCount: integer('tag_count').notNull().default(0),
    tagBytes: integer('tag_bytes').notNull().default(0),
  },
  (t) => [
    // Other tables refer to a device by its id, except subscriptions.
    uniqueIndex('devices_id').on(t.id),
    // Looked up by every call of a device.
    uniqueIndex('devices_identity').on(t.appId, t.dialect, t.externalId),
    // The devices of a token: takeovers, topics of the phone's other devices, and whether the token is still in use.
    uniqueIndex('devices_token').on(t.pushTokenId, t.dialect).where(sql`${t.pushTokenId} IS NOT NULL`),
    // Pages of devices in the admin API, and removals of a whole app.
    index('devices_newest').on(t.appId, t.createdAt, t.id),
    // Installations without a token; few rows.
    index('devices_tokenless').on(t.appId, t.createdAt, t.id).where(sql`${t.pushTokenId} IS NULL`),
    // A user's devices in all dialects, newest first: admin API, erasures, bindings.
    index('devices_by_user').on(t.appId, t.userId, t.createdAt, t.id).where(sql`${t.userId} IS NOT NULL`),
    // Lists, audiences and removals within a dialect, by id; `devices_newest` cannot restrict by dialect.
    index('devices_by_dialect').on(t.appId, t.dialect, t.id),
    // The same for one user, who may have any number of devices in other dialects.
    index('devices_by_dialect_user')
      .on(t.appId, t.dialect, t.userId, t.id)
      .where(sql`${t.userId} IS NOT NULL`),
    // A member of a dialect's own document, because lists of a dialect are filtered by it: without the index, a filter that
    // few devices match would scan all of them. The index is partial, so dialects without the member do not pay for it.
    index('devices_by_platform_name')
      .on(t.appId, t.dialect, sql`details ->> '$.platformName'`, t.id)
      .where(sql`details ->> '$.platformName' IS NOT NULL`),
    // Maintenance: expired and superseded devices. Partial, so other rows are not in it.
    index('devices_expiring').on(t.expiresAt).where(sql`${t.expiresAt} IS NOT NULL`),
    index('devices_superseded')
      .on(sql`CASE WHEN superseded_at > last_seen_at THEN superseded_at ELSE last_seen_at END`)
      .where(sql`${t.supersededAt} IS NOT NULL`),
    // Reinstallations: a user's devices similar to a new one. Only dialects that send names and models pay.
    index('devices_alike')
      .on(t.appId, t.dialect, t.userId, t.platform, t.name, t.model, t.id)
      .where(sql`enabled = 1 AND user_id IS NOT NULL AND name <> '' AND model <> ''`),
  ],
)

/**
 * A device's subscription to a topic. `id` is set in dialects whose subscriptions have ids. There are ten times as many rows
 * as devices, so the table is WITHOUT ROWID (migration `compact`, since Drizzle cannot express it): a row is stored once, in
 * the tree of its key. The cost of a new column or index counts ten times.
 */
export const subscriptions = sqliteTable(
  'subscriptions',
  {
    /** The device's number, repeated in every index. */
    device: integer('device').notNull(),
    topic: text('topic').notNull(),
    appId: text('app_id').notNull(),
    id: text('id'),
    /** 1 if the dialect subscribes every device automatically; such topics are never carried over (identity R6). */
    automatic: integer('automatic').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    // The topics of a device are adjacent.
    primaryKey({ columns: [t.device, t.topic] }),
    // The devices of a topic by number: pages, audiences, and removals of a topic.
    index('subscriptions_by_topic').on(t.appId, t.topic, t.device),
    // Partial, so dialects without ids pay nothing.
    uniqueIndex('subscriptions_id').on(t.id).where(sql`${t.id} IS NOT NULL`),
  ],
)

/** A topic that was created explicitly, in dialects with a topic catalogue. */
export const catalogue = sqliteTable(
  'catalogue',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    name: text('name').notNull(),
    id: text('id').notNull(),
    description: text('description').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** While a topic's subscriptions are being removed: the current lease, if any; `dueAt` is its end. */
    lease: text('lease'),
    dueAt: integer('due_at'),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.dialect, t.name] }),
    uniqueIndex('catalogue_oldest').on(t.appId, t.dialect, t.id),
    index('catalogue_going').on(t.dueAt).where(sql`${t.dueAt} IS NOT NULL`),
  ],
)

/** A typed attribute of a device; the value is JSON text. WITHOUT ROWID like the subscriptions. */
export const tags = sqliteTable(
  'tags',
  {
    deviceId: text('device_id').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    value: text('value').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deviceId, t.name] })],
)

/** The type of a tag name, one per dialect of an app. */
export const tagTypes = sqliteTable(
  'tag_types',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    /** `value`: from the first value. `operator`: declared. `import`: guessed, until the first live value. */
    source: text('source').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.dialect, t.name] })],
)
