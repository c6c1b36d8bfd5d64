/**
 * Creates a device of which no row exists yet. The first statement writes only in that case, and each further one only if
 * the previous one wrote: if another process was faster, the whole list leaves no trace, and the first statement
 * returns no row.
 */
import { keyed, numberOfDrawn, spoken } from '../conditions.ts'
import { changedBefore, digest, elements, flag, item, listed, object, randomId } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { counters, devices, jobItems, pushTokens, removals, subscriptions } from '../tables.ts'
import { columns, sql, type Template, value } from '../template.ts'
import { viewedAsAsked } from './device-view.ts'
import { sentTokenRow } from './devices.ts'
import { eventKind, loggedOnce } from './history.ts'
import { rowWaits } from './jobs.ts'
import { hasRoom } from './room.ts'

const d = devices.as('d')
const k = devices.as('k')
const p = pushTokens.as('p')
const t = item('t')
const going = removals.as('going')
const own = counters.as('counters')
const excluded = counters.as('excluded')

/** The token is already registered. */
export const tokenRow = sql`EXISTS (SELECT 1 FROM ${p} WHERE ${p.appId} = ${value('app')} AND ${p.provider} = ${value('provider')} AND ${p.digest} = ${digest(value('hash'))})`
const deviceRow = sql`EXISTS (SELECT 1 FROM ${k} WHERE ${keyed(k)})`

/** Whether rows exist for the key and for the token of a registration, even expired ones. */
export const taken = statement(sql`SELECT ${columns({ device: flag(deviceRow), token: flag(tokenRow) })}`)

/** Rows of the app are still being removed, which these statements do not handle. */
export const removing = sql`EXISTS (SELECT 1 FROM ${going} WHERE ${going.appId} = ${value('app')})`

const deviceWhere = <Names extends string>(more: Template<Names>) =>
  statement(sql`
  ${insertion(devices, {
    id: value('deviceId'),
    appId: value('app'),
    dialect: value('dialect'),
    externalId: value('externalId'),
    platform: value('platform'),
    pushTokenId: value('tokenId'),
    userId: value('userId'),
    userProved: value('userProved'),
    enabled: value('enabled'),
    expiresAt: value('expiresAt'),
    name: value('name'),
    model: value('model'),
    osVersion: value('osVersion'),
    appVersion: value('appVersion'),
    sdkVersion: value('sdkVersion'),
    language: value('language'),
    timezone: value('timezone'),
    details: value('details'),
    createdAt: value('now'),
    updatedAt: value('now'),
    lastSeenAt: value('now'),
    updatedBy: value('change'),
  })}
  WHERE ${spoken} AND NOT ${tokenRow} AND NOT ${removing} AND ${more}
  ON CONFLICT DO NOTHING RETURNING ${columns({ id: devices.id })}`)

const ofJob = sql`EXISTS (SELECT 1 FROM ${jobItems} WHERE ${rowWaits})`
export const insertDevice = { alone: deviceWhere(sql`true`), ofJob: deviceWhere(ofJob) }
/** The same in an app with a limit on devices. */
export const insertWithin = { alone: deviceWhere(hasRoom), ofJob: deviceWhere(sql`${ofJob} AND ${hasRoom}`) }

export const insertToken = statement(sql`
  ${insertion(pushTokens, { ...sentTokenRow, dialects: value('dialects') })} WHERE ${changedBefore}`)

export const logMade = statement(sql`
  ${loggedOnce}
  SELECT ${value('app')}, ${value('deviceId')}, ${eventKind('registered')}, ${value('cause')}, ${object({ pushTokenId: value('tokenId') })}, ${value('now')}, ${value('change')}
  WHERE ${changedBefore}`)

/** Counts the device and its topics. */
export const countMade = statement(sql`
  INSERT INTO ${counters} (${counters.appId}, ${counters.kind}, ${counters.name}, ${counters.amount})
  SELECT ${value('app')}, 'devices', ${value('bucket')}, 1 WHERE ${changedBefore}
  UNION ALL SELECT ${value('app')}, 'day', ${value('day')}, 1 WHERE ${changedBefore}
  UNION ALL SELECT ${value('app')}, 'topic', ${t.value}, 1 FROM ${elements(value('countedTopics'))} t WHERE ${changedBefore}
  ON CONFLICT (${counters.appId}, ${counters.kind}, ${counters.name}) DO UPDATE SET ${counters.amount} = ${own.amount} + ${excluded.amount}`)

/** Its topics, which are distinct. */
export const insertTopics = statement(sql`
  ${insertion(subscriptions, {
    device: numberOfDrawn,
    topic: t.value,
    appId: value('app'),
    id: sql`CASE WHEN ${value('withIds')} = 1 THEN ${randomId} END`,
    automatic: flag(sql`${t.value} IN ${listed('automatic')}`),
    createdAt: value('now'),
  })}
  FROM ${elements(value('topics'))} t WHERE ${changedBefore}`)

export const made = statement(sql`${viewedAsAsked} WHERE ${d.id} = ${value('deviceId')}`)
