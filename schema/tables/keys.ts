import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What belongs to the master key: `marks`, the key of keyed hashes, which stays; and `rotation`, the change to another one. */
export const vaultState = sqliteTable('vault_state', {
  name: text('name').primaryKey(),
  /** Of a rotation: a keyed hash of the key that it is for. */
  mark: text('mark'),
  /** Encrypted. */
  sealed: text('sealed'),
  /** `running` or `completed`. */
  state: text('state').notNull(),
  /** JSON array: how many of the sealed columns are done, and the key of the last row in the next one. */
  place: text('place').notNull(),
  /** Values looked at, and those of them that were sealed anew, or that no key opens. */
  done: integer('done').notNull(),
  resealed: integer('resealed').notNull(),
  failed: integer('failed').notNull(),
  startedAt: integer('started_at').notNull(),
  finishedAt: integer('finished_at'),
  /** The current lease, if any; `dueAt` is its end. */
  lease: text('lease'),
  dueAt: integer('due_at').notNull(),
})
