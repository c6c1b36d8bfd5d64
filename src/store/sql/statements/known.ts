/**
 * What a registration changes of a device that is there, where the device itself stays as it is: its token, and the times
 * of both. Each list begins with a statement that asks for itself whether all of that is so and notes the device as
 * changed by the plan; where it is not so, the others find nothing to do, and the last answers no row.
 */
import { forward, ofChange, seen, spoken, tokenId } from '../conditions.ts'
import { changedBefore, object } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, pushTokens } from '../tables.ts'
import { sql, type Template, value } from '../template.ts'
import { patchHolds } from './device-patch.ts'
import { viewedAsAsked } from './device-view.ts'
import { removing, tokenRow } from './fresh.ts'
import { eventKind, logged } from './history.ts'
import { retire } from './removal.ts'

const d = devices.as('d')
const o = devices.as('o')
const p = pushTokens.as('p')
const own = devices.as('devices')
const token = pushTokens.as('push_tokens')

/** In use, its time not over, and as the registration has it. */
const asItIs = sql`${own.id} = ${value('known')} AND ${own.supersededAt} IS NULL
  AND (${own.expiresAt} IS NULL OR ${own.expiresAt} > ${value('now')}) AND ${spoken} AND NOT ${removing} AND ${patchHolds(own)}`
const noted = sql`${forward}, ${seen}`

const note = <Sets extends string, Names extends string>(sets: Template<Sets>, where: Template<Names>) =>
  statement(sql`UPDATE ${devices} SET ${sets} WHERE ${asItIs} AND ${where}`)

const held = sql`${p.id} = ${own.pushTokenId} AND ${p.state} = 'live'`

/** Notes the device, whatever its token is. */
export const noteDevice = note(noted, sql`true`)
/** The same where it holds the token that is sent, and that lives. */
export const noteHolder = note(noted, sql`EXISTS (SELECT 1 FROM ${p} WHERE ${held} AND ${p.id} = ${tokenId})`)
/** Gives it a token that nobody has, where it still holds the one that it was seen with, of the same push service, and that lives. */
export const rotate = note(
  sql`${devices.pushTokenId} = ${value('tokenId')}, ${noted}`,
  sql`${own.pushTokenId} = ${value('left')} AND NOT ${tokenRow}
    AND EXISTS (SELECT 1 FROM ${p} WHERE ${held} AND ${p.provider} = ${value('provider')})`,
)

/** Behind `noteHolder`: what was sent last of a token that goes on (identity R18). */
export const keepToken = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.token} = ${value('token')},
    ${pushTokens.environment} = CASE WHEN ${value('environment')} = 'unknown' THEN ${pushTokens.environment} ELSE ${value('environment')} END,
    ${pushTokens.keys} = coalesce(${value('keys')}, ${pushTokens.keys}),
    ${pushTokens.stateReason} = NULL, ${pushTokens.registeredAt} = ${value('now')}
  WHERE ${pushTokens.id} = ${tokenId} AND ${changedBefore}`)

/** Behind `rotate` and the insertion of the token. */
export const logRotated = statement(sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, ${eventKind('rotated')}, ${value('cause')},
    ${object({ pushTokenId: value('left'), userId: d.userId, userProved: d.userProved })}, ${value('now')}
  FROM ${d} WHERE ${d.id} = ${value('known')} AND ${changedBefore}`)

/** Behind that: erases the token that was left, if no other device points at it (identity R4). */
export const retireRotated = statement(sql`
  ${retire}
  WHERE ${pushTokens.id} = ${value('left')} AND ${changedBefore}
    AND NOT EXISTS (SELECT 1 FROM ${o} WHERE ${o.pushTokenId} = ${token.id})`)

/** The device as the plan leaves it; no row where it was not as the plan needs it. */
export const known = statement(sql`${viewedAsAsked} WHERE ${ofChange(d)}`)
