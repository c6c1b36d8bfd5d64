import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Counters of a mirror by the hour (whole hours since 1970); `since` is the time of the mirror's settings. */
export const mirrorCounts = sqliteTable(
  'mirror_counts',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    since: integer('since').notNull(),
    route: text('route').notNull(),
    name: text('name').notNull(),
    hour: integer('hour').notNull(),
    amount: integer('amount').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.dialect, t.since, t.route, t.name, t.hour] }),
    // Maintenance: the oldest hours.
    index('mirror_counts_oldest').on(t.hour),
  ],
)

/** Distinct differences between a vendor's answers and ours, each counted in one row. */
export const mirrorSignatures = sqliteTable(
  'mirror_signatures',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    signature: text('signature').notNull(),
    route: text('route').notNull(),
    severity: text('severity').notNull(),
    /** JSON array of `{path, kind}`, with a reason if the difference is intended. */
    differences: text('differences').notNull(),
    /** `count`, `firstAt` and `example` refer to the time since then. */
    since: integer('since').notNull(),
    count: integer('count').notNull(),
    firstAt: integer('first_at').notNull(),
    lastAt: integer('last_at').notNull(),
    example: text('example'),
    accepted: integer('accepted').notNull().default(0),
    note: text('note'),
  },
  (t) => [primaryKey({ columns: [t.appId, t.dialect, t.signature] })],
)

/** A call with different answers, masked. */
export const mirrorDiffs = sqliteTable(
  'mirror_diffs',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    at: integer('at').notNull(),
    /** When it is deleted. */
    dropAt: integer('drop_at').notNull(),
    mode: text('mode').notNull(),
    route: text('route').notNull(),
    severity: text('severity').notNull(),
    signature: text('signature').notNull(),
    /** JSON: status and duration of both answers, and the differences. */
    detail: text('detail').notNull(),
    /** JSON: the request and both answers; null if not kept. */
    sample: text('sample'),
  },
  (t) => [
    index('mirror_diffs_newest').on(t.appId, t.dialect, t.at, t.id),
    index('mirror_diffs_by_signature').on(t.appId, t.dialect, t.signature),
    index('mirror_diffs_ending').on(t.dropAt),
  ],
)

/** Users mentioned in a difference, by keyed hashes; used for erasures. */
export const mirrorSubjects = sqliteTable(
  'mirror_subjects',
  { appId: text('app_id').notNull(), mark: text('mark').notNull(), diffId: text('diff_id').notNull() },
  (t) => [
    primaryKey({ columns: [t.appId, t.mark, t.diffId] }),
    index('mirror_subjects_by_diff').on(t.diffId),
  ],
)

/** Actions already taken once for a device or user, by a hash of its id. */
export const mirrorMarks = sqliteTable(
  'mirror_marks',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    kind: text('kind').notNull(),
    mark: text('mark').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.dialect, t.kind, t.mark] })],
)

/** Calls waiting to be copied to an app's vendor, in order per device. */
export const mirrorCopies = sqliteTable(
  'mirror_copies',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** App and dialect: the lane of a claim. */
    line: text('line').notNull(),
    /** A hash of the device. */
    device: text('device').notNull(),
    route: text('route').notNull(),
    /** The device's row id, if it existed at the time of the call; used for erasures. */
    owner: text('owner'),
    /** A hash of the call: among waiting calls, equal ones are stored once. */
    same: text('same').notNull(),
    /** 1 for a call that must not be sent twice. */
    once: integer('once').notNull(),
    /** JSON of the request, encrypted. */
    sealed: text('sealed').notNull(),
    /** The number of attempts begun. */
    tries: integer('tries').notNull(),
    createdAt: integer('created_at').notNull(),
    /** When it is due or, while leased, when the lease ends; null if it waits for an earlier one of its device. */
    dueAt: integer('due_at'),
    lease: text('lease'),
  },
  (t) => [
    index('mirror_copies_due').on(t.line, t.dueAt, t.id).where(sql`${t.dueAt} IS NOT NULL`),
    index('mirror_copies_leased').on(t.lease).where(sql`${t.lease} IS NOT NULL`),
    index('mirror_copies_by_device').on(t.device, t.id),
    index('mirror_copies_by_app').on(t.appId, t.dialect, t.id),
    index('mirror_copies_by_owner').on(t.owner).where(sql`${t.owner} IS NOT NULL`),
  ],
)

/** Users named in a waiting copy, by keyed hashes; used for erasures. */
export const mirrorCopySubjects = sqliteTable(
  'mirror_copy_subjects',
  { appId: text('app_id').notNull(), mark: text('mark').notNull(), copyId: text('copy_id').notNull() },
  (t) => [
    primaryKey({ columns: [t.appId, t.mark, t.copyId] }),
    index('mirror_copy_subjects_by_copy').on(t.copyId),
  ],
)

/**
 * Pairs of our id and the vendor's id for the same object: if the vendor could not answer in time, and, as aliases, if the
 * device now has the vendor's id.
 */
export const mirrorIds = sqliteTable(
  'mirror_ids',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** As in `mirror_copies`. */
    device: text('device').notNull(),
    ours: text('ours').notNull(),
    vendor: text('vendor').notNull(),
    /** For an alias: when it was created or last used, up to an hour behind; else null. */
    usedAt: integer('used_at'),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.dialect, t.ours] }),
    uniqueIndex('mirror_ids_by_vendor').on(t.appId, t.dialect, t.vendor),
    index('mirror_ids_by_device').on(t.device),
    index('mirror_ids_aliases').on(t.usedAt).where(sql`${t.usedAt} IS NOT NULL`),
  ],
)
