import { forward } from '../conditions.ts'
import { object } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices } from '../tables.ts'
import { sql, value } from '../template.ts'
import { countDisabled, countRegistered } from './counters.ts'
import { eventKind, logged } from './history.ts'

const d = devices.as('d')
const n = devices.as('n')
const o = devices.as('o')

/**
 * Active devices that a registration replaces if it creates its own: the same user's in the dialect, with the
 * same platform, name and model. They are compared with the new row, which was just written. Conditions on `o`
 * alone allow the partial index to be used; the limit bounds the work of one registration.
 */
const alike = sql`(SELECT ${o.id} FROM ${n} JOIN ${o}
    ON ${o.appId} = ${n.appId} AND ${o.dialect} = ${n.dialect} AND ${o.userId} = ${n.userId}
    AND ${o.platform} = ${n.platform} AND ${o.name} = ${n.name} AND ${o.model} = ${n.model}
    AND ${o.enabled} = 1 AND ${o.userId} IS NOT NULL AND ${o.name} <> '' AND ${o.model} <> ''
  WHERE ${n.id} = ${value('deviceId')} AND ${o.id} <> ${n.id} ORDER BY ${o.id} LIMIT 200)`

/** Runs after a registration that creates its device; together with the next two it disables similar devices. */
export const countRegisteredAlike = countRegistered(sql`${d.id} IN ${alike}`)

/** The same if the created device is already counted. */
export const countAlike = countDisabled(sql`${d.id} IN ${alike}`)

export const logAlike = statement(sql`
  ${logged}
  SELECT ${devices.appId}, ${devices.id}, ${eventKind('deactivated')}, ${value('cause')}, ${object({ by: value('deviceId') })}, ${value('now')}
  FROM ${devices} WHERE ${devices.id} IN ${alike}`)

export const deactivateAlike = statement(
  sql`UPDATE ${devices} SET ${devices.enabled} = 0, ${forward} WHERE ${devices.id} IN ${alike}`,
)
