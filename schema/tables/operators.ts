import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Access of operators, each stored as a SHA-256: named admin tokens, console sessions, and links that open a session. */
export const operatorKeys = sqliteTable(
  'operator_keys',
  {
    id: text('id').primaryKey(),
    /** `token`, `session` or `link`. */
    kind: text('kind').notNull(),
    hash: text('hash').notNull(),
    /** The owner's name in the audit trail. */
    name: text('name').notNull(),
    role: text('role').notNull(),
    /** What a session or link was created by and ends with: a token's id, or a mark of the admin token. */
    parent: text('parent'),
    /** The browser's self-description. */
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

/** Event counts by the hour, collected in memory and added here in batches. */
export const activity = sqliteTable(
  'activity',
  {
    /** Empty if a refused call named no app. */
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

/** Metric sums of all isolates on Workers; other runtimes keep them in memory. */
export const tallies = sqliteTable(
  'tallies',
  {
    metric: text('metric').notNull(),
    /** JSON object with text values. */
    labels: text('labels').notNull(),
    amount: integer('amount').notNull(),
  },
  (t) => [primaryKey({ columns: [t.metric, t.labels] })],
)
