/**
 * The one schema of both runtimes (SQLite on Node, D1 on Workers). Ids are text made by the gateway, times are epoch
 * milliseconds, lists and documents are JSON text, names compare byte for byte: a PostgreSQL twin needs no other rules.
 */
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** One tenant. The VAPID pair is made with the app and never changes, since browsers bind subscriptions to it. */
export const apps = sqliteTable(
  'apps',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    settings: text('settings').notNull(),
    vapidPublic: text('vapid_public').notNull(),
    vapidPrivate: text('vapid_private').notNull(),
    vapidSubject: text('vapid_subject').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('apps_newest').on(t.createdAt, t.id)],
)

/** A dialect that an app speaks, with the dialect's own options as one JSON document. */
export const appDialects = sqliteTable(
  'app_dialects',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    identifier: text('identifier').notNull(),
    options: text('options').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.dialect] })],
)

/** What a request may name an app by: the dialect's identifier in its compared form, and any aliases. */
export const identifiers = sqliteTable(
  'identifiers',
  {
    dialect: text('dialect').notNull(),
    value: text('value').notNull(),
    appId: text('app_id').notNull(),
    /** 1 for a further name, such as a host: it stays when the identifier changes, and the other way round. */
    alias: integer('alias').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.dialect, t.value] }), index('identifiers_by_app').on(t.appId)],
)

/** Secrets of an app in a dialect: SHA-256 always, sealed text only where the secret must stay readable. */
export const credentials = sqliteTable(
  'credentials',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    kind: text('kind').notNull(),
    /** The public half of a pair, such as an OAuth client id; null where the secret stands alone. */
    name: text('name'),
    hash: text('hash').notNull(),
    sealed: text('sealed'),
    scopes: text('scopes').notNull(),
    /** Set where the secret alone finds its app, so that two apps cannot hold the same one. */
    lookup: text('lookup'),
    /** The last characters of a long secret, by which an operator tells one from another. */
    hint: text('hint'),
    /** At most an hour behind, and a run of the maintenance. */
    lastUsedAt: integer('last_used_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    index('credentials_by_app').on(t.appId, t.dialect),
    index('credentials_by_name').on(t.dialect, t.kind, t.name).where(sql`${t.name} IS NOT NULL`),
    uniqueIndex('credentials_lookup').on(t.dialect, t.lookup).where(sql`${t.lookup} IS NOT NULL`),
  ],
)

/** Where a push service reaches a phone or browser. `gone`: nothing points at it, the token text is erased. */
export const pushTokens = sqliteTable(
  'push_tokens',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    provider: text('provider').notNull(),
    /** SHA-256 of the token in the form in which tokens are compared (identity R18), hexadecimal. */
    hash: text('hash').notNull(),
    /** The token as it was sent last; empty when gone. */
    token: text('token').notNull(),
    environment: text('environment').notNull(),
    /** Web push keys as JSON `{p256dh, auth}`, or null. */
    keys: text('keys'),
    state: text('state').notNull(),
    stateReason: text('state_reason'),
    stateAt: integer('state_at').notNull(),
    /** JSON array of the dialects that ever had a device here: topics are carried over once (identity R6). */
    dialects: text('dialects').notNull(),
    createdAt: integer('created_at').notNull(),
    /** The last registration that named the token, at most an hour behind (identity R11). */
    registeredAt: integer('registered_at').notNull(),
    /** When a message to it last arrived, as far as anybody told. */
    deliveredAt: integer('delivered_at'),
  },
  (t) => [
    uniqueIndex('push_tokens_identity').on(t.appId, t.provider, t.hash),
    index('push_tokens_newest').on(t.appId, t.createdAt, t.id),
    index('push_tokens_gone').on(t.stateAt).where(sql`${t.state} = 'gone'`),
  ],
)

/** One dialect's view of one installation. */
export const devices = sqliteTable(
  'devices',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    externalId: text('external_id').notNull(),
    platform: text('platform').notNull(),
    pushTokenId: text('push_token_id'),
    userId: text('user_id'),
    userProved: integer('user_proved').notNull(),
    /** 0 where the dialect itself has put the device out of use. */
    enabled: integer('enabled').notNull(),
    /** When another device of the dialect took this one's token (identity R2); null while it is current. */
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
    /** Which plan moved `updatedAt` last: sent a second time, it does not move it again. */
    updatedBy: integer('updated_by').notNull().default(0),
    /** What its tags take, counted again by each change of them: the limits and the readers go by it. */
    tagCount: integer('tag_count').notNull().default(0),
    tagBytes: integer('tag_bytes').notNull().default(0),
  },
  (t) => [
    uniqueIndex('devices_identity').on(t.appId, t.dialect, t.externalId),
    uniqueIndex('devices_token').on(t.pushTokenId, t.dialect).where(sql`${t.pushTokenId} IS NOT NULL`),
    index('devices_newest').on(t.appId, t.createdAt, t.id),
    index('devices_tokenless').on(t.appId, t.createdAt, t.id).where(sql`${t.pushTokenId} IS NULL`),
    index('devices_by_user').on(t.appId, t.userId, t.createdAt, t.id).where(sql`${t.userId} IS NOT NULL`),
    index('devices_by_dialect').on(t.appId, t.dialect, t.id),
    index('devices_by_dialect_user')
      .on(t.appId, t.dialect, t.userId, t.id)
      .where(sql`${t.userId} IS NOT NULL`),
    index('devices_by_platform_name')
      .on(t.appId, t.dialect, sql`details ->> '$.platformName'`, t.id)
      .where(sql`details ->> '$.platformName' IS NOT NULL`),
    index('devices_expiring').on(t.expiresAt).where(sql`${t.expiresAt} IS NOT NULL`),
    index('devices_superseded')
      .on(sql`CASE WHEN superseded_at > last_seen_at THEN superseded_at ELSE last_seen_at END`)
      .where(sql`${t.supersededAt} IS NOT NULL`),
    index('devices_alike')
      .on(t.appId, t.dialect, t.userId, t.platform, t.name, t.model, t.id)
      .where(sql`enabled = 1 AND user_id IS NOT NULL AND name <> '' AND model <> ''`),
  ],
)

/** Numbers kept with every change, so that they cost the same to read at any size: see `statements/counters.ts`. */
export const counters = sqliteTable(
  'counters',
  {
    appId: text('app_id').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    amount: integer('amount').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.kind, t.name] }),
    index('counters_spent').on(t.appId, t.kind, t.name).where(sql`${t.amount} = 0`),
  ],
)

/** How far the maintenance trusts its clock: a jump ahead must not make everything old at once. */
export const clocks = sqliteTable('clocks', {
  name: text('name').primaryKey(),
  trustedAt: integer('trusted_at').notNull(),
  seenAt: integer('seen_at').notNull(),
  /** Since when the clock has gone on without a jump. */
  steadySince: integer('steady_since').notNull(),
})

/** A device's subscription to a topic. `id` is set for dialects that hand subscriptions out by id. */
export const subscriptions = sqliteTable(
  'subscriptions',
  {
    deviceId: text('device_id').notNull(),
    topic: text('topic').notNull(),
    appId: text('app_id').notNull(),
    id: text('id'),
    /** 1 where the dialect subscribes every device by itself: such a topic is never carried over (identity R6). */
    automatic: integer('automatic').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.deviceId, t.topic] }),
    index('subscriptions_by_topic').on(t.appId, t.topic, t.deviceId),
    uniqueIndex('subscriptions_id').on(t.id).where(sql`${t.id} IS NOT NULL`),
  ],
)

/** A typed attribute of a device; the value is JSON text. */
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

/** The one type that a tag's name has in a dialect of an app. */
export const tagTypes = sqliteTable(
  'tag_types',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    /** `value`: the first one fixed it. `operator`: declared. `import`: guessed, until a live value comes. */
    source: text('source').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.dialect, t.name] })],
)

/**
 * What was asked for a user and is still to be done on some of the devices: piece by piece, from the newest device to
 * the oldest. The devices from `after` to before `upto` are the last piece.
 */
export const userWork = sqliteTable(
  'user_work',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    userId: text('user_id').notNull(),
    /** Who gets the devices, where they are moved. */
    target: text('target'),
    /** JSON object: what is to be done. */
    input: text('input').notNull(),
    cause: text('cause').notNull(),
    /** When it was asked for: what is newer wins. */
    askedAt: integer('asked_at').notNull(),
    after: text('after').notNull(),
    upto: text('upto').notNull(),
    /** When it was worked on last: each in its turn. */
    turnAt: integer('turn_at').notNull(),
  },
  (t) => [
    index('user_work_by_app').on(t.appId, t.dialect, t.askedAt, t.id),
    index('user_work_turns').on(t.turnAt, t.id),
  ],
)

/** What a client reported about a message it received: one row per device, message and kind, counted. */
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
    index('receipts_by_message').on(t.appId, t.messageId, t.deviceId, t.kind),
    index('receipts_oldest').on(t.lastAt),
    // Whoever is erased goes from the reports of the devices they left, too.
    index('receipts_by_user')
      .on(t.appId, sql`details ->> '$.userId'`)
      .where(sql`details ->> '$.userId' IS NOT NULL`),
  ],
)

/** Work that is done in bounded steps after its request was answered. The id is all that a client knows of it. */
export const jobs = sqliteTable(
  'jobs',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** `pending` until no row waits, then `completed`. */
    state: text('state').notNull(),
    total: integer('total').notNull(),
    /** Who works on it, and how long nobody else may. */
    lease: text('lease'),
    leasedUntil: integer('leased_until').notNull(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [
    index('jobs_by_app').on(t.appId, t.dialect),
    index('jobs_waiting').on(t.createdAt, t.id).where(sql`${t.state} = 'pending'`),
    index('jobs_leased').on(t.lease).where(sql`${t.lease} IS NOT NULL`),
    index('jobs_finished').on(t.finishedAt).where(sql`${t.finishedAt} IS NOT NULL`),
  ],
)

/** One row of a job, in the order of the request. */
export const jobItems = sqliteTable(
  'job_items',
  {
    jobId: text('job_id').notNull(),
    position: integer('position').notNull(),
    label: text('label').notNull(),
    /** The external id of the device that it is about, or the label: whoever is erased goes from here, too. */
    subject: text('subject').notNull().default(''),
    /** JSON of what is to be done; null once it is. */
    input: text('input'),
    state: text('state').notNull(),
    reason: text('reason'),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.position] }),
    index('job_items_waiting').on(t.jobId, t.position).where(sql`${t.state} = 'pending'`),
    index('job_items_by_subject').on(t.subject),
    index('job_items_by_user')
      .on(sql`input ->> '$.patch.user.id'`)
      .where(sql`input ->> '$.patch.user.id' IS NOT NULL`),
  ],
)

/** The append-only history of devices and push tokens, each change with its cause. */
export const events = sqliteTable(
  'events',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    appId: text('app_id').notNull(),
    deviceId: text('device_id').notNull(),
    kind: text('kind').notNull(),
    /** The request that caused it. */
    cause: text('cause').notNull(),
    /** JSON object: what it was before, so that the change can be undone. */
    detail: text('detail').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [
    index('events_by_device').on(t.appId, t.deviceId),
    // Whoever is erased goes from the history of the devices they left, too.
    index('events_by_user')
      .on(t.appId, sql`detail ->> '$.userId'`)
      .where(sql`detail ->> '$.userId' IS NOT NULL`),
    // And from that of the devices whose place theirs took.
    index('events_by_rival').on(t.appId, sql`detail ->> '$.by'`).where(sql`detail ->> '$.by' IS NOT NULL`),
  ],
)

/** A topic that exists by itself, in dialects that keep a catalogue of what may be subscribed to. */
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
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.dialect, t.name] }),
    uniqueIndex('catalogue_oldest').on(t.appId, t.dialect, t.id),
  ],
)

/** A document of settings that a dialect keeps for an app, sealed. */
export const documents = sqliteTable(
  'documents',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    kind: text('kind').notNull(),
    sealed: text('sealed').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.dialect, t.kind] })],
)

/**
 * Whom an app's back end wants told, in one dialect, of what happens. `events` is a JSON array of event kinds. Each is a
 * lane of its own with a circuit: the last four columns say how its receiver does.
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
    /** The secret that signs its calls, sealed; NULL until it is first needed. */
    sealed: text('sealed'),
    /** Calls that failed at their first attempt, and failed probes, since the last one that arrived. */
    failures: integer('failures').notNull().default(0),
    /** The circuit: until when nothing is sent. */
    restingUntil: integer('resting_until').notNull().default(0),
    /** Failed probes since it was made: each counts as an attempt of everything that waited meanwhile. */
    rounds: integer('rounds').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.appId, t.dialect, t.name] }), uniqueIndex('webhooks_by_id').on(t.id)],
)

/** Calls of webhooks that are still to be made: written with the change that they tell of, deleted once they arrived. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    webhook: text('webhook').notNull(),
    kind: text('kind').notNull(),
    /** JSON object: what happened to what. */
    event: text('event').notNull(),
    /** Failed attempts of this call alone; the webhook's rounds since `round` come on top. */
    attempts: integer('attempts').notNull(),
    /** When it is to be tried, or until when it is taken. */
    dueAt: integer('due_at').notNull(),
    createdAt: integer('created_at').notNull(),
    webhookId: text('webhook_id').notNull().default(''),
    round: integer('round').notNull().default(0),
    /** 1 while somebody makes the call. */
    taken: integer('taken').notNull().default(0),
  },
  (t) => [
    index('outbox_lane').on(t.webhookId, t.taken, t.dueAt),
    index('outbox_by_webhook').on(t.appId, t.dialect, t.webhook),
    index('outbox_by_user')
      .on(t.appId, sql`event ->> '$.device.userId'`)
      .where(sql`event ->> '$.device.userId' IS NOT NULL`),
    index('outbox_by_device').on(t.appId, sql`event ->> '$.device.id'`),
  ],
)

/** The pairs that sign an app's access tokens in a dialect: the newest signs, all of them verify until they expire. */
export const signingKeys = sqliteTable(
  'signing_keys',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** JWK, JSON. */
    publicKey: text('public_key').notNull(),
    /** JWK, JSON, sealed. */
    sealed: text('sealed').notNull(),
    createdAt: integer('created_at').notNull(),
    /** Until when it signs. */
    signsUntil: integer('signs_until').notNull(),
    /** Until when it verifies. */
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('signing_keys_by_app').on(t.appId, t.dialect, t.signsUntil)],
)

/** A client that registered itself with a key of its own, such as one installation of an app. */
export const clients = sqliteTable(
  'clients',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** The key that its assertions are verified with, JSON, sealed. */
    sealed: text('sealed').notNull(),
    /** What it said about itself, JSON object. */
    about: text('about').notNull(),
    /** The external id of the device that it speaks for: whoever is erased goes from here, too. */
    externalId: text('external_id'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    index('clients_by_app').on(t.appId, t.dialect),
    index('clients_by_device').on(t.appId, t.dialect, t.externalId).where(sql`${t.externalId} IS NOT NULL`),
    index('clients_oldest').on(t.updatedAt),
  ],
)

/** An authorization code: redeemed by deleting it. `id` is the code's SHA-256. */
export const grants = sqliteTable(
  'grants',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    clientId: text('client_id').notNull(),
    /** What was granted and under which conditions, JSON object. */
    detail: text('detail').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('grants_expiring').on(t.expiresAt), index('grants_by_app').on(t.appId, t.dialect)],
)

/**
 * An app, a dialect or a user that was removed, until the last of its rows is gone: they go in pieces, and are out of
 * everybody's sight from the moment this row is here. A null column means any.
 */
export const removals = sqliteTable(
  'removals',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect'),
    userId: text('user_id'),
    /** 1: without a trace, history and the memory of tokens included. */
    erase: integer('erase').notNull(),
    cause: text('cause').notNull(),
    at: integer('at').notNull(),
    /** The newest device of the app at that moment: those behind it came later and stay. */
    untilAt: integer('until_at').notNull(),
    untilId: text('until_id').notNull(),
  },
  (t) => [index('removals_by_app').on(t.appId), index('removals_oldest').on(t.at, t.id)],
)

/** Devices that became a removed user's after the removal: they are not meant. */
export const removalSpares = sqliteTable(
  'removal_spares',
  { removalId: text('removal_id').notNull(), deviceId: text('device_id').notNull() },
  (t) => [primaryKey({ columns: [t.removalId, t.deviceId] })],
)

/** The devices of one piece of a removal: written and deleted by the same plan. */
export const removalPicks = sqliteTable(
  'removal_picks',
  { removalId: text('removal_id').notNull(), deviceId: text('device_id').notNull() },
  (t) => [primaryKey({ columns: [t.removalId, t.deviceId] })],
)

/** Who changed what by the administration, and when. */
export const audit = sqliteTable(
  'audit',
  {
    id: text('id').primaryKey(),
    at: integer('at').notNull(),
    /** The name of the token that it was done with. */
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    appId: text('app_id'),
    /** What was changed, where it is no app: an id, never a person's. */
    target: text('target'),
    /** JSON object. */
    detail: text('detail').notNull(),
    /** The request. */
    cause: text('cause').notNull(),
  },
  (t) => [index('audit_newest').on(t.at, t.id), index('audit_by_app').on(t.appId, t.at, t.id)],
)
