import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** When an app's first import in a dialect began, and the newest export time: imports themselves are deleted. */
export const readinessStarts = sqliteTable(
  'readiness_starts',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    importedAt: integer('imported_at').notNull(),
    exportedAt: integer('exported_at'),
  },
  (t) => [primaryKey({ columns: [t.appId, t.dialect] })],
)

/** Counts of an app's devices in a dialect, made in batches by device id. */
export const readinessRuns = sqliteTable(
  'readiness_runs',
  {
    number: integer('number').primaryKey({ autoIncrement: true }),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** The query: calls since then, and how many days before the export a device must have been active. */
    since: integer('since').notNull(),
    activeDays: integer('active_days').notNull(),
    startedAt: integer('started_at').notNull(),
    /** The id of the last device counted, and the number of devices counted. */
    after: text('after').notNull(),
    walked: integer('walked').notNull(),
    /** Null until all devices are counted. */
    finishedAt: integer('finished_at'),
    /** JSON: the result; null until it is finished. */
    result: text('result'),
  },
  (t) => [
    // One running count per query; the same query joins it.
    uniqueIndex('readiness_runs_open')
      .on(t.appId, t.dialect, t.since, t.activeDays)
      .where(sql`${t.finishedAt} IS NULL`),
    index('readiness_runs_done').on(t.appId, t.dialect, t.since, t.activeDays, t.number),
    // Maintenance: old counts.
    index('readiness_runs_oldest').on(t.startedAt),
  ],
)

/** Intermediate sums of a running count: devices by value and day first seen. */
export const readinessCounts = sqliteTable(
  'readiness_counts',
  {
    run: integer('run').notNull(),
    /** `all`, `platform`, `appVersion`, `sdkVersion`, `country` or, for unseen devices, `lastSeen`. */
    kind: text('kind').notNull(),
    /** Empty for no value; `*` sums values beyond the limit. */
    name: text('name').notNull(),
    /** Days since 1970; -1 for none. */
    day: integer('day').notNull(),
    imported: integer('imported').notNull(),
    seen: integer('seen').notNull(),
    liveOnly: integer('live_only').notNull(),
    active: integer('active').notNull(),
    activeSeen: integer('active_seen').notNull(),
    dead: integer('dead').notNull(),
    placeholders: integer('placeholders').notNull(),
    reachable: integer('reachable').notNull(),
    early: integer('early').notNull(),
  },
  (t) => [primaryKey({ columns: [t.run, t.kind, t.name, t.day] })],
)

/** Reports that operators signed off, as they were shown, with the operator's name. */
export const readinessRecords = sqliteTable(
  'readiness_records',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
    note: text('note'),
    /** JSON: the whole report. */
    document: text('document').notNull(),
    /** The SHA-256 of the document, in hexadecimal digits. */
    digest: text('digest').notNull(),
  },
  (t) => [index('readiness_records_newest').on(t.appId, t.at, t.id)],
)
