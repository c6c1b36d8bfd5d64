import { keyed, seen, unexpired } from '../conditions.ts'
import { differs, listed, object, same } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices } from '../tables.ts'
import { columns, sql, value } from '../template.ts'
import { eventKind, logged } from './history.ts'
import { spare } from './spares.ts'

const own = devices.as('devices')
const o = devices.as('o')
const bindable = sql`${keyed(own)} AND ${unexpired(own)} AND ${devices.supersededAt} IS NULL
  AND (${differs(devices.userId, value('userId'))} OR ${devices.userProved} <> ${value('proved')})
  AND (${value('replace')} = 1 OR ${devices.userId} IS NULL OR ${devices.userId} = ${value('userId')})
  AND (${value('limit')} IS NULL OR ${same(devices.userId, value('userId'))}
    OR (SELECT count(*) FROM (SELECT 1 FROM ${o}
      WHERE ${o.appId} = ${value('app')} AND ${o.userId} = ${value('userId')} AND ${o.dialect} = ${value('dialect')}
        AND ${o.supersededAt} IS NULL AND ${unexpired(o)} AND ${o.platform} IN ${listed('among')}
      LIMIT ${value('limit')}) others) < ${value('limit')})`

export const logBound = statement(sql`
  ${logged}
  SELECT ${devices.appId}, ${devices.id}, ${eventKind('userChanged')}, ${value('cause')},
    ${object({ userId: devices.userId, userProved: devices.userProved })}, ${value('now')}
  FROM ${devices} WHERE ${bindable}`)

/**
 * Binds a user if the dialect's rules allow it: there is no user (or replacing is allowed), and the limit is not reached. For
 * the same user, only `userProved` may change.
 */
export const bindUser = statement(sql`
  UPDATE ${devices} SET ${devices.userId} = ${value('userId')}, ${devices.userProved} = ${value('proved')},
    ${devices.updatedAt} = ${value('now')}, ${seen}
  WHERE ${bindable}`)

const d = devices.as('d')

/** Runs before it: excludes the device from a pending removal of its new user. */
export const spareBound = spare(
  sql`${keyed(d)} AND ${unexpired(d)} AND ${d.supersededAt} IS NULL`,
  value('userId'),
)

/** The device's user afterwards; no row for an unknown device. */
export const boundUser = statement(
  sql`SELECT ${columns({ user_id: devices.userId })} FROM ${d} WHERE ${keyed(d)} AND ${unexpired(d)} AND ${d.supersededAt} IS NULL`,
)
