import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Messages, accepted by a dialect's call or an operator's (`dialect` is empty). */
export const sends = sqliteTable(
  'sends',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    externalId: text('external_id').notNull(),
    /** The message in the dialect's own form, JSON object. */
    body: text('body').notNull(),
    /** JSON object: the addressees and filters. */
    audience: text('audience').notNull(),
    /** JSON array of the dialects whose devices are addressed. */
    dialects: text('dialects').notNull(),
    /** JSON array: the parts of the audience, each read in steps through one index. */
    parts: text('parts').notNull(),
    /** JSON object: the time and the repeats. */
    schedule: text('schedule').notNull(),
    ttl: integer('ttl'),
    /** 0 for high, 1 for normal: high goes first. */
    priority: integer('priority').notNull(),
    /** JSON array of the request's members without effect. */
    ignored: text('ignored').notNull(),
    idempotencyKey: text('idempotency_key'),
    idempotencyHash: text('idempotency_hash'),
    /** Until then, repeated requests with the key return this message. */
    idempotencyUntil: integer('idempotency_until').notNull(),
    state: text('state').notNull(),
    /** When it is due or, while its audience is looked up, the time of the last step (round robin); null afterwards. */
    dueAt: integer('due_at'),
    /** The number of the current repeat, from 0, and when it became due. */
    run: integer('run').notNull(),
    runAt: integer('run_at'),
    /** The planner's position: an index into `parts`, and the last device read in that part. */
    part: integer('part').notNull(),
    after: text('after').notNull(),
    /** Pages of the current run. `openPages`: unsettled pages of all runs. */
    pages: integer('pages').notNull(),
    openPages: integer('open_pages').notNull(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [
    uniqueIndex('sends_identity').on(t.appId, t.dialect, t.externalId),
    // Whether any app has a message with this id.
    index('sends_by_name').on(t.externalId, t.dialect),
    uniqueIndex('sends_key')
      .on(t.appId, t.dialect, t.idempotencyKey)
      .where(sql`${t.idempotencyKey} IS NOT NULL`),
    index('sends_newest').on(t.appId, t.createdAt, t.id),
    index('sends_scheduled').on(t.dueAt).where(sql`${t.state} = 'scheduled'`),
    index('sends_planning').on(t.priority, t.dueAt).where(sql`${t.state} = 'planning'`),
    index('sends_finished').on(t.finishedAt).where(sql`${t.finishedAt} IS NOT NULL`),
  ],
)

/** Up to 500 phones of one message and one push service, fixed when planned, with one result character each. */
export const sendPages = sqliteTable(
  'send_pages',
  {
    sendId: text('send_id').notNull(),
    appId: text('app_id').notNull(),
    run: integer('run').notNull(),
    number: integer('number').notNull(),
    /** `app/provider`: all pages of a lane are sent with one credential. */
    lane: text('lane').notNull(),
    provider: text('provider').notNull(),
    /** 0 for high, 1 for normal. */
    priority: integer('priority').notNull(),
    /** JSON array of push token ids. `result`: one character per token. */
    tokens: text('tokens').notNull(),
    result: text('result').notNull(),
    /** JSON object: attempts per waiting token. */
    attempts: text('attempts').notNull(),
    /** When it is due or, while leased, when the lease ends; null once it is settled. */
    dueAt: integer('due_at'),
    lease: text('lease'),
  },
  (t) => [
    primaryKey({ columns: [t.sendId, t.run, t.number] }),
    index('send_pages_by_app').on(t.appId),
    index('send_pages_leased').on(t.lease).where(sql`${t.lease} IS NOT NULL`),
    index('send_pages_due').on(t.lane, t.priority, t.dueAt).where(sql`${t.dueAt} IS NOT NULL`),
  ],
)

/** Phones that a message did not reach, with the reason. */
export const sendFailures = sqliteTable(
  'send_failures',
  {
    sendId: text('send_id').notNull(),
    appId: text('app_id').notNull(),
    pushTokenId: text('push_token_id').notNull(),
    deviceId: text('device_id'),
    provider: text('provider').notNull(),
    outcome: text('outcome').notNull(),
    reason: text('reason').notNull(),
    attempts: integer('attempts').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sendId, t.pushTokenId] }), index('send_failures_by_app').on(t.appId)],
)

/** Phones of a message by outcome, push service, platform and hour (whole hours since 1970). */
export const sendCounts = sqliteTable(
  'send_counts',
  {
    sendId: text('send_id').notNull(),
    appId: text('app_id').notNull(),
    provider: text('provider').notNull(),
    platform: text('platform').notNull(),
    outcome: text('outcome').notNull(),
    hour: integer('hour').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.sendId, t.provider, t.platform, t.outcome, t.hour] }),
    index('send_counts_by_app').on(t.appId),
  ],
)
