import type { EventKind } from '../../../domain/event.ts'
import { literal, member } from '../forms.ts'
import { devices, events } from '../tables.ts'
import { columns, orNull, type RowOf, sql, text } from '../template.ts'

/** The start of an event's insertion: what every event says, in this order. */
const said = sql`${events.appId}, ${events.deviceId}, ${events.kind}, ${events.cause}, ${events.detail}, ${events.at}`

/** About a device that goes on: what it is called stands in its own row. */
export const logged = sql`INSERT INTO ${events} (${said})`

/** With which plan it was, where more than one of its statements may tell of the same. */
export const loggedOnce = sql`INSERT INTO ${events} (${said}, ${events.change})`

/** The end of a device, with what it was called. */
export const loggedEnd = sql`INSERT INTO ${events} (${said}, ${events.dialect}, ${events.externalId})`

/** About no single device. */
export const loggedApart = sql`INSERT INTO ${events} (${said}, ${events.dialect}, ${events.change})`

const d = devices.left('d')
const e = events.as('e')
const last = events.as('last')
/**
 * What the device of an event is called: as its row has it or, where that has gone, as its last event says. Before they
 * did, events of an end had the dialect among their details.
 */
const called = sql`(SELECT ${last.externalId} FROM ${last}
  WHERE ${last.appId} = ${e.appId} AND ${last.deviceId} = ${e.deviceId} ORDER BY ${last.id} DESC LIMIT 1)`
const spoken = sql`(SELECT coalesce(${last.dialect}, ${member(last.detail, '$.dialect')}) FROM ${last}
  WHERE ${last.appId} = ${e.appId} AND ${last.deviceId} = ${e.deviceId} ORDER BY ${last.id} DESC LIMIT 1)`

/** An event `e` with what it is about, from a query that joins its device with `aboutEvent`. */
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
