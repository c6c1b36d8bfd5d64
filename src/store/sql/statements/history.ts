import type { EventKind } from '../../../domain/event.ts'
import { literal, member } from '../forms.ts'
import { devices, events } from '../tables.ts'
import { columns, orNull, type RowOf, sql, text } from '../template.ts'

/** The start of an INSERT of an event: the columns of every event, in this order. */
const said = sql`${events.appId}, ${events.deviceId}, ${events.kind}, ${events.cause}, ${events.detail}, ${events.at}`

/** For an event of a device that stays; its external id remains in its own row. */
export const logged = sql`INSERT INTO ${events} (${said})`

/** With the plan's number, if several of its statements may record the same change. */
export const loggedOnce = sql`INSERT INTO ${events} (${said}, ${events.change})`

/** For an event of a device that is removed, with its external id. */
export const loggedEnd = sql`INSERT INTO ${events} (${said}, ${events.dialect}, ${events.externalId})`

/** For an event about no single device. */
export const loggedApart = sql`INSERT INTO ${events} (${said}, ${events.dialect}, ${events.change})`

const d = devices.left('d')
const e = events.as('e')
const last = events.as('last')
/**
 * The external id of an event's device: from its row or, if it was removed, from its last event. Old
 * removal events have the dialect among their details.
 */
const called = sql`(SELECT ${last.externalId} FROM ${last}
  WHERE ${last.appId} = ${e.appId} AND ${last.deviceId} = ${e.deviceId} ORDER BY ${last.id} DESC LIMIT 1)`
const spoken = sql`(SELECT coalesce(${last.dialect}, ${member(last.detail, '$.dialect')}) FROM ${last}
  WHERE ${last.appId} = ${e.appId} AND ${last.deviceId} = ${e.deviceId} ORDER BY ${last.id} DESC LIMIT 1)`

/** An event `e` with its device's id and dialect, in a query joined with `aboutEvent`. */
export const eventParts = {
  app_id: e.appId,
  device_id: e.deviceId,
  dialect: orNull(text(sql`coalesce(${e.dialect}, ${d.dialect}, ${spoken})`)),
  external_id: orNull(text(sql`coalesce(${e.externalId}, ${d.externalId}, ${called})`)),
  kind: e.kind,
  cause: e.cause,
  detail: e.detail,
  at: e.at,
} as const
export const eventColumns = columns(eventParts)
export const aboutEvent = sql`LEFT JOIN ${d} ON ${d.id} = ${e.deviceId} AND ${d.appId} = ${e.appId}`
export type EventRow = RowOf<typeof eventColumns>

export const eventKind = (kind: EventKind) => literal(kind)
