import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Bulk jobs, processed in bounded steps after their request. The id is the only credential for reading a job. */
export const jobs = sqliteTable(
  'jobs',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** `pending` until no row waits, then `completed`. */
    state: text('state').notNull(),
    total: integer('total').notNull(),
    /** The current lease, if any; `dueAt` is its end, or 0. */
    lease: text('lease'),
    /** The end of a lease for the version before, which may still run during an upgrade; always 0. */
    leasedUntil: integer('leased_until').notNull(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
    dueAt: integer('due_at').notNull().default(0),
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
    /** The external id of the row's device, or the label; used for erasures. */
    subject: text('subject').notNull().default(''),
    /** JSON of the registration; null once it is done. */
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

/**
 * Changes to all devices of a user that are not finished: done in batches, from the newest device to the oldest. The last
 * batch are the devices from `after` to before `upto`.
 */
export const userWork = sqliteTable(
  'user_work',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    userId: text('user_id').notNull(),
    /** The new user, if the devices are moved. */
    target: text('target'),
    /** JSON object: the change. */
    input: text('input').notNull(),
    cause: text('cause').notNull(),
    /** When it was requested; newer values on a device win. */
    askedAt: integer('asked_at').notNull(),
    after: text('after').notNull(),
    upto: text('upto').notNull(),
    /** When it was last worked on; used for round robin. */
    turnAt: integer('turn_at').notNull(),
    /** The current lease, if any; `dueAt` is its end, or 0. */
    lease: text('lease'),
    dueAt: integer('due_at').notNull().default(0),
  },
  (t) => [
    index('user_work_by_app').on(t.appId, t.dialect, t.askedAt, t.id),
    index('user_work_turns').on(t.turnAt, t.id),
  ],
)

/**
 * Pending removals of an app, a dialect or a user. The data is invisible as soon as this row exists, and is deleted in
 * batches; the row stays until the last one. A null column means any.
 */
export const removals = sqliteTable(
  'removals',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect'),
    userId: text('user_id'),
    /** A keyed hash of the user, for an erasure: some rows contain only the hash. */
    mark: text('mark'),
    /** 1 for an erasure, which also deletes history and token records. */
    erase: integer('erase').notNull(),
    cause: text('cause').notNull(),
    at: integer('at').notNull(),
    /** The app's newest device at that moment; newer devices stay. */
    untilAt: integer('until_at').notNull(),
    untilId: text('until_id').notNull(),
    /** The current lease, if any; `dueAt` is its end, or 0. */
    lease: text('lease'),
    dueAt: integer('due_at').notNull().default(0),
  },
  (t) => [index('removals_by_app').on(t.appId), index('removals_oldest').on(t.at, t.id)],
)

/** Devices that were bound to a removed user after the removal; they stay. */
export const removalSpares = sqliteTable(
  'removal_spares',
  { removalId: text('removal_id').notNull(), deviceId: text('device_id').notNull() },
  (t) => [primaryKey({ columns: [t.removalId, t.deviceId] })],
)

/** The devices of one removal batch; written and deleted in the same transaction. */
export const removalPicks = sqliteTable(
  'removal_picks',
  { removalId: text('removal_id').notNull(), deviceId: text('device_id').notNull() },
  (t) => [primaryKey({ columns: [t.removalId, t.deviceId] })],
)

/** Whether maintenance trusts the clock: after a jump ahead, data must not expire all at once. */
export const clocks = sqliteTable('clocks', {
  name: text('name').primaryKey(),
  trustedAt: integer('trusted_at').notNull(),
  seenAt: integer('seen_at').notNull(),
  /** Since when the clock has run without a jump. */
  steadySince: integer('steady_since').notNull(),
})

/**
 * Apps' own retention periods that are shorter than the gateway's: one row per kind of data, with the position of the
 * cleanup. A row stays when the app removes its setting, because it also records what feed readers have missed.
 */
export const sweeps = sqliteTable(
  'sweeps',
  {
    appId: text('app_id').notNull(),
    /** A member of `AppRetention`. */
    kind: text('kind').notNull(),
    /** Days of retention; null for the gateway's setting. */
    days: integer('days'),
    /** JSON: the start of the next batch; empty for the first. */
    place: text('place').notNull().default(''),
    /** The current lease, if any. */
    lease: text('lease'),
    /** When the next batch is due or, while leased, when the lease ends; null for never. */
    dueAt: integer('due_at'),
    /** For events: the id and the time of the last deleted event. */
    droppedId: integer('dropped_id').notNull().default(0),
    droppedAt: integer('dropped_at').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.kind] }),
    index('sweeps_due').on(t.dueAt, t.appId, t.kind).where(sql`${t.dueAt} IS NOT NULL`),
  ],
)
