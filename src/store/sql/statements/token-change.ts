import { tokenId } from '../conditions.ts'
import { object } from '../forms.ts'
import { devices, events, pushTokens } from '../tables.ts'
import { sql, type Template, value } from '../template.ts'
import { eventKind } from './history.ts'

const d = devices.as('d')
const p = pushTokens.as('p')
const told = events.as('told')

/** The plan, as a change of a token has it: below zero, since its tags look for what they have told themselves. */
const ofThisPlan = sql`0 - ${value('change')}`
/** The plan was sent twice: one of the last things that are known of the device is of its first time. */
const toldBefore = sql`${value('change')} IN (
  SELECT abs(${told.change}) FROM ${told} WHERE ${told.appId} = ${d.appId} AND ${told.deviceId} = ${d.id} ORDER BY ${told.id} DESC LIMIT 4)`

/** A token that is there is another one in all but its name, as the statement before has just noted: for all of its devices. */
export const tokenChange = <Names extends string>(wanted: Template<Names>) => sql`
  SELECT ${d.appId}, ${d.id}, ${eventKind('tokenChanged')}, ${value('cause')}, ${object({ pushTokenId: p.id })}, ${value('now')}, ${ofThisPlan}
  FROM ${p} JOIN ${d} ON ${d.pushTokenId} = ${p.id}
  WHERE ${p.id} = ${tokenId} AND ${p.stateAt} = ${value('now')} AND ${p.createdAt} < ${value('now')} AND ${wanted}
    AND coalesce(NOT ${toldBefore}, true)`
