import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Imports of files, processed in steps after the upload; the position is stored in the transaction of each step. */
export const imports = sqliteTable(
  'imports',
  {
    /** The key used by its rows and marks; never reused. */
    number: integer('number').primaryKey({ autoIncrement: true }),
    id: text('id').notNull(),
    appId: text('app_id').notNull(),
    /** Empty if each row names its dialect. */
    dialect: text('dialect').notNull(),
    format: text('format').notNull(),
    dryRun: integer('dry_run').notNull(),
    /** JSON object: parameters of the upload. */
    options: text('options').notNull(),
    /** `queued`, `running`, `completed`, `failed` or `cancelled`. */
    state: text('state').notNull(),
    bytes: integer('bytes').notNull(),
    /** When the file was exported; null if unknown. */
    exportedAt: integer('exported_at'),
    /** The checkpoint: records read, records settled, and the position of the next one. */
    rowsRead: integer('rows_read').notNull(),
    rowsDone: integer('rows_done').notNull(),
    rowsTotal: integer('rows_total'),
    /** JSON: the reader's position. */
    place: text('place').notNull(),
    /** JSON object `{code, message}`. */
    error: text('error'),
    createdAt: integer('created_at').notNull(),
    startedAt: integer('started_at'),
    finishedAt: integer('finished_at'),
    idempotencyKey: text('idempotency_key'),
    /** Until then, repeated requests with the key return this import. */
    idempotencyUntil: integer('idempotency_until').notNull(),
    /** 1 for a finished dry run whose shadow rows are not yet deleted. */
    shadow: integer('shadow').notNull(),
    /** The current lease, if any; `dueAt` is its end or, without a lease, the time of the last step. */
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

/** The number of an import's rows per outcome, reason and warning. */
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

/** Rows of an import that were rejected, skipped or imported with warnings; other rows are not kept. */
export const importErrors = sqliteTable(
  'import_errors',
  {
    number: integer('number').notNull(),
    position: integer('position').notNull(),
    outcome: text('outcome').notNull(),
    reason: text('reason'),
    /** Warnings, each preceded by a comma: those of the row, then those of its comparison with stored data. */
    warnings: text('warnings').notNull(),
    /** JSON object: the row's position and what it names, with masked tokens. */
    shown: text('shown').notNull(),
    /** The user that the row names; used for erasures. */
    userId: text('user_id'),
  },
  (t) => [
    primaryKey({ columns: [t.number, t.position] }),
    index('import_errors_by_user').on(t.userId, t.number).where(sql`${t.userId} IS NOT NULL`),
  ],
)

/** The rows of one step with the stored data found for each; written and deleted in the same transaction. */
export const importRows = sqliteTable(
  'import_rows',
  {
    number: integer('number').notNull(),
    position: integer('position').notNull(),
    /** Rows that share an id or a token are in different rounds. */
    round: integer('round').notNull(),
    dialect: text('dialect').notNull(),
    externalId: text('external_id').notNull(),
    /** The row id of the existing device, or for the new one. */
    deviceId: text('device_id').notNull(),
    /** The device's number; null until it is created. */
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
    /** Null if the row does not set it. */
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
    /** 1 if the device's topics have ids. */
    ids: integer('ids').notNull(),
    /** JSON text of the row for the list of errors. */
    shown: text('shown').notNull(),
    warnings: text('warnings').notNull(),
    outcome: text('outcome').notNull(),
    reason: text('reason'),
    /** `live`: the device has called by itself. `wins`: the row's values replace the stored ones. */
    live: integer('live').notNull(),
    wins: integer('wins').notNull(),
    /** `takes`: the token moves to the device, away from `holder`; the columns after these say which token it leaves. */
    takes: integer('takes').notNull(),
    holder: integer('holder'),
    leftId: text('left_id'),
    /** 1 if the row gives a placeholder device its id. */
    adopted: integer('adopted').notNull(),
    /** 1 if the row revives a dead token. */
    revives: integer('revives').notNull(),
  },
  (t) => [primaryKey({ columns: [t.number, t.position] })],
)

/**
 * Hashes of imported rows, by which unchanged rows are recognized in later imports. WITHOUT ROWID like the subscriptions:
 * there is one per imported device.
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
    // Deletes marks with their device.
    index('import_marks_by_device').on(t.device),
  ],
)

/** Files of imports in base64 chunks, for runtimes without other storage. */
export const importChunks = sqliteTable(
  'import_chunks',
  { id: text('id').notNull(), place: integer('place').notNull(), bytes: text('bytes').notNull() },
  (t) => [primaryKey({ columns: [t.id, t.place] })],
)

/** Keyed hashes of erased users and of their ids and tokens; older imports do not restore them. */
export const erasures = sqliteTable(
  'erasures',
  { appId: text('app_id').notNull(), mark: text('mark').notNull(), at: integer('at').notNull() },
  (t) => [primaryKey({ columns: [t.appId, t.mark] }), index('erasures_oldest').on(t.at)],
)
