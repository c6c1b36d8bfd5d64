/**
 * SQL shared by all queues: `dueAt` is when a row is due or, while leased, when the lease ends; `lease` names the claim. The
 * tables stay separate: each has its own indexes, is written in the plans of its subject and erased with it; with a common
 * table, every registration would pay for all of that.
 */

import { elements, found, inTurn, item } from '../forms.ts'
import { statement } from '../statement.ts'
import { type Expression, join, raw, sql, type Template, value } from '../template.ts'

interface Row extends Template {
  readonly lease: Expression<string | null>
  readonly dueAt: Expression<number | null>
}
interface QueueTable<R extends Row> extends Row {
  readonly as: (alias: string) => R
}

export interface QueueOptions<R extends Row> {
  readonly table: QueueTable<R>
  readonly key: (of: R) => readonly Expression[]
  /** The order of rows, of the whole queue or of a lane; must match an index. */
  readonly order: (of: R) => Template
  /** Which rows may be claimed when they are due. */
  readonly open?: (of: R) => Template<'now' | 'horizon'>
}

/** Options of a queue with lanes. Their SQL refers to the lane as `LANE`. */
export interface LaneOptions<R extends Row, Open extends string, Room extends string> {
  readonly lane: (of: R) => Expression
  /** The condition of the lanes' index, if it is partial. */
  readonly indexed?: (of: R) => Template
  /** The join of a lane's own table. */
  readonly joined?: Template
  /** Lanes from which rows may be claimed. */
  readonly openLane: Template<Open>
  /** How many more rows of the lane may be leased, if fewer than `each`. */
  readonly room: Template<Room>
  /** Sorts before the turns of the lanes. */
  readonly rank: (of: R) => Template
  /** No row waits beyond the horizon: a later time was set before the clock was set back. */
  readonly near?: boolean
}

/** The lane of a claim. */
export const LANE = raw('l.lane')
/** For a `room` equal to `each`. */
export const EACH = value('each')

const ALL = raw('1 = 1')
const NO_JOIN = raw('')

/** SQL common to queues with and without lanes. */
function pieces<R extends Row>({ table, key, order, open = () => ALL }: QueueOptions<R>) {
  const q = table.as('q')
  const keyOf = (of: R) => join(key(of), ', ')
  // Safe cast: the alias has the table's columns.
  const keys = keyOf(table as unknown as R)
  return {
    q,
    keyOf,
    keys,
    first: sql`SELECT ${keyOf(q)} FROM ${q} WHERE ${open(q)}`,
    inOrder: sql`ORDER BY ${order(q)}`,
    claimed: sql`UPDATE ${table} SET ${table.lease} = ${value('lease')}, ${table.dueAt} = ${value('until')} WHERE (${keys})`,
    shared: {
      /** The columns of an inserted row, which is due at that time. */
      waiting: <Names extends string>(dueAt: Template<Names>) => ({ lease: raw('NULL'), dueAt }) as const,
      /** Sets a row that is released or postponed, and is due at that time. */
      free: <Names extends string>(dueAt: Template<Names>) =>
        sql`${table.lease} = NULL, ${table.dueAt} = ${dueAt}`,
      /** Extends a lease. */
      renew: statement(
        sql`UPDATE ${table} SET ${table.dueAt} = ${value('until')} WHERE ${table.lease} = ${value('lease')}`,
      ),
    },
  }
}

/** A lease that ends after the horizon was taken before the clock was set back. */
const stray = (of: Row) => sql`${of.lease} IS NOT NULL AND ${of.dueAt} > ${value('horizon')}`

/** A queue without lanes. */
export function queue<R extends Row>({
  byTime = false,
  ...options
}: QueueOptions<R> & {
  /** Whether rows are in the order of their times: then those that are due later are not read. */
  readonly byTime?: boolean
}) {
  const { q, keyOf, first, inOrder, claimed, shared } = pieces(options)
  const now = value('now')
  const due = sql`${first} AND (${q.dueAt} <= ${now} OR ${stray(q)})`
  const ranges = <Names extends string>(limit: Template<Names>) => sql`
      SELECT ${keyOf(q)} FROM (${first} AND ${stray(q)} LIMIT ${limit}) q
      UNION ALL SELECT ${keyOf(q)} FROM (${first} AND ${q.dueAt} <= ${now} ${inOrder} LIMIT ${limit}) q
      LIMIT ${limit}`
  const one = raw('1')
  const limit = value('limit')
  return {
    ...shared,
    /** Whether a claim would return any row. */
    anyDue: statement(sql`SELECT 1 FROM (${byTime ? ranges(one) : sql`${due} LIMIT 1`}) due`),
    /** Claims the first due rows. */
    claim: sql`${claimed} IN (${byTime ? ranges(limit) : sql`${due} ${inOrder} LIMIT ${limit}`})`,
  }
}

/**
 * A queue in which each row has a lane, and lanes take turns. Each lane is found by one index step,
 * however many rows wait in it.
 */
export function laneQueue<R extends Row, Open extends string, Room extends string>(
  options: QueueOptions<R> & LaneOptions<R, Open, Room>,
) {
  const {
    table,
    key,
    order,
    lane,
    indexed = () => ALL,
    joined = NO_JOIN,
    openLane,
    room,
    rank,
    near,
  } = options
  const { q, keyOf, keys, first, inOrder, claimed, shared } = pieces(options)
  const g = table.as('g')
  const lanes = sql`lanes(lane) AS (
    SELECT min(${lane(g)}) FROM ${g} WHERE ${indexed(g)}
    UNION ALL
    SELECT (SELECT min(${lane(g)}) FROM ${g} WHERE ${indexed(g)} AND ${lane(g)} > lanes.lane) FROM lanes WHERE lanes.lane IS NOT NULL)`
  const ofLane = sql`${lane(q)} = ${LANE}`
  const firstDue = sql`${first} AND ${ofLane} AND ${q.dueAt} <= ${value('now')}`
  const leased = sql`SELECT ${keyOf(q)} FROM ${q} WHERE ${stray(q)}`
  const late = sql`SELECT ${keyOf(q)} FROM lanes l ${inTurn(q, ofLane)} WHERE ${q.dueAt} > ${value('horizon')}`
  const strays = near ? late : leased
  const given = sql`lanes(lane) AS (SELECT ${item('one').value} FROM ${elements(value('lanes'))} one)`
  const firstOf = <Names extends string>(limit: Template<Names>) =>
    found(table, g, key, sql`${firstDue} ${inOrder} LIMIT ${limit}`)
  const claim = <Names extends string>(from: Template<Names>) => sql`${claimed} IN (
      WITH RECURSIVE ${from}
      SELECT ${keys} FROM (
        SELECT ${keyOf(g)}, ${g.dueAt} AS due, ${rank(g)} AS rank, ${room} AS room,
          row_number() OVER (PARTITION BY ${LANE} ORDER BY ${order(g)}) AS place
        FROM lanes l ${joined} ${firstOf(EACH)}
        WHERE ${openLane}) turns
      WHERE place <= room ORDER BY rank, place, due LIMIT ${value('limit')})`
  return {
    ...shared,
    lanes,
    /** Runs first in a claim: makes rows due whose time lies beyond the horizon because the clock was set back. */
    freeStrays: statement(sql`UPDATE ${table} SET ${shared.free(value('now'))}
      WHERE (${keys}) IN (WITH RECURSIVE ${lanes} ${strays} LIMIT ${value('most')})`),
    /** Whether there is such a row. */
    anyStray: statement(sql`WITH RECURSIVE ${lanes} SELECT 1 FROM (${strays}) stray LIMIT 1`),
    /** Whether a claim would return any row. */
    anyDue: statement(sql`
      WITH RECURSIVE ${lanes}
      SELECT 1 FROM lanes l ${joined} WHERE ${openLane} AND ${room} > 0 AND EXISTS (${firstDue})
      UNION ALL SELECT 1 FROM (${strays}) stray LIMIT 1`),
    /** The lanes from which a claim would take rows, in the order of their first rows `g`. */
    dueLanes: <Row>(shown: Template<never, Row>) =>
      sql`
      WITH RECURSIVE ${lanes}
      SELECT ${shown} FROM lanes l ${joined} ${firstOf(raw('1'))}
      WHERE ${openLane} AND ${room} > 0 ORDER BY ${rank(g)} + 0, ${g.dueAt} LIMIT ${value('limit')}`,
    /** Claims the first due rows of each lane, as many as it has room for, one per lane before a second one. */
    claim: claim(lanes),
    /** The same, from the lanes of a list. */
    claimIn: claim(given),
  }
}
