import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Undos, processed from the newest event to the oldest; `place` is the event before which the next batch begins. */
export const undos = sqliteTable(
  'undos',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    /** The cause of the events to undo; empty for any. */
    about: text('about').notNull(),
    /** The kind of the events to undo; empty for any. */
    kind: text('kind').notNull().default(''),
    fromAt: integer('from_at').notNull(),
    untilAt: integer('until_at').notNull(),
    dryRun: integer('dry_run').notNull(),
    /** 1 to undo events even if the phone has called since. */
    forced: integer('forced').notNull(),
    actor: text('actor').notNull(),
    createdAt: integer('created_at').notNull(),
    place: integer('place').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [
    index('undos_newest').on(t.appId, t.createdAt, t.id),
    index('undos_open').on(t.createdAt, t.id).where(sql`${t.finishedAt} IS NULL`),
  ],
)

/** Events of an undo by outcome or reason. */
export const undoCounts = sqliteTable(
  'undo_counts',
  { undo: text('undo').notNull(), name: text('name').notNull(), amount: integer('amount').notNull() },
  (t) => [primaryKey({ columns: [t.undo, t.name] })],
)

/**
 * States that a change has ended, kept so that the change can be undone: the text of a token, by its id, or a removed device
 * with its topics and tags, by its row id. `document` is the JSON as the change wrote it, until the gateway has sealed it.
 */
export const keptStates = sqliteTable(
  'kept_states',
  {
    subject: text('subject').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    deviceId: text('device_id').notNull(),
    userId: text('user_id'),
    document: text('document'),
    sealed: text('sealed'),
    at: integer('at').notNull(),
  },
  (t) => [
    // Removals of an app, of a dialect, and of a user's devices.
    index('kept_states_by_device').on(t.appId, t.dialect, t.deviceId),
    // Erasures of a user who had a device that now belongs to somebody else, or that was removed.
    index('kept_states_by_user').on(t.appId, t.userId).where(sql`${t.userId} IS NOT NULL`),
    // Maintenance: the oldest, and those to be sealed.
    index('kept_states_oldest').on(t.at),
    index('kept_states_open').on(t.at, t.subject).where(sql`${t.document} IS NOT NULL`),
  ],
)
