/** Removes the token from a device that stays (identity R10). */
import { keyed } from '../conditions.ts'
import { greatest, object } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, pushTokens } from '../tables.ts'
import { sql, value } from '../template.ts'
import { countDetached } from './counters.ts'
import { eventKind, logged } from './history.ts'
import { keepTokens } from './kept.ts'
import { retire } from './removal.ts'

const d = devices.as('d')
const o = devices.as('o')
const own = devices.as('devices')
const token = pushTokens.as('push_tokens')
const byKey = keyed(d)

const countDetaching = countDetached(sql`${byKey} AND ${d.pushTokenId} IS NOT NULL`)

const logDetached = statement(sql`
  ${logged}
  SELECT ${d.appId}, ${d.id}, ${eventKind('detached')}, ${value('cause')}, ${object({ pushTokenId: d.pushTokenId })}, ${value('now')}
  FROM ${d} WHERE ${byKey} AND ${d.pushTokenId} IS NOT NULL`)

/** Removes the token from a device that stays (identity R10, in dialects that keep the device). */
const detachToken = statement(
  sql`UPDATE ${devices} SET ${devices.pushTokenId} = NULL, ${devices.updatedAt} = ${greatest(value('now'), devices.updatedAt)} WHERE ${keyed(own)} AND ${devices.pushTokenId} IS NOT NULL`,
)

/** The token that the device is about to lose, if no other device has it: kept for an undo, and erased. */
const left = sql`${pushTokens.id} = (SELECT ${d.pushTokenId} FROM ${d} WHERE ${byKey})
    AND NOT EXISTS (SELECT 1 FROM ${o} WHERE ${o.pushTokenId} = ${token.id}
      AND NOT (${o.dialect} = ${value('dialect')} AND ${o.externalId} = ${value('externalId')}))`
const keepDetached = keepTokens(sql`SELECT ${d.id} FROM ${d} WHERE ${byKey}`, left)
const retireDetached = statement(sql`${retire} WHERE ${left}`)

export const DETACH = [countDetaching, logDetached, keepDetached, retireDetached, detachToken] as const
