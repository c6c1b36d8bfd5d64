import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** State of the master key: `marks`, the permanent key of keyed hashes, and `rotation`, the change to a new master key. */
export const vaultState = sqliteTable('vault_state', {
  name: text('name').primaryKey(),
  /** For a rotation: a keyed hash that identifies the new master key. */
  mark: text('mark'),
  /** Encrypted. */
  sealed: text('sealed'),
  /** `running` or `completed`. */
  state: text('state').notNull(),
  /** JSON array: the number of finished sealed columns, and the key of the last row processed in the next one. */
  place: text('place').notNull(),
  /** Values processed, and of these the values re-encrypted and the values that no key decrypts. */
  done: integer('done').notNull(),
  resealed: integer('resealed').notNull(),
  failed: integer('failed').notNull(),
  startedAt: integer('started_at').notNull(),
  finishedAt: integer('finished_at'),
  /** The current lease, if any; `dueAt` is its end. */
  lease: text('lease'),
  dueAt: integer('due_at').notNull(),
})
