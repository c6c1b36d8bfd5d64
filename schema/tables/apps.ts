import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** A tenant. The VAPID pair is created with the app and never changes, because browsers bind subscriptions to it. */
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

/** An app's dialect, with the dialect's own options as one JSON document. */
export const appDialects = sqliteTable(
  'app_dialects',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    identifier: text('identifier').notNull(),
    options: text('options').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.dialect] }),
    // Partial: only apps with a mirror.
    index('app_dialects_mirrored').on(t.dialect, t.appId).where(sql`options ->> '$.mirror' IS NOT NULL`),
  ],
)

/** Names by which requests identify an app: the dialect's identifier in its compared form, and aliases. */
export const identifiers = sqliteTable(
  'identifiers',
  {
    dialect: text('dialect').notNull(),
    value: text('value').notNull(),
    appId: text('app_id').notNull(),
    /** 1 for a further name, such as a host; aliases and identifiers are changed independently. */
    alias: integer('alias').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.dialect, t.value] }), index('identifiers_by_app').on(t.appId)],
)

/** Secrets of an app in a dialect: always the SHA-256, the encrypted text only if the secret must stay readable. */
export const credentials = sqliteTable(
  'credentials',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    kind: text('kind').notNull(),
    /** The public half of a pair, such as an OAuth client id; null for a secret without one. */
    name: text('name'),
    hash: text('hash').notNull(),
    sealed: text('sealed'),
    scopes: text('scopes').notNull(),
    /** Set if the secret alone identifies its app, so that no two apps have the same one. */
    lookup: text('lookup'),
    /** The last characters of a long secret, so that operators can distinguish secrets. */
    hint: text('hint'),
    /** Up to an hour, plus one maintenance interval, behind. */
    lastUsedAt: integer('last_used_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    index('credentials_by_app').on(t.appId, t.dialect),
    index('credentials_by_name').on(t.dialect, t.kind, t.name).where(sql`${t.name} IS NOT NULL`),
    index('credentials_by_hash').on(t.dialect, t.kind, t.hash),
    uniqueIndex('credentials_lookup').on(t.dialect, t.lookup).where(sql`${t.lookup} IS NOT NULL`),
  ],
)

/** An encrypted settings document of a dialect for an app. */
export const documents = sqliteTable(
  'documents',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    kind: text('kind').notNull(),
    sealed: text('sealed').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** 0: stored before settings became push credentials, and not checked since. */
    offered: integer('offered').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.dialect, t.kind] }),
    index('documents_to_offer').on(t.kind).where(sql`${t.offered} = 0`),
  ],
)

/**
 * Counters updated with every change, so that reading them has constant cost; see `statements/counters.ts`. WITHOUT ROWID
 * like the subscriptions: a registration updates a dozen of them.
 */
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
    // Maintenance: counters at 0. Partial, so other rows pay nothing.
    index('counters_spent').on(t.appId, t.kind, t.name).where(sql`${t.amount} = 0`),
  ],
)

/** The audit trail of the administration. */
export const audit = sqliteTable(
  'audit',
  {
    id: text('id').primaryKey(),
    at: integer('at').notNull(),
    /** The admin token's name. */
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    appId: text('app_id'),
    /** The id of what was changed, null for the app as a whole; never a plain user id. */
    target: text('target'),
    /** JSON object. */
    detail: text('detail').notNull(),
    /** The request id. */
    cause: text('cause').notNull(),
  },
  (t) => [index('audit_newest').on(t.at, t.id), index('audit_by_app').on(t.appId, t.at, t.id)],
)
