import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Imports of files, processed in steps after their upload; where one stands is written with the rows of each step. */
export const imports = sqliteTable(
  'imports',
  {
    /** What its rows and marks call it; of one that is forgotten no other gets it. */
    number: integer('number').primaryKey({ autoIncrement: true }),
    id: text('id').notNull(),
    appId: text('app_id').notNull(),
    /** Empty where each row says its own. */
    dialect: text('dialect').notNull(),
    format: text('format').notNull(),
    dryRun: integer('dry_run').notNull(),
    /** JSON object: the parameters of the upload. */
    options: text('options').notNull(),
    /** `queued`, `running`, `completed`, `failed` or `cancelled`. */
    state: text('state').notNull(),
    bytes: integer('bytes').notNull(),
    /** When the file was true; null if nobody said so. */
    exportedAt: integer('exported_at'),
    /** The checkpoint: records that were read and those that are settled, and where the next one begins. */
    rowsRead: integer('rows_read').notNull(),
    rowsDone: integer('rows_done').notNull(),
    rowsTotal: integer('rows_total'),
    /** JSON: where the reader goes on. */
    place: text('place').notNull(),
    /** JSON object `{code, message}`. */
    error: text('error'),
    createdAt: integer('created_at').notNull(),
    startedAt: integer('started_at'),
    finishedAt: integer('finished_at'),
    idempotencyKey: text('idempotency_key'),
    /** Until then, a repetition of the key is the same import. */
    idempotencyUntil: integer('idempotency_until').notNull(),
    /** Of a dry run that has ended: 1 while what it would have made is still there. */
    shadow: integer('shadow').notNull(),
    /** The current lease, if any; `dueAt` is its end or, without one, when it was last worked on. */
    lease: text('lease'),
    dueAt: integer('due_at').notNull(),
  },
  (t) => [
    uniqueIndex('imports_id').on(t.id),
    uniqueIndex('imports_key').on(t.appId, t.idempotencyKey).where(sql`${t.idempotencyKey} IS NOT NULL`),
    index('imports_newest').on(t.appId, t.createdAt, t.id),
    index('imports_waiting').on(t.dueAt, t.number).where(sql`${t.finishedAt} IS NULL`),
    index('imports_finished').on(t.finishedAt).where(sql`${t.finishedAt} IS NOT NULL`),
  ],
)

/** How many rows of an import had which outcome, reason or warning. */
export const importCounts = sqliteTable(
  'import_counts',
  {
    number: integer('number').notNull(),
    /** `outcome`, `reason` or `warning`. */
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    amount: integer('amount').notNull(),
  },
  (t) => [primaryKey({ columns: [t.number, t.kind, t.name] })],
)

/** The rows of an import that were refused, skipped or taken with warnings; of all others nothing is kept. */
export const importErrors = sqliteTable(
  'import_errors',
  {
    number: integer('number').notNull(),
    position: integer('position').notNull(),
    outcome: text('outcome').notNull(),
    reason: text('reason'),
    /** Warnings with a comma before each: those of the row itself, then those that what was there added. */
    warnings: text('warnings').notNull(),
    /** JSON object: where it stood and what it named, tokens masked. */
    shown: text('shown').notNull(),
    /** The user whom the row names; used for erasures. */
    userId: text('user_id'),
  },
  (t) => [
    primaryKey({ columns: [t.number, t.position] }),
    index('import_errors_by_user').on(t.userId, t.number).where(sql`${t.userId} IS NOT NULL`),
  ],
)

/** The rows of one step, with what the store found for each of them; written and deleted in the same transaction. */
export const importRows = sqliteTable(
  'import_rows',
  {
    number: integer('number').notNull(),
    position: integer('position').notNull(),
    /** Rows that share an id or a token are worked on one round after the other. */
    round: integer('round').notNull(),
    dialect: text('dialect').notNull(),
    externalId: text('external_id').notNull(),
    /** The device's row id: of the one that is there, or of the one to be made. */
    deviceId: text('device_id').notNull(),
    /** Its number; null until it is made. */
    device: integer('device'),
    platform: text('platform').notNull(),
    provider: text('provider'),
    digest: blob('digest'),
    tokenId: text('token_id'),
    /** The token as sent. */
    token: text('token'),
    environment: text('environment').notNull(),
    keys: text('keys'),
    userId: text('user_id'),
    userProved: integer('user_proved').notNull(),
    /** Null where the row says nothing. */
    enabled: integer('enabled'),
    expiresAt: integer('expires_at'),
    supersededAt: integer('superseded_at'),
    name: text('name'),
    model: text('model'),
    osVersion: text('os_version'),
    appVersion: text('app_version'),
    sdkVersion: text('sdk_version'),
    language: text('language'),
    timezone: text('timezone'),
    details: text('details'),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    asOf: integer('as_of'),
    orderKey: text('order_key').notNull(),
    mark: blob('mark').notNull(),
    /** JSON: `[{t, i, a}]` and `[{name, as}]`. */
    topics: text('topics').notNull(),
    tags: text('tags').notNull(),
    /** 1 where the device's topics have ids. */
    ids: integer('ids').notNull(),
    /** JSON text of the row for the list of errors. */
    shown: text('shown').notNull(),
    warnings: text('warnings').notNull(),
    outcome: text('outcome').notNull(),
    reason: text('reason'),
    /** Whether the device was ever live, and whether the row's values win over those that are there. */
    live: integer('live').notNull(),
    wins: integer('wins').notNull(),
    /** Whether the token goes to the device, from whom, and which one that leaves for it. */
    takes: integer('takes').notNull(),
    holder: integer('holder'),
    leftId: text('left_id'),
    /** 1 where a placeholder gets its id. */
    adopted: integer('adopted').notNull(),
    /** 1 where a dead token lives again. */
    revives: integer('revives').notNull(),
  },
  (t) => [primaryKey({ columns: [t.number, t.position] })],
)

/**
 * The rows that imports have taken, by their hash: the same row again changes nothing. WITHOUT ROWID, as the subscriptions
 * are: there are as many as imported devices.
 */
export const importMarks = sqliteTable(
  'import_marks',
  {
    appId: text('app_id').notNull(),
    /** The first 128 bits of the SHA-256 of the row after all cleaning. */
    mark: blob('mark').notNull(),
    /** The device's number. */
    device: integer('device').notNull(),
    /** The import's number. */
    number: integer('number').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.mark] }),
    // With their device they go.
    index('import_marks_by_device').on(t.device),
  ],
)

/** Files of imports in pieces, where the runtime has no better place; base64. */
export const importChunks = sqliteTable(
  'import_chunks',
  { id: text('id').notNull(), place: integer('place').notNull(), bytes: text('bytes').notNull() },
  (t) => [primaryKey({ columns: [t.id, t.place] })],
)

/** Keyed hashes of erased users and of the ids and tokens that went with them: an older import does not bring them back. */
export const erasures = sqliteTable(
  'erasures',
  { appId: text('app_id').notNull(), mark: text('mark').notNull(), at: integer('at').notNull() },
  (t) => [primaryKey({ columns: [t.appId, t.mark] }), index('erasures_oldest').on(t.at)],
)
