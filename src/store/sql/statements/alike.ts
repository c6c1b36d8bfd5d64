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
 * Devices in use that a registration replaces, should it have made its own: the same user's in the dialect, with the
 * same platform, name and model. The new row is the one to compare with, as it was just written. What is said of `o`
 * alone lets the index of such devices be used; a bound keeps one registration from the work of thousands.
 */
const alike = sql`(SELECT ${o.id} FROM ${n} JOIN ${o}
    ON ${o.appId} = ${n.appId} AND ${o.dialect} = ${n.dialect} AND ${o.userId} = ${n.userId}
    AND ${o.platform} = ${n.platform} AND ${o.name} = ${n.name} AND ${o.model} = ${n.model}
    AND ${o.enabled} = 1 AND ${o.userId} IS NOT NULL AND ${o.name} <> '' AND ${o.model} <> ''
  WHERE ${n.id} = ${value('deviceId')} AND ${o.id} <> ${n.id} ORDER BY ${o.id} LIMIT 200)`

/** After a registration that makes its device and, with the next two, puts those that are alike out of use. */
export const countRegisteredAlike = countRegistered(sql`${d.id} IN ${alike}`)

/** The same where the device that it made is counted already. */
export const countAlike = countDisabled(sql`${d.id} IN ${alike}`)

export const logAlike = statement(sql`
  ${logged}
  SELECT ${devices.appId}, ${devices.id}, ${eventKind('deactivated')}, ${value('cause')}, ${object({ by: value('deviceId') })}, ${value('now')}
  FROM ${devices} WHERE ${devices.id} IN ${alike}`)

export const deactivateAlike = statement(
  sql`UPDATE ${devices} SET ${devices.enabled} = 0, ${forward} WHERE ${devices.id} IN ${alike}`,
)
