import { ofApp, unexpired } from '../conditions.ts'
import { aside, inTurn, lastEvent, literal, nextEvents } from '../forms.ts'
import { statement } from '../statement.ts'
import { catalogue, clocks, devices, events, sweeps } from '../tables.ts'
import { columns, inner, integer, type RowOf, sql, value } from '../template.ts'
import { deviceColumns, joinedToken } from './device-view.ts'
import { aboutEvent, eventParts } from './history.ts'

const d = devices.as('d')
const e = events.as('e')
const w = events.as('w')
const told = events.as('told')

/** The end of the scan and the number of scanned events; no row if there are none. */
export const walkEnd = statement(
  sql`SELECT ${columns({ id: integer(sql`last`), walked: integer(sql`walked`) })}
    FROM (SELECT max(id) AS last, count(*) AS walked FROM (${nextEvents}) w) walk WHERE walked > 0`,
)

/** Joined by id in the order of the scan. */
const walked = sql`(${nextEvents}) w ${inTurn(e, sql`${e.id} = ${w.id}`)}`
const ofWalk = sql`${aside(e.appId)} = ${value('app')} ORDER BY ${e.id} LIMIT ${value('limit')}`
const feedColumns = columns({ event: e.id, ...eventParts })
export type FeedRow = RowOf<typeof feedColumns>

export const feedPage = statement(sql`SELECT ${feedColumns} FROM ${walked} ${aboutEvent} WHERE ${ofWalk}`)

/** The devices of these events; read after them. */
const about = sql`SELECT DISTINCT ${events.deviceId} FROM (SELECT ${e.deviceId} FROM ${walked} WHERE ${ofWalk}) page`
export const feedDevices = statement(sql`
  SELECT ${deviceColumns} FROM (${inner(about)}) told ${inTurn(d, sql`${d.id} = ${told.deviceId}`)} ${joinedToken}
  WHERE ${aside(d.appId)} = ${value('app')} AND ${unexpired(d)}`)

/** An event by its id. */
export const feedEvent = statement(sql`
  SELECT ${feedColumns} FROM ${e} ${aboutEvent} WHERE ${e.id} = ${value('event')} AND ${aside(e.appId)} = ${value('app')}`)

/** The devices of the user that an event is about, by id. */
export const feedUserDevices = statement(sql`
  SELECT ${deviceColumns} FROM ${d} ${joinedToken}
  WHERE ${ofApp(d)} AND ${d.dialect} = ${value('dialect')} AND ${d.userId} = ${value('user')} AND ${d.id} > ${value('device')} AND ${unexpired(d)}
  ORDER BY ${d.id} LIMIT ${value('limit')}`)

const going = catalogue.as('going')
/** Topics being removed: devices no longer have them, even if the rows still exist. */
export const goingTopics = statement(
  sql`SELECT ${columns({ dialect: going.dialect, name: going.name })} FROM ${going} WHERE ${aside(going.appId)} = ${value('app')} AND ${going.dueAt} IS NOT NULL`,
)

export const feedEnd = statement(sql`SELECT ${columns({ id: lastEvent })}`)

/** The deleted part of the history: the last deleted event of all apps or of this one, and when the newest happened. */
export const droppedHistory = statement(sql`
  SELECT ${columns({ id: integer(sql`id`), at: integer(sql`at`) })} FROM (
    SELECT ${clocks.seenAt} AS id, ${clocks.trustedAt} AS at FROM ${clocks} WHERE ${clocks.name} = ${literal('history')}
    UNION ALL SELECT ${sweeps.droppedId}, ${sweeps.droppedAt} FROM ${sweeps}
      WHERE ${sweeps.appId} = ${value('app')} AND ${sweeps.kind} = ${literal('events')} AND ${sweeps.droppedId} > 0) dropped
  ORDER BY id DESC LIMIT 1`)
