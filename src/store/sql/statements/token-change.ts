import { tokenId } from '../conditions.ts'
import { object } from '../forms.ts'
import { devices, events, pushTokens } from '../tables.ts'
import { sql, type Template, value } from '../template.ts'
import { eventKind } from './history.ts'

const d = devices.as('d')
const p = pushTokens.as('p')
const told = events.as('told')

/** The plan's number, negative for token changes, because tag changes search for the number of their own event. */
const ofThisPlan = sql`0 - ${value('change')}`
/** The plan was sent twice: one of the device's latest events is from its first run. */
const toldBefore = sql`${value('change')} IN (
  SELECT abs(${told.change}) FROM ${told} WHERE ${told.appId} = ${d.appId} AND ${told.deviceId} = ${d.id} ORDER BY ${told.id} DESC LIMIT 4)`

/** The previous statement found changes to an existing token: records them for all of its devices. */
export const tokenChange = <Names extends string>(wanted: Template<Names>) => sql`
  SELECT ${d.appId}, ${d.id}, ${eventKind('tokenChanged')}, ${value('cause')}, ${object({ pushTokenId: p.id })}, ${value('now')}, ${ofThisPlan}
  FROM ${p} JOIN ${d} ON ${d.pushTokenId} = ${p.id}
  WHERE ${p.id} = ${tokenId} AND ${p.stateAt} = ${value('now')} AND ${p.createdAt} < ${value('now')} AND ${wanted}
    AND coalesce(NOT ${toldBefore}, true)`
