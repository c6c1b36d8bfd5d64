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
