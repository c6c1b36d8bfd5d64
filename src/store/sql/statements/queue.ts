/**
 * Everything that waits, in one form and written once: `dueAt` says when a row is due or, while somebody has it, when the
 * lease ends; `lease` names the claim. The tables stay apart: each is read through indexes of its own, written in the
 * plans of its subject and erased with it, and one table for all would burden every registration with all of that.
 */

import { found, inTurn } from '../forms.ts'
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
  /** Which row is first, of all or of its lane: in the order of an index. */
  readonly order: (of: R) => Template
  /** Which rows may be claimed once they are due. */
  readonly open?: (of: R) => Template<'now' | 'horizon'>
}

/** What a queue with lanes has besides. In its pieces of SQL, the lane is `LANE`. */
export interface LaneOptions<R extends Row, Open extends string, Room extends string> {
  readonly lane: (of: R) => Expression
  /** The condition of the index of lanes, where it has one. */
  readonly indexed?: (of: R) => Template
  /** What belongs to a lane, joined to it. */
  readonly joined?: Template
  /** From which lanes rows may be claimed. */
  readonly openLane: Template<Open>
  /** How many more rows of the lane may be leased, where that is less than `each`. */
  readonly room: Template<Room>
  /** What goes before the turns of the lanes. */
  readonly rank: (of: R) => Template
  /** No row waits until after the horizon: one that does was written before the clock was set back. */
  readonly near?: boolean
}

/** The lane of a claim. */
export const LANE = raw('l.lane')
/** For a `room` that is `each`. */
export const EACH = value('each')

const ALL = raw('1 = 1')
const NO_JOIN = raw('')

/** Pieces of SQL that are the same with lanes and without. */
function pieces<R extends Row>({ table, key, order, open = () => ALL }: QueueOptions<R>) {
  const q = table.as('q')
  const keyOf = (of: R) => join(key(of), ', ')
  // A table has the columns that it has under another name.
  const keys = keyOf(table as unknown as R)
  return {
    q,
    keyOf,
    keys,
    first: sql`SELECT ${keyOf(q)} FROM ${q} WHERE ${open(q)}`,
    inOrder: sql`ORDER BY ${order(q)}`,
    claimed: sql`UPDATE ${table} SET ${table.lease} = ${value('lease')}, ${table.dueAt} = ${value('until')} WHERE (${keys})`,
    shared: {
      /** Of a row that is inserted: due from then on. */
      waiting: <Names extends string>(dueAt: Template<Names>) => ({ lease: raw('NULL'), dueAt }) as const,
      /** What a row is set to that is given back or postponed: due again from then on. */
      free: <Names extends string>(dueAt: Template<Names>) =>
        sql`${table.lease} = NULL, ${table.dueAt} = ${dueAt}`,
      /** Makes a lease last longer. */
      renew: statement(
        sql`UPDATE ${table} SET ${table.dueAt} = ${value('until')} WHERE ${table.lease} = ${value('lease')}`,
      ),
    },
  }
}

/** A lease that ends after the horizon was taken before the clock was set back. */
const stray = (of: Row) => sql`${of.lease} IS NOT NULL AND ${of.dueAt} > ${value('horizon')}`

/** A queue in which all rows are in one order. */
export function queue<R extends Row>(options: QueueOptions<R>) {
  const { q, first, inOrder, claimed, shared } = pieces(options)
  const due = sql`${first} AND (${q.dueAt} <= ${value('now')} OR ${stray(q)})`
  return {
    ...shared,
    /** Whether a claim would find anything. */
    anyDue: statement(sql`SELECT 1 FROM (${due} LIMIT 1) due`),
    /** Takes the first rows that are due. */
    claim: sql`${claimed} IN (${due} ${inOrder} LIMIT ${value('limit')})`,
  }
}

/**
 * A queue in which each row has a lane, and the lanes take turns. Each is found by one step in the index of lanes,
 * however much waits in it.
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
  return {
    ...shared,
    lanes,
    /** First in a claim: what waits for a time out of reach, since the clock was set back, is due. */
    freeStrays: statement(sql`UPDATE ${table} SET ${shared.free(value('now'))}
      WHERE (${keys}) IN (WITH RECURSIVE ${lanes} ${strays} LIMIT ${value('most')})`),
    /** Whether a claim would find anything. */
    anyDue: statement(sql`
      WITH RECURSIVE ${lanes}
      SELECT 1 FROM lanes l ${joined} WHERE ${openLane} AND ${room} > 0 AND EXISTS (${firstDue})
      UNION ALL SELECT 1 FROM (${strays}) stray LIMIT 1`),
    /** Takes the first rows of each lane that are due, as many as it has room for, one of each before a second one. */
    claim: sql`${claimed} IN (
      WITH RECURSIVE ${lanes}
      SELECT ${keys} FROM (
        SELECT ${keyOf(g)}, ${g.dueAt} AS due, ${rank(g)} AS rank, ${room} AS room,
          row_number() OVER (PARTITION BY ${LANE} ORDER BY ${order(g)}) AS place
        FROM lanes l ${joined} ${found(table, g, key, sql`${firstDue} ${inOrder} LIMIT ${EACH}`)}
        WHERE ${openLane}) turns
      WHERE place <= room ORDER BY rank, place, due LIMIT ${value('limit')})`,
  }
}
