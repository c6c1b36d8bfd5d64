import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** What was counted of a mirror, by the hour (whole hours since 1970); `since` is the mirror's own. */
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
    // Maintenance: the oldest.
    index('mirror_counts_oldest').on(t.hour),
  ],
)

/** Equal differences between a vendor's answers and ours: one row, however often. */
export const mirrorSignatures = sqliteTable(
  'mirror_signatures',
  {
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    signature: text('signature').notNull(),
    route: text('route').notNull(),
    severity: text('severity').notNull(),
    /** JSON array of `{path, kind}`, with a reason where a difference is on purpose. */
    differences: text('differences').notNull(),
    /** `count`, `firstAt` and `example` are those since then. */
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

/** A call on which both sides differed, masked. */
export const mirrorDiffs = sqliteTable(
  'mirror_diffs',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    at: integer('at').notNull(),
    /** When it is dropped. */
    dropAt: integer('drop_at').notNull(),
    mode: text('mode').notNull(),
    route: text('route').notNull(),
    severity: text('severity').notNull(),
    signature: text('signature').notNull(),
    /** JSON: status and time of both, and the differences. */
    detail: text('detail').notNull(),
    /** JSON: request and both answers; null where it is not kept. */
    sample: text('sample'),
  },
  (t) => [
    index('mirror_diffs_newest').on(t.appId, t.dialect, t.at, t.id),
    index('mirror_diffs_by_signature').on(t.appId, t.dialect, t.signature),
    index('mirror_diffs_ending').on(t.dropAt),
  ],
)

/** Whom a difference mentions, by a keyed hash: an erasure takes those of its user. */
export const mirrorSubjects = sqliteTable(
  'mirror_subjects',
  { appId: text('app_id').notNull(), mark: text('mark').notNull(), diffId: text('diff_id').notNull() },
  (t) => [
    primaryKey({ columns: [t.appId, t.mark, t.diffId] }),
    index('mirror_subjects_by_diff').on(t.diffId),
  ],
)

/** What is done once for a device: it is named by a hash of its id. */
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

/** Calls that wait to be copied to an app's vendor, in their order for each device. */
export const mirrorCopies = sqliteTable(
  'mirror_copies',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** The app and the dialect as one: the lane of a claim. */
    line: text('line').notNull(),
    /** A hash of the device. */
    device: text('device').notNull(),
    route: text('route').notNull(),
    /** The id of the device's row, if it had one when the call was done: an erasure takes what waits of its devices. */
    owner: text('owner'),
    /** A hash of the call: equal ones that wait are one. */
    same: text('same').notNull(),
    /** 1 for a call that must not arrive twice. */
    once: integer('once').notNull(),
    /** JSON of the request, encrypted. */
    sealed: text('sealed').notNull(),
    /** How often it was begun. */
    tries: integer('tries').notNull(),
    createdAt: integer('created_at').notNull(),
    /** When it is due or, while it is leased, when the lease ends; null behind another one of its device. */
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

/** Users whom a waiting copy names, by keyed hashes: an erasure takes those of its user. */
export const mirrorCopySubjects = sqliteTable(
  'mirror_copy_subjects',
  { appId: text('app_id').notNull(), mark: text('mark').notNull(), copyId: text('copy_id').notNull() },
  (t) => [
    primaryKey({ columns: [t.appId, t.mark, t.copyId] }),
    index('mirror_copy_subjects_by_copy').on(t.copyId),
  ],
)

/**
 * Ids that we gave out, and the vendor's own for the same: where it could not be asked in time and, as an alias, where the device
 * has the vendor's by now.
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
    /** Of an alias: when it was made or last called by, up to an hour behind; null for any other. */
    usedAt: integer('used_at'),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.dialect, t.ours] }),
    uniqueIndex('mirror_ids_by_vendor').on(t.appId, t.dialect, t.vendor),
    index('mirror_ids_by_device').on(t.device),
    index('mirror_ids_aliases').on(t.usedAt).where(sql`${t.usedAt} IS NOT NULL`),
  ],
)
