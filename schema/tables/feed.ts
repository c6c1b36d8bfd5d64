import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/**
 * Receivers of an app's events. Each reads the history from its own position, so that an event is stored once for any number
 * of receivers.
 */
export const feedHooks = sqliteTable(
  'feed_hooks',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    /** JSON array of the chosen event kinds; null for all. */
    kinds: text('kinds'),
    /** The secret that signs its calls, encrypted. */
    sealed: text('sealed').notNull(),
    /** The position: after this event or, if `part` is not empty, within it after that device. */
    event: integer('event').notNull(),
    part: text('part').notNull(),
    /** Changes with every replay, so that results of earlier reads do not move the position. */
    epoch: integer('epoch').notNull(),
    /** Failed calls since the last successful one. */
    failures: integer('failures').notNull(),
    /** Since when calls fail; null if the last one succeeded. */
    failingSince: integer('failing_since'),
    /** Attempts of the next event, if it blocks all later ones. */
    tries: integer('tries').notNull(),
    /** Why nothing is sent: `gone`, `failing`, `history` or `operator`; null if calls are made. */
    stopped: text('stopped'),
    delivered: integer('delivered').notNull(),
    lastAt: integer('last_at'),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** The current lease, if any; `dueAt` is its end, or when to check again. */
    lease: text('lease'),
    dueAt: integer('due_at').notNull(),
  },
  (t) => [
    uniqueIndex('feed_hooks_by_name').on(t.appId, t.name),
    index('feed_hooks_due').on(t.dueAt, t.id).where(sql`${t.stopped} IS NULL`),
    index('feed_hooks_leased').on(t.lease).where(sql`${t.lease} IS NOT NULL`),
  ],
)

/** Events that a receiver did not accept: waiting for a retry, in order per device, or dead. */
export const feedLetters = sqliteTable(
  'feed_letters',
  {
    hook: text('hook').notNull(),
    event: integer('event').notNull(),
    /** The device, for an event about all devices of a user; else empty. */
    part: text('part').notNull(),
    appId: text('app_id').notNull(),
    /** The device whose events are kept in order; empty for an event that names none. */
    device: text('device').notNull(),
    kind: text('kind').notNull(),
    /** 1 if it is no longer retried. */
    dead: integer('dead').notNull(),
    tries: integer('tries').notNull(),
    status: integer('status'),
    error: text('error'),
    /** When the event happened. `triedAt`: the last attempt; null if there was none. */
    at: integer('at').notNull(),
    triedAt: integer('tried_at'),
    /** When it is retried; null if it waits for an earlier event of its device, or is dead. */
    dueAt: integer('due_at'),
  },
  (t) => [
    primaryKey({ columns: [t.hook, t.event, t.part] }),
    index('feed_letters_due').on(t.hook, t.dueAt, t.event).where(sql`${t.dueAt} IS NOT NULL`),
    index('feed_letters_by_device').on(t.hook, t.device, t.dead, t.event),
    index('feed_letters_by_state').on(t.hook, t.dead, t.event, t.part),
    index('feed_letters_by_app').on(t.appId, t.device),
    // Maintenance: letters of deleted events.
    index('feed_letters_oldest').on(t.event),
  ],
)
