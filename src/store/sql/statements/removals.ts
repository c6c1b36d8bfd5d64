import { ofApp } from '../conditions.ts'
import { number } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { type Statement, statement } from '../statement.ts'
import { counters, devices, removalPicks, removalSpares, removals, subscriptions, tags } from '../tables.ts'
import { columns, join, orNull, type RowOf, sql, type Template, text, value } from '../template.ts'
import { queue } from './queue.ts'
import { erasePicked, erasePickedOfApp, logErased, logGone, type Removal, removePicked } from './removal.ts'
import { DEVICES, type Extent, HANGING, next, REST } from './removal-extents.ts'
import type { Names, Trace } from './removal-traces.ts'
import { forgetWork } from './user-work.ts'

const d = devices.as('d')
const own = removals.as('own')
const { id, dialect, userId, erase, mark, cause, at, lease } = removals

/** The oldest removal is next. */
const waiting = queue({ table: removals, key: (of) => [of.id], order: (of) => sql`${of.at}, ${of.id}` })
export const { anyDue } = waiting

const newest = sql`SELECT ${devices.id} FROM ${devices} WHERE ${ofApp(devices)} ORDER BY ${devices.createdAt} DESC, ${devices.id} DESC LIMIT 1`
/** Hides the data named by the removal; rows created later are not covered. The caller holds the lease. */
export const startRemoval = statement(
  insertion(removals, {
    id: value('removal'),
    appId: value('app'),
    dialect: value('dialect'),
    userId: value('userId'),
    erase: value('erase'),
    mark: value('subject'),
    cause: value('cause'),
    at: value('now'),
    untilAt: sql`coalesce((SELECT max(${devices.createdAt}) FROM ${devices} WHERE ${ofApp(devices)}), 0)`,
    untilId: sql`coalesce((${newest}), '')`,
    lease: value('lease'),
    dueAt: value('until'),
  }),
)

const removalColumns = columns({
  id,
  app_id: removals.appId,
  dialect,
  user_id: userId,
  erase,
  mark: orNull(text(mark)),
  cause,
  at,
})
export type RemovalRow = RowOf<typeof removalColumns>
export const claimRemoval = statement(sql`${waiting.claim} RETURNING ${removalColumns}`)

/** After the last batch of a lease. */
export const release = statement(
  sql`UPDATE ${removals} SET ${waiting.free(number(0))} WHERE ${id} = ${value('removal')} AND ${lease} = ${value('lease')}`,
)

/** The lease still holds the removal; otherwise a batch does nothing, because later rows are not covered. */
const mine = sql`EXISTS (SELECT 1 FROM ${own} WHERE ${own.id} = ${value('removal')} AND ${own.lease} = ${value('lease')})`

const take = ({ table, key, of, from, set }: Trace): Statement<unknown, Names> => {
  const found = sql`${mine} AND (${join(key, ', ')}) IN (SELECT ${join(of, ', ')} ${from} LIMIT ${value('rows')})`
  return set === undefined
    ? statement(sql`DELETE FROM ${table} WHERE ${found}`)
    : statement(sql`UPDATE ${table} SET ${set} WHERE ${found}`)
}

/** The number of rows of a device, counted up to the size of a batch. */
const weight = (of: Template, on: Template) =>
  sql`(SELECT count(*) FROM (SELECT 1 FROM ${of} WHERE ${on} LIMIT ${value('rows')}) few)`
const topic = subscriptions.as('t')
const tag = tags.as('t')
const weights = sql`${weight(topic, sql`${topic.device} = ${d.number}`)} + ${weight(tag, sql`${tag.deviceId} = ${d.id}`)}`

/** Devices with no more rows than a batch can delete, at least one. */
const pick = (extent: Extent) => {
  const order = DEVICES[extent].order
  const bare = HANGING[extent].map(
    ({ rows, on }) => sql`NOT EXISTS (SELECT 1 FROM ${d} JOIN ${rows} ON ${on} WHERE ${d.id} = k.id)`,
  )
  return statement(sql`
    INSERT INTO ${removalPicks} (${removalPicks.removalId}, ${removalPicks.deviceId})
    SELECT ${value('removal')}, k.id FROM (
      SELECT ${d.id}, sum(d.weight) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - d.weight AS before
      FROM (SELECT ${d.id}, ${d.createdAt}, ${weights} AS weight FROM ${next(extent)} d) d) k
    WHERE ${mine} AND k.before < ${value('rows')} AND ${join(bare, ' AND ')}`)
}
const unpick = statement(
  sql`DELETE FROM ${removalPicks} WHERE ${removalPicks.removalId} = ${value('removal')}`,
)

/** Ends the removal once nothing is left. */
const finish = (extent: Extent) => {
  const left = [sql`FROM ${d} WHERE ${DEVICES[extent].where}`, ...REST[extent].map(({ from }) => from)]
  const nothing = left.map((from) => sql`NOT EXISTS (SELECT 1 ${from})`)
  return statement(
    sql`DELETE FROM ${removals} WHERE ${id} = ${value('removal')} AND ${lease} = ${value('lease')} AND ${join(nothing, ' AND ')} RETURNING ${columns({ id })}`,
  )
}
const forgetSpares = statement(sql`
  DELETE FROM ${removalSpares} WHERE ${removalSpares.removalId} = ${value('removal')}
    AND NOT EXISTS (SELECT 1 FROM ${removals} WHERE ${id} = ${value('removal')})`)

const count = sql`${counters.appId}, ${counters.kind}, ${counters.name}`
/** The names of topics without subscriptions. */
const forgetCounts = statement(sql`
  DELETE FROM ${counters} WHERE (${count}) IN
    (SELECT ${count} FROM ${counters} WHERE ${ofApp(counters)} AND ${counters.amount} = 0 LIMIT ${value('rows')})`)

/** One batch of a removal: no statement changes more rows than `rows` plus those of one device. */
export interface Piece {
  readonly before: readonly Statement<unknown, Names>[]
  readonly devices: Removal<Names>
  readonly finish: Statement<{ readonly id: string }, Names>
  readonly after: readonly Statement<unknown, Names>[]
}

const DELETED: Record<Extent, Removal<Names>> = {
  app: erasePickedOfApp,
  dialect: erasePicked,
  user: erasePicked,
  userOfDialect: removePicked,
}

const pieceOf = (extent: Extent): Piece => ({
  before: [
    // All of the user's waiting work at once: nothing more is done for an erased user.
    ...(extent === 'user' ? [forgetWork(mine), logGone(mine)] : []),
    ...REST[extent].map(take),
    ...HANGING[extent]
      .filter(({ apart }) => !apart)
      .map((of) => take({ ...of, from: sql`FROM ${next(extent)} d JOIN ${of.rows} ON ${of.on}` })),
    pick(extent),
  ],
  devices: DELETED[extent],
  finish: finish(extent),
  after: [
    ...(extent === 'user' || extent === 'dialect' ? [logErased] : []),
    unpick,
    forgetSpares,
    forgetCounts,
  ],
})

export const PIECES: Record<Extent, Piece> = {
  app: pieceOf('app'),
  dialect: pieceOf('dialect'),
  user: pieceOf('user'),
  userOfDialect: pieceOf('userOfDialect'),
}
