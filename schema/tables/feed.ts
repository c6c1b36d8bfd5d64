import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/**
 * Addresses that are told an app's events: each reads the history by itself, from its place on, so that an event is stored
 * once however many are told of it.
 */
export const feedHooks = sqliteTable(
  'feed_hooks',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    /** JSON array of the chosen kinds of events; null: all. */
    kinds: text('kinds'),
    /** The secret that signs its calls, encrypted. */
    sealed: text('sealed').notNull(),
    /** Its place: behind this event or, where `part` is not empty, inside it behind that device. */
    event: integer('event').notNull(),
    part: text('part').notNull(),
    /** Moves with each replay: what was read before it moves the place no more. */
    epoch: integer('epoch').notNull(),
    /** Calls that failed since the last one that arrived. */
    failures: integer('failures').notNull(),
    /** Since when no call has arrived; null where the last one did. */
    failingSince: integer('failing_since'),
    /** How often the event was tried that stands next and that nothing may overtake. */
    tries: integer('tries').notNull(),
    /** Why nothing is sent: `gone`, `failing`, `history` or `operator`; null where it is. */
    stopped: text('stopped'),
    delivered: integer('delivered').notNull(),
    lastAt: integer('last_at'),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** The current lease, if any; `dueAt` is its end, or when to look again. */
    lease: text('lease'),
    dueAt: integer('due_at').notNull(),
  },
  (t) => [
    uniqueIndex('feed_hooks_by_name').on(t.appId, t.name),
    index('feed_hooks_due').on(t.dueAt, t.id).where(sql`${t.stopped} IS NULL`),
    index('feed_hooks_leased').on(t.lease).where(sql`${t.lease} IS NOT NULL`),
  ],
)

/** Events that a receiver did not take: they are tried again, those of a device in their order, or are dead. */
export const feedLetters = sqliteTable(
  'feed_letters',
  {
    hook: text('hook').notNull(),
    event: integer('event').notNull(),
    /** The device, where the event is about all devices of a user. */
    part: text('part').notNull(),
    appId: text('app_id').notNull(),
    /** The device whose events keep their order; empty where it is about none. */
    device: text('device').notNull(),
    kind: text('kind').notNull(),
    /** 1: it is tried no more. */
    dead: integer('dead').notNull(),
    tries: integer('tries').notNull(),
    status: integer('status'),
    error: text('error'),
    /** When the event happened, and when it was tried last; null: not yet. */
    at: integer('at').notNull(),
    triedAt: integer('tried_at'),
    /** When it is tried again; null behind another one of its device, and where it is dead. */
    dueAt: integer('due_at'),
  },
  (t) => [
    primaryKey({ columns: [t.hook, t.event, t.part] }),
    index('feed_letters_due').on(t.hook, t.dueAt, t.event).where(sql`${t.dueAt} IS NOT NULL`),
    index('feed_letters_by_device').on(t.hook, t.device, t.dead, t.event),
    index('feed_letters_by_state').on(t.hook, t.dead, t.event, t.part),
    index('feed_letters_by_app').on(t.appId, t.device),
    // Maintenance: of events that are kept no more.
    index('feed_letters_oldest').on(t.event),
  ],
)
