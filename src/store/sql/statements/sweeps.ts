/**
 * Cleanups by apps' own retention periods. Each batch reads a bounded number of rows after the position of the previous one
 * and deletes those that are too old.
 */
import { ofApp } from '../conditions.ts'
import { aside, greatest, inTurn, literal, nextEvents, numeric, same } from '../forms.ts'
import { OLDEST, order } from '../keyset.ts'
import { statement } from '../statement.ts'
import {
  apps,
  devices,
  events,
  feedHooks,
  feedLetters,
  mirrorCopies,
  receipts,
  sends,
  sweeps,
} from '../tables.ts'
import { columns, integer, join, sql, text, value } from '../template.ts'
import { removal } from './removal.ts'
import { prunes } from './sends.ts'

const a = apps.as('a')
const own = sweeps.as('sweeps')
const excluded = sweeps.as('excluded')
const w = sweeps.as('w')
const { appId, kind, days, place, lease, dueAt, droppedId, droppedAt } = sweeps
const batch = value('batch')
const before = value('before')

const KINDS = ['events', 'receipts', 'messages', 'inactiveDevices'] as const
const set = join(
  KINDS.map(
    (one) =>
      sql`SELECT ${a.id} AS app, ${literal(one)} AS kind, ${numeric(a.settings, `$.retention.${one}`)} AS days FROM ${a} WHERE ${a.id} = ${value('app')}`,
  ),
  ' UNION ALL ',
)
/** Runs after a change of an app: cleanups with a shorter period start from the beginning. */
export const putSweeps = statement(sql`
  INSERT INTO ${sweeps} (${appId}, ${kind}, ${days}, ${dueAt})
  SELECT app, kind, days, CASE WHEN days IS NOT NULL THEN ${value('now')} END FROM (${set}) wanted
  WHERE days IS NOT NULL OR EXISTS (SELECT 1 FROM ${w} WHERE ${w.appId} = app AND ${w.kind} = wanted.kind)
  ON CONFLICT (${appId}, ${kind}) DO UPDATE SET
    ${place} = CASE WHEN ${same(own.days, excluded.days)} THEN ${own.place} ELSE '' END,
    ${dueAt} = CASE WHEN ${same(own.days, excluded.days)} THEN ${own.dueAt} ELSE ${excluded.dueAt} END,
    ${lease} = CASE WHEN ${same(own.days, excluded.days)} THEN ${own.lease} END, ${days} = ${excluded.days}`)

const isDue = sql`${w.dueAt} <= ${value('now')}`
export const anyDue = statement(sql`SELECT ${columns({ kind: w.kind })} FROM ${w} WHERE ${isDue} LIMIT 1`)
export const claimSweep = statement(sql`
  UPDATE ${sweeps} SET ${lease} = ${value('lease')}, ${dueAt} = ${value('until')}
  WHERE (${appId}, ${kind}) IN (SELECT ${w.appId}, ${w.kind} FROM ${w} WHERE ${isDue} ORDER BY ${w.dueAt}, ${w.appId}, ${w.kind} LIMIT 1)
  RETURNING ${columns({ app_id: appId, kind, days: integer(days), place })}`)

/** The end of a batch, unless another process has continued meanwhile. */
export const noteSweep = statement(sql`
  UPDATE ${sweeps} SET ${place} = ${value('place')}, ${dueAt} = ${value('dueAt')}, ${lease} = NULL
  WHERE ${appId} = ${value('app')} AND ${kind} = ${value('kind')} AND ${lease} = ${value('lease')}`)

/** Events of the app; on SQLite the scan includes other apps' events. Ids grow with time. */
const e = events.as('e')
export const oldEvents = statement(sql`
  SELECT ${columns({ id: e.id, at: e.at })} FROM (${nextEvents}) w ${inTurn(e, sql`${e.id} = w.id`)} ORDER BY ${e.id}`)
const inPiece = sql`SELECT id FROM (${nextEvents}) w WHERE id <= ${value('event')}`
export const noteMissed = statement(sql`
  UPDATE ${sweeps} SET ${droppedId} = ${value('event')}, ${droppedAt} = ${value('lastAt')}
  WHERE ${appId} = ${value('app')} AND ${kind} = 'events' AND ${droppedId} < ${value('event')}
    AND EXISTS (SELECT 1 FROM (${inPiece}) gone ${inTurn(e, sql`${e.id} = gone.id`)} WHERE ${aside(e.appId)} = ${value('app')})`)
/** Events not yet accepted by receivers of the feed. */
const h = feedHooks.as('h')
export const dropLetters = statement(sql`
  DELETE FROM ${feedLetters} WHERE ${feedLetters.hook} IN (SELECT ${h.id} FROM ${h} WHERE ${ofApp(h)})
    AND ${feedLetters.event} > ${value('afterEvent')} AND ${feedLetters.event} <= ${value('event')}`)
export const dropEvents = statement(
  sql`DELETE FROM ${events} WHERE ${events.id} IN (${inPiece}) AND ${aside(events.appId)} = ${value('app')}`,
)

/** Reports, by message and device. */
const r = receipts.as('r')
export const BY_REPORT = order('ASC', { afterMessage: '', afterDevice: '', afterKind: '' })
const ofReport = { afterMessage: r.messageId, afterDevice: r.deviceId, afterKind: r.kind }
const report = sql`${r.deviceId}, ${r.messageId}, ${r.kind}`
const reports = sql`SELECT ${report}, ${r.lastAt} FROM ${r} WHERE ${ofApp(r)} AND ${BY_REPORT.behind(ofReport)} ${BY_REPORT.by(ofReport)} LIMIT ${batch}`
export const reportsSeen = statement(
  sql`SELECT ${columns({ message: text(sql`message_id`), device: text(sql`device_id`), kind: text(sql`kind`) })} FROM (${reports}) piece`,
)
export const dropReports = statement(sql`
  DELETE FROM ${receipts} WHERE (${receipts.deviceId}, ${receipts.messageId}, ${receipts.kind}) IN
    (SELECT device_id, message_id, kind FROM (${reports}) piece WHERE last_at < ${before})`)

const t = sends.as('t')
/** The oldest messages of an app; few of them are unfinished. */
export const dropMessages =
  prunes(sql`SELECT ${t.id} FROM ${t} WHERE ${ofApp(t)} AND ${t.createdAt} < ${before}
  AND ${t.finishedAt} < ${before} ORDER BY ${t.createdAt}, ${t.id} LIMIT ${value('limit')}`)

const x = devices.as('x')
const m = mirrorCopies.as('m')
const d = devices.as('d')
const ofDevice = { afterAt: x.createdAt, afterId: x.id }
/** For an imported device that has not called yet, the period begins with its import. */
const lastCall = sql`CASE WHEN ${x.importedAt} IS NOT NULL AND ${x.liveAt} IS NULL THEN ${greatest(x.lastSeenAt, x.importedAt)} ELSE ${x.lastSeenAt} END`
const piece = sql`SELECT ${x.id}, ${x.createdAt}, ${x.supersededAt}, ${lastCall} AS last_call FROM ${x}
  WHERE ${ofApp(x)} AND ${OLDEST.behind(ofDevice)} AND ${x.createdAt} < ${before} ${OLDEST.by(ofDevice)} LIMIT ${batch}`
export const devicesSeen = statement(
  sql`SELECT ${columns({ id: text(sql`id`), created_at: integer(sql`created_at`) })} FROM (${piece}) piece`,
)
/**
 * Devices that have not called for the period. Superseded devices have their own rule (identity R3), and a device stays while
 * one of its calls waits for the vendor.
 */
export const dropInactive =
  removal(sql`${d.id} IN (SELECT id FROM (${piece}) piece WHERE last_call < ${before} AND superseded_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM ${m} WHERE ${m.owner} = piece.id))`)
