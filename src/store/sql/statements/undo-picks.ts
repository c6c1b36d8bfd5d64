/** The events of a batch that are undone, and the devices that they change, as the batch picked them (`pickVerdicts`). */
import type { UNDO_OUTCOMES } from '../../../domain/undo.ts'
import { inTurn, literal, member } from '../forms.ts'
import { devices, events, pushTokens, removalPicks } from '../tables.ts'
import { join, sql, value } from '../template.ts'
import { eventKind } from './history.ts'
import { listedEvents } from './undo-verdicts.ts'

const e = events.as('e')
const c = devices.as('c')
const own = devices.as('devices')
const t = pushTokens.as('t')
const k = removalPicks.as('k')

type Outcome = (typeof UNDO_OUTCOMES)[number]
const noted = (of: Outcome) => sql`${literal(`${of}:`)} || ${e.id}`
const pick = (...of: readonly Outcome[]) =>
  inTurn(k, sql`${k.removalId} = ${value('undo')} AND ${k.deviceId} IN (${join(of.map(noted), ', ')})`)
export const picked = (...of: readonly Outcome[]) => sql`FROM ${listedEvents} ${pick(...of)}`
export const undone = (kind: Parameters<typeof eventKind>[0]) =>
  sql`${picked('undone')} WHERE ${e.kind} = ${eventKind(kind)}`

/** The devices that a batch changes, by its notes. */
export const touched = sql`(SELECT ${k.deviceId} FROM ${k} WHERE ${k.removalId} = ${value('touched')})`
/** The devices come first, by id; otherwise SQLite would scan all of them. */
export const device = sql`${own.id} IN ${touched} AND ${own.id} = ${e.deviceId} AND ${own.appId} = ${e.appId}`

export const tokenBefore = member(e.detail, '$.pushTokenId')
/** No device of the dialect has the former token, and its text is there. */
export const free = sql`NOT EXISTS (SELECT 1 FROM ${c} WHERE ${c.pushTokenId} = ${tokenBefore} AND ${c.dialect} = ${own.dialect})`
export const kept = sql`EXISTS (SELECT 1 FROM ${t} WHERE ${t.id} = ${tokenBefore} AND ${t.state} <> 'gone')`
