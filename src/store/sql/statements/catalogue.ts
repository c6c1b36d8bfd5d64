import { scoped as scopedIn, spoken } from '../conditions.ts'
import { array, changedBefore, literal, number, numeric, object } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { type Alias, catalogue, devices, subscriptions } from '../tables.ts'
import { columns, type RowOf, sql, value } from '../template.ts'
import { countLeft } from './counters.ts'
import { eventKind, loggedApart } from './history.ts'
import { queue } from './queue.ts'

const d = devices.as('d')
const s = subscriptions.as('s')
const own = catalogue.as('catalogue')
const dropped = subscriptions.as('subscriptions')
const { appId, dialect, id, name, description, createdAt, updatedAt, lease, dueAt } = catalogue

export const catalogueColumns = columns({
  id,
  name,
  description,
  created_at: createdAt,
  updated_at: updatedAt,
})
export type CatalogueRow = RowOf<typeof catalogueColumns>

const scoped = scopedIn(catalogue)
const named = sql`${scoped} AND ${name} = ${value('name')}`

/*
 * A removed topic may have any number of subscriptions, deleted in batches. Meanwhile its row is kept under a dialect that
 * no app speaks: it is invisible, nobody can subscribe to it, and whoever creates the name again finds that old
 * subscriptions still exist. Its description contains the devices of the last batch: those after the first number, up to the
 * second. A batch renews the lease, so that an interrupted removal continues once the lease
 * ends.
 */
export const GOING = '/going'
const suffix = literal(GOING)
const going = sql`${scoped} || ${suffix} AND ${name} = ${value('name')}`
/** Greater than every number. */
const last = number(Number.MAX_SAFE_INTEGER)

const made = insertion(catalogue, {
  appId: value('app'),
  dialect: value('dialect'),
  name: value('name'),
  id: value('id'),
  description: value('description'),
  createdAt: value('now'),
  updatedAt: value('now'),
})
export const createCatalogued = statement(sql`
  ${made}
  WHERE ${spoken} AND NOT EXISTS (SELECT 1 FROM ${catalogue} WHERE ${going})
  ON CONFLICT DO NOTHING RETURNING ${catalogueColumns}`)

export const updateCatalogued = statement(sql`
  UPDATE ${catalogue} SET ${description} = coalesce(${value('description')}, ${description}), ${updatedAt} = ${value('now')}
  WHERE ${named} RETURNING ${catalogueColumns}`)

export const findCatalogued = statement(sql`SELECT ${catalogueColumns} FROM ${catalogue} WHERE ${named}`)

export const beginGoing = statement(sql`
  UPDATE ${catalogue} SET ${dialect} = ${dialect} || ${suffix}, ${description} = '[0,0]',
    ${lease} = ${value('lease')}, ${dueAt} = ${value('until')} WHERE ${named}`)

/** Runs after it. */
export const logTopicRemoved = statement(sql`
  ${loggedApart}
  SELECT ${value('app')}, '', ${eventKind('topicRemoved')}, ${value('cause')}, ${object({ topic: value('name') })}, ${value('now')}, ${value('dialect')}, NULL
  WHERE ${changedBefore}`)

const waiting = queue({
  table: catalogue,
  key: (of) => [of.appId, of.dialect, of.name],
  order: (of) => of.dueAt,
  open: (of) => sql`${of.dueAt} IS NOT NULL`,
})
export const { anyDue } = waiting
export const claimGoing = statement(
  sql`${waiting.claim} RETURNING ${columns({ id, app_id: appId, dialect, name })}`,
)

/** Advances to the next batch; no row if the topic is not being removed. */
const advanceGoing = statement(sql`
  UPDATE ${catalogue} SET ${lease} = ${value('lease')}, ${dueAt} = coalesce(${value('until')}, ${dueAt}), ${description} = ${array(
    numeric(description, '$[1]'),
    sql`coalesce((
    SELECT ${s.device} FROM ${s}
    WHERE ${s.appId} = ${value('app')} AND ${s.topic} = ${value('name')} AND ${s.device} > ${numeric(own.description, '$[1]')}
    ORDER BY ${s.device} LIMIT 1 OFFSET ${value('rows')} - 1), ${last})`,
  )}
  WHERE ${going} RETURNING ${columns({ id })}`)

const end = (place: 0 | 1) =>
  sql`(SELECT ${numeric(description, `$[${place}]`)} FROM ${catalogue} WHERE ${going})`
const inPiece = (of: Alias<'subscriptions'>) =>
  sql`${of.appId} = ${value('app')} AND ${of.topic} = ${value('name')}
    AND ${of.device} > ${end(0)} AND ${of.device} <= ${end(1)}`

/** Counts the subscriptions of the dialect's devices. */
const countGoing = countLeft(sql`${inPiece(s)} AND ${d.dialect} = ${value('dialect')}`)
const dropGoing = statement(sql`
  DELETE FROM ${subscriptions} WHERE ${inPiece(dropped)}
    AND EXISTS (SELECT 1 FROM ${d} WHERE ${d.number} = ${dropped.device} AND ${d.dialect} = ${value('dialect')})`)

/** Returns no row while subscriptions are left. */
const finishGoing = statement(
  sql`DELETE FROM ${catalogue} WHERE ${going} AND ${numeric(description, '$[1]')} = ${last} RETURNING ${columns({ id })}`,
)

export const goingPiece = { advanceGoing, countGoing, dropGoing, finishGoing } as const

export const findGoing = statement(sql`SELECT ${columns({ id })} FROM ${catalogue} WHERE ${going}`)

/** Deletes a dialect's catalogue, including topics being removed. */
export const clearCatalogue = statement(
  sql`DELETE FROM ${catalogue} WHERE ${appId} = ${value('app')} AND ${dialect} IN (${value('dialect')}, ${value('dialect')} || ${suffix})`,
)
