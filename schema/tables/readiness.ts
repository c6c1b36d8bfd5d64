import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Since when an app has imports in a dialect, and when the newest of their files was true: imports themselves are forgotten. */
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

/** Countings of an app's devices in a dialect, done in pieces by the ids of the devices. */
export const readinessRuns = sqliteTable(
  'readiness_runs',
  {
    number: integer('number').primaryKey({ autoIncrement: true }),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** What is asked: calls from then on, and how many days before an export a device still was in use. */
    since: integer('since').notNull(),
    activeDays: integer('active_days').notNull(),
    startedAt: integer('started_at').notNull(),
    /** The id of the last device that was counted, and how many were. */
    after: text('after').notNull(),
    walked: integer('walked').notNull(),
    /** Null while devices are left. */
    finishedAt: integer('finished_at'),
    /** JSON: what was counted; null until it is finished. */
    result: text('result'),
  },
  (t) => [
    // One at a time for each question; what is asked again joins it.
    uniqueIndex('readiness_runs_open')
      .on(t.appId, t.dialect, t.since, t.activeDays)
      .where(sql`${t.finishedAt} IS NULL`),
    index('readiness_runs_done').on(t.appId, t.dialect, t.since, t.activeDays, t.number),
    // Maintenance: what nobody asked for any more.
    index('readiness_runs_oldest').on(t.startedAt),
  ],
)

/** What a counting that is under way has counted so far: devices by a value they have and the day they were first seen. */
export const readinessCounts = sqliteTable(
  'readiness_counts',
  {
    run: integer('run').notNull(),
    /** `all`, `platform`, `appVersion`, `sdkVersion`, `country` or, of devices that were not seen, `lastSeen`. */
    kind: text('kind').notNull(),
    /** Empty for no value; `*` for what is too many to keep apart. */
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

/** What operators signed off: readiness as it was shown then, and who said so. */
export const readinessRecords = sqliteTable(
  'readiness_records',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    at: integer('at').notNull(),
    actor: text('actor').notNull(),
    note: text('note'),
    /** JSON: the whole of it. */
    document: text('document').notNull(),
    /** The SHA-256 of the document, in hexadecimal digits. */
    digest: text('digest').notNull(),
  },
  (t) => [index('readiness_records_newest').on(t.appId, t.at, t.id)],
)
