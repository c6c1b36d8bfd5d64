/**
 * Short plans for a registration of an existing device that changes only its token and times. Each list begins with a
 * statement that checks all conditions itself and marks the device as changed by the plan; if they do not hold, the other
 * statements find nothing to do, and the last one returns no row.
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
import { keepTokens } from './kept.ts'
import { retire } from './removal.ts'

const d = devices.as('d')
const o = devices.as('o')
const p = pushTokens.as('p')
const own = devices.as('devices')
const token = pushTokens.as('push_tokens')

/** Active, not expired, and stored as the registration sends it. */
const asItIs = sql`${own.id} = ${value('known')} AND ${own.supersededAt} IS NULL
  AND (${own.expiresAt} IS NULL OR ${own.expiresAt} > ${value('now')}) AND ${spoken} AND NOT ${removing} AND ${patchHolds(own)}`
const noted = sql`${forward}, ${seen}`

const note = <Sets extends string, Names extends string>(sets: Template<Sets>, where: Template<Names>) =>
  statement(sql`UPDATE ${devices} SET ${sets} WHERE ${asItIs} AND ${where}`)

const held = sql`${p.id} = ${own.pushTokenId} AND ${p.state} = 'live'`

/** Updates the device, whatever its token is. */
export const noteDevice = note(noted, sql`true`)
/** The same if it has the token sent and that is live. */
export const noteHolder = note(noted, sql`EXISTS (SELECT 1 FROM ${p} WHERE ${held} AND ${p.id} = ${tokenId})`)
/** Gives it a new token, if it still has the token read before, which is live and of the same push service. */
export const rotate = note(
  sql`${devices.pushTokenId} = ${value('tokenId')}, ${noted}`,
  sql`${own.pushTokenId} = ${value('left')} AND NOT ${tokenRow}
    AND EXISTS (SELECT 1 FROM ${p} WHERE ${held} AND ${p.provider} = ${value('provider')})`,
)

/** After `noteHolder`: updates the stored form of a kept token (identity R18). */
export const keepToken = statement(sql`
  UPDATE ${pushTokens} SET ${pushTokens.token} = ${value('token')},
    ${pushTokens.environment} = CASE WHEN ${value('environment')} = 'unknown' THEN ${pushTokens.environment} ELSE ${value('environment')} END,
    ${pushTokens.keys} = coalesce(${value('keys')}, ${pushTokens.keys}),
    ${pushTokens.stateReason} = NULL, ${pushTokens.registeredAt} = ${value('now')}
  WHERE ${pushTokens.id} = ${tokenId} AND ${changedBefore}`)

/** After `rotate` and the insertion of the token. */
export const logRotated = statement(sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, ${eventKind('rotated')}, ${value('cause')},
    ${object({ pushTokenId: value('left'), userId: d.userId, userProved: d.userProved })}, ${value('now')}
  FROM ${d} WHERE ${d.id} = ${value('known')} AND ${changedBefore}`)

/** After that: the previous token, if no other device has it (identity R4). */
const left = sql`${pushTokens.id} = ${value('left')} AND EXISTS (SELECT 1 FROM ${d} WHERE ${ofChange(d)})
    AND NOT EXISTS (SELECT 1 FROM ${o} WHERE ${o.pushTokenId} = ${token.id})`
/** Keeps it for an undo, and erases it. */
export const keepRotated = keepTokens(value('known'), left)
export const retireRotated = statement(sql`${retire} WHERE ${left}`)

/** The device after the plan; no row if it did not meet the plan's conditions. */
export const known = statement(sql`${viewedAsAsked} WHERE ${ofChange(d)}`)
