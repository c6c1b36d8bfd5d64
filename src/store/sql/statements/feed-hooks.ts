import { ofApp, unexpired } from '../conditions.ts'
import { aside, elements, item, lastEventOf, listed, literal, member, number, numeric } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { order } from '../keyset.ts'
import { statement } from '../statement.ts'
import { apps, clocks, devices, events, feedHooks, feedLetters } from '../tables.ts'
import { columns, integer, join, type RowOf, sql, value } from '../template.ts'
import { deviceColumns, joinedToken } from './device-view.ts'
import { queue } from './queue.ts'

const h = feedHooks
const q = feedHooks.as('q')
const k = feedHooks.as('k')
const l = feedLetters.as('l')
const x = feedLetters.as('x')
const own = feedLetters.as('feed_letters')
const d = devices.as('d')
const j = item('j')

const ofHook = sql`${l.hook} = ${value('hook')}`
/** Due rows, as index ranges: a time too far in the future was set before the clock was set back. */
const DUE = [sql`${l.dueAt} <= ${value('now')}`, sql`${l.dueAt} > ${value('horizon')}`] as const

/** Receivers with a new event after their position, or a due letter. */
const queued = queue({
  table: feedHooks,
  key: (of) => [of.id],
  order: (of) => sql`${of.dueAt}, ${of.id}`,
  byTime: true,
  open: (of) => sql`${of.stopped} IS NULL AND (${of.event} < ${lastEventOf(of.appId)}
    OR ${join(
      DUE.map((due) => sql`EXISTS (SELECT 1 FROM ${l} WHERE ${l.hook} = ${of.id} AND ${due})`),
      ' OR ',
    )})`,
})
export const { anyDue } = queued

const lettersOf = (hook: typeof q | typeof h, dead: 0 | 1) =>
  integer(sql`(SELECT count(*) FROM ${l} WHERE ${l.hook} = ${hook.id} AND ${l.dead} = ${number(dead)})`)
const shown = {
  id: q.id,
  app_id: q.appId,
  name: q.name,
  url: q.url,
  kinds: q.kinds,
  event: q.event,
  part: q.part,
  stopped: q.stopped,
  failures: q.failures,
  failing_since: q.failingSince,
  delivered: q.delivered,
  last_at: q.lastAt,
  last_status: q.lastStatus,
  last_error: q.lastError,
  due_at: q.dueAt,
  waiting: lettersOf(q, 0),
  dead: lettersOf(q, 1),
  created_at: q.createdAt,
  updated_at: q.updatedAt,
} as const
const hookColumns = columns(shown)
export type FeedHookRow = RowOf<typeof hookColumns>

export const hookList = statement(
  sql`SELECT ${hookColumns} FROM ${q} WHERE ${ofApp(q)} ORDER BY ${q.createdAt}, ${q.id}`,
)
const oneOfApp = sql`${ofApp(h)} AND ${h.id} = ${value('hook')}`
export const hookSecret = statement(sql`SELECT ${columns({ sealed: h.sealed })} FROM ${h} WHERE ${oneOfApp}`)
export const anApp = statement(
  sql`SELECT ${columns({ id: apps.id })} FROM ${apps} WHERE ${apps.id} = ${value('app')}`,
)

const START = {
  failures: number(0),
  tries: number(0),
  delivered: number(0),
  epoch: number(0),
  dueAt: value('now'),
}
export const createHook = statement(sql`
  ${insertion(feedHooks, {
    id: value('hook'),
    appId: value('app'),
    name: value('name'),
    url: value('url'),
    kinds: value('kinds'),
    sealed: value('sealed'),
    event: value('event'),
    part: value('inside'),
    ...START,
    createdAt: value('now'),
    updatedAt: value('now'),
  })}
  FROM ${apps} WHERE ${apps.id} = ${value('app')} AND (SELECT count(*) FROM ${k} WHERE ${ofApp(k)}) < ${value('most')}
  ON CONFLICT DO NOTHING RETURNING ${columns({ id: h.id })}`)

/** With a new URL, or after a stop, a receiver starts without failures. */
const fresh = sql`(coalesce(${value('stop')}, 1) = 0 OR ${h.url} <> coalesce(${value('url')}, ${h.url}))`
export const changeHook = statement(sql`
  UPDATE ${h} SET ${h.failures} = CASE WHEN ${fresh} THEN 0 ELSE ${h.failures} END,
    ${h.failingSince} = CASE WHEN ${fresh} THEN NULL ELSE ${h.failingSince} END,
    ${h.dueAt} = CASE WHEN ${fresh} AND ${h.lease} IS NULL THEN ${value('now')} ELSE ${h.dueAt} END,
    ${h.stopped} = CASE WHEN ${value('stop')} = 1 THEN coalesce(${h.stopped}, 'operator') WHEN ${value('stop')} = 0 THEN NULL ELSE ${h.stopped} END,
    ${h.url} = coalesce(${value('url')}, ${h.url}),
    ${h.kinds} = CASE WHEN ${value('replace')} = 1 THEN ${value('kinds')} ELSE ${h.kinds} END, ${h.updatedAt} = ${value('now')}
  WHERE ${oneOfApp} RETURNING ${columns({ id: h.id })}`)
/** Maintenance deletes its letters. */
export const removeHook = statement(
  sql`DELETE FROM ${h} WHERE ${oneOfApp} RETURNING ${columns({ id: h.id })}`,
)

/** A process that has it leased finishes its turn but no longer moves the position. */
export const replayHook = statement(sql`
  UPDATE ${h} SET ${h.event} = ${value('event')}, ${h.part} = ${value('inside')}, ${h.epoch} = ${h.epoch} + 1, ${h.tries} = 0,
    ${h.failures} = 0, ${h.failingSince} = NULL, ${h.stopped} = NULL, ${h.updatedAt} = ${value('now')},
    ${h.dueAt} = CASE WHEN ${h.lease} IS NULL THEN ${value('now')} ELSE ${h.dueAt} END
  WHERE ${oneOfApp} RETURNING ${columns({ id: h.id })}`)
export const dropToldAgain = statement(sql`
  DELETE FROM ${feedLetters} WHERE ${feedLetters.hook} = ${value('hook')} AND EXISTS (SELECT 1 FROM ${h} WHERE ${oneOfApp})
    AND (${feedLetters.event}, ${feedLetters.part}) > (${value('event')}, ${value('inside')})`)

export const claimHooks = statement(sql`
  ${queued.claim} RETURNING ${columns({
    id: h.id,
    app_id: h.appId,
    url: h.url,
    kinds: h.kinds,
    sealed: h.sealed,
    event: h.event,
    part: h.part,
    epoch: h.epoch,
    failures: h.failures,
    failing_since: h.failingSince,
    tries: h.tries,
  })}`)
/** How many letters wait, at most as many as may. */
export const lettersWaiting = statement(
  sql`SELECT ${columns({ waiting: integer(sql`count(*)`) })} FROM (SELECT 1 FROM ${l} WHERE ${ofHook} AND ${l.dead} = 0 LIMIT ${value('most')}) waiting`,
)

const held = sql`${h.id} = ${value('hook')} AND ${h.lease} = ${value('lease')}`
/** A concurrent replay takes precedence. */
export const moveHook = statement(sql`
  UPDATE ${h} SET ${h.event} = ${value('event')}, ${h.part} = ${value('inside')}, ${h.failures} = ${value('fails')},
    ${h.failingSince} = ${value('failingSince')}, ${h.tries} = ${value('tries')}, ${h.stopped} = coalesce(${h.stopped}, ${value('stopReason')})
  WHERE ${held} AND ${h.epoch} = ${value('epoch')}`)
export const releaseHook = statement(sql`
  UPDATE ${h} SET ${queued.free(value('dueAt'))}, ${h.delivered} = ${h.delivered} + ${value('delivered')},
    ${h.lastError} = CASE WHEN ${value('lastAt')} IS NULL THEN ${h.lastError} ELSE ${value('lastError')} END,
    ${h.lastStatus} = CASE WHEN ${value('lastAt')} IS NULL THEN ${h.lastStatus} ELSE ${value('lastStatus')} END,
    ${h.lastAt} = coalesce(${value('lastAt')}, ${h.lastAt})
  WHERE ${held}`)

const given = (path: string) => member(j.value, path)
const givenNumber = (path: string) => numeric(j.value, path)
const sent = feedLetters.as('excluded')
/** The event and its device still exist, so that no data of an erased user is written again. */
const isKept = sql`EXISTS (SELECT 1 FROM ${events} WHERE ${events.id} = ${givenNumber('$.event')} AND ${aside(events.appId)} = ${value('app')})
  AND (${given('$.part')} = '' OR EXISTS (SELECT 1 FROM ${d} WHERE ${d.id} = ${given('$.part')}))`
/** Inserts new letters and updates retried ones; a waiting letter keeps its place. */
export const parkLetters = statement(sql`
  ${insertion(feedLetters, {
    hook: value('hook'),
    event: givenNumber('$.event'),
    part: given('$.part'),
    appId: value('app'),
    device: given('$.device'),
    kind: given('$.kind'),
    dead: givenNumber('$.dead'),
    tries: givenNumber('$.tries'),
    status: givenNumber('$.status'),
    error: given('$.error'),
    at: givenNumber('$.at'),
    triedAt: givenNumber('$.triedAt'),
    dueAt: givenNumber('$.dueAt'),
  })}
  FROM ${elements(value('parked'))} j WHERE EXISTS (SELECT 1 FROM ${h} WHERE ${held} AND ${h.epoch} = ${value('epoch')}) AND ${isKept}
  ON CONFLICT (${feedLetters.hook}, ${feedLetters.event}, ${feedLetters.part}) DO UPDATE SET ${feedLetters.dead} = ${sent.dead},
    ${feedLetters.tries} = ${sent.tries}, ${feedLetters.status} = ${sent.status}, ${feedLetters.error} = ${sent.error},
    ${feedLetters.triedAt} = ${sent.triedAt}, ${feedLetters.dueAt} = ${sent.dueAt}
  WHERE ${sent.tries} > 0 AND ${sent.tries} >= ${own.tries}`)
export const dropArrived = statement(sql`
  DELETE FROM ${feedLetters} WHERE ${feedLetters.hook} = ${value('hook')} AND EXISTS (SELECT 1 FROM ${elements(value('arrived'))} j
    WHERE ${own.event} = ${givenNumber('$.event')} AND ${own.part} = ${given('$.part')})`)
/** Makes the first waiting letter of each device due, if none of the device's letters has a time. */
export const nextLetters = statement(sql`
  UPDATE ${feedLetters} SET ${feedLetters.dueAt} = ${value('now')}
  WHERE ${feedLetters.hook} = ${value('hook')} AND ${feedLetters.dead} = 0 AND ${feedLetters.dueAt} IS NULL AND ${feedLetters.device} IN ${listed('devices')}
    AND NOT EXISTS (SELECT 1 FROM ${x} WHERE ${x.hook} = ${own.hook} AND ${x.device} = ${own.device} AND ${x.dead} = 0
      AND (${x.dueAt} IS NOT NULL OR (${x.event}, ${x.part}) < (${own.event}, ${own.part})))`)
/** Deletes the oldest dead letters beyond the limit. */
export const dropDead = statement(sql`
  DELETE FROM ${feedLetters} WHERE ${feedLetters.hook} = ${value('hook')} AND ${feedLetters.dead} = 1 AND ${feedLetters.event} <= coalesce(
    (SELECT ${x.event} FROM ${x} WHERE ${x.hook} = ${value('hook')} AND ${x.dead} = 1 ORDER BY ${x.event} DESC, ${x.part} DESC LIMIT 1 OFFSET ${value('most')}), 0)`)

const letterColumns = columns({
  event: l.event,
  part: l.part,
  device: l.device,
  kind: l.kind,
  dead: l.dead,
  tries: l.tries,
  status: l.status,
  error: l.error,
  at: l.at,
  tried_at: l.triedAt,
  due_at: l.dueAt,
})
export type LetterRow = RowOf<typeof letterColumns>
const first = (due: (typeof DUE)[number]) =>
  sql`SELECT * FROM (SELECT l.* FROM ${l} WHERE ${ofHook} AND ${due} ORDER BY ${l.dueAt}, ${l.event} LIMIT ${value('limit')}) first`
export const dueLetters = statement(sql`
  SELECT ${letterColumns} FROM (${join(DUE.map(first), ' UNION ALL ')}) l ORDER BY ${l.dueAt}, ${l.event} LIMIT ${value('limit')}`)
export const heldDevices = statement(sql`
  SELECT DISTINCT ${columns({ device: l.device })} FROM ${l} WHERE ${ofHook} AND ${l.device} IN ${listed('devices')} AND ${l.dead} = 0`)

export const BY_PLACE = order('ASC', { afterEvent: 0, inside: '' })
export const letterPage = statement(sql`
  SELECT ${letterColumns} FROM ${l} WHERE ${ofHook} AND ${l.dead} = ${value('gone')} AND ${BY_PLACE.page({ afterEvent: l.event, inside: l.part })}`)
export const retryLetter = statement(sql`
  UPDATE ${feedLetters} SET ${feedLetters.dead} = 0, ${feedLetters.tries} = 0,
    ${feedLetters.dueAt} = CASE WHEN EXISTS (SELECT 1 FROM ${x} WHERE ${x.hook} = ${own.hook} AND ${x.device} = ${own.device} AND ${x.dead} = 0)
      THEN NULL ELSE ${value('now')} END
  WHERE ${feedLetters.hook} = ${value('hook')} AND ${feedLetters.event} = ${value('event')} AND ${feedLetters.part} = ${value('inside')}
    AND ${feedLetters.dead} = 1 AND ${feedLetters.device} <> '' RETURNING ${columns({ event: feedLetters.event })}`)
/** A stopped receiver is not called for one letter. */
export const wakeHook = statement(sql`
  UPDATE ${h} SET ${h.dueAt} = ${value('now')} WHERE ${h.id} = ${value('hook')} AND ${h.lease} IS NULL AND ${h.failures} = 0`)

/** The current state of an event's device. */
export const itemDevice = statement(sql`
  SELECT ${deviceColumns} FROM ${d} ${joinedToken} WHERE ${d.id} = ${value('device')} AND ${aside(d.appId)} = ${value('app')} AND ${unexpired(d)}`)

/** The first event at or after an id; used for a binary search by time. */
export const eventFrom = statement(
  sql`SELECT ${columns({ id: events.id, at: events.at })} FROM ${events} WHERE ${events.id} >= ${value('event')} ORDER BY ${events.id} LIMIT 1`,
)
export const eventBounds = statement(
  sql`SELECT ${columns({ first: integer(sql`coalesce((SELECT min(${events.id}) FROM ${events}), 0)`), last: integer(sql`coalesce((SELECT max(${events.id}) FROM ${events}), 0)`) })}`,
)

const kept = sql`coalesce((SELECT ${clocks.seenAt} FROM ${clocks} WHERE ${clocks.name} = ${literal('history')}), 0)`
export const dropOutdated = statement(sql`
  DELETE FROM ${feedLetters} WHERE (${feedLetters.hook}, ${feedLetters.event}, ${feedLetters.part}) IN (
    SELECT ${l.hook}, ${l.event}, ${l.part} FROM ${l} WHERE ${l.event} <= ${kept} ORDER BY ${l.event} LIMIT ${value('batch')})
  RETURNING ${columns({ event: feedLetters.event })}`)
export const dropOrphans = statement(sql`
  DELETE FROM ${feedLetters} WHERE (${feedLetters.hook}, ${feedLetters.event}, ${feedLetters.part}) IN (
    SELECT ${l.hook}, ${l.event}, ${l.part} FROM ${l} WHERE NOT EXISTS (SELECT 1 FROM ${k} WHERE ${k.id} = ${l.hook}) LIMIT ${value('batch')})
  RETURNING ${columns({ event: feedLetters.event })}`)
