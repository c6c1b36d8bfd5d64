import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** What lets an operator in, each kept as its SHA-256: named admin tokens, sessions of the console, and links that open one. */
export const operatorKeys = sqliteTable(
  'operator_keys',
  {
    id: text('id').primaryKey(),
    /** `token`, `session` or `link`. */
    kind: text('kind').notNull(),
    hash: text('hash').notNull(),
    /** Whose it is, in the audit trail. */
    name: text('name').notNull(),
    role: text('role').notNull(),
    /** By what a session or a link was made, and with what it ends: a token's id, or a mark of the admin token. */
    parent: text('parent'),
    /** What the browser says of itself. */
    about: text('about'),
    createdAt: integer('created_at').notNull(),
    /** Null for a token. */
    expiresAt: integer('expires_at'),
    /** Up to an hour behind. */
    lastUsedAt: integer('last_used_at'),
  },
  (t) => [
    uniqueIndex('operator_keys_by_hash').on(t.hash),
    uniqueIndex('operator_keys_names').on(t.name).where(sql`${t.kind} = 'token'`),
    index('operator_keys_listed').on(t.kind, t.createdAt, t.id),
    index('operator_keys_by_parent').on(t.parent).where(sql`${t.parent} IS NOT NULL`),
    index('operator_keys_expiring').on(t.expiresAt).where(sql`${t.expiresAt} IS NOT NULL`),
  ],
)

/** How often something happened, by the hour: kept in memory first, and added here a batch at a time. */
export const activity = sqliteTable(
  'activity',
  {
    /** Empty where a refused call named no app. */
    appId: text('app_id').notNull(),
    /** Whole hours since 1970. */
    hour: integer('hour').notNull(),
    kind: text('kind').notNull(),
    /** Empty for messages to devices of all dialects. */
    dialect: text('dialect').notNull(),
    /** The platform of a registration, the code of a refusal, the push service of an attempt. */
    facet: text('facet').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.hour, t.kind, t.dialect, t.facet] }),
    index('activity_oldest').on(t.hour),
  ],
)

/** Sums of the metrics of all isolates on Workers; elsewhere they are in memory alone. */
export const tallies = sqliteTable(
  'tallies',
  {
    metric: text('metric').notNull(),
    /** JSON object of texts. */
    labels: text('labels').notNull(),
    amount: integer('amount').notNull(),
  },
  (t) => [primaryKey({ columns: [t.metric, t.labels] })],
)
