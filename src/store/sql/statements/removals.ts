import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { erasePicked, erasePickedOfApp, type Removal, removePicked } from './removal.ts'
import { value } from './shared.ts'
import { forgetWork } from './user-work.ts'

/** What goes as a whole: an app, a dialect of it, a user of it in every dialect, a user in one dialect. */
export const EXTENTS = ['app', 'dialect', 'user', 'userOfDialect'] as const
export type Extent = (typeof EXTENTS)[number]

export interface RemovalRow {
  id: string
  app_id: string
  dialect: string | null
  user_id: string | null
  erase: number
  cause: string
  at: number
}

const app = sql`app_id = ${value('app')}`

/** From here on nobody sees what it names, and whatever comes later is not meant. */
export const startRemoval = statement(sql`
  INSERT INTO removals (id, app_id, dialect, user_id, erase, cause, at, until_at, until_id)
  SELECT ${value('removal')}, ${value('app')}, ${value('dialect')}, ${value('userId')}, ${value('erase')}, ${value('cause')}, ${value('now')},
    coalesce((SELECT max(created_at) FROM devices WHERE ${app}), 0),
    coalesce((SELECT id FROM devices WHERE ${app} ORDER BY created_at DESC, id DESC LIMIT 1), '')`)

/** The removal that has waited longest. */
export const oldestRemoval: Statement<RemovalRow> = statement(
  sql`SELECT id, app_id, dialect, user_id, erase, cause, at FROM removals ORDER BY at, id LIMIT 1`,
)

const dialect = sql`dialect = ${value('dialect')}`
const before = sql`created_at <= ${value('now')}`
// The plus keeps the planner from an index that has the time but not the order: it would sort all that is left each time.
const meant = sql`(+d.created_at, d.id) <= (SELECT until_at, until_id FROM removals WHERE id = ${value('removal')})
  AND NOT EXISTS (SELECT 1 FROM removal_spares spared WHERE spared.removal_id = ${value('removal')} AND spared.device_id = d.id)`

/** The devices of each extent, and an order in which an index has them. */
const DEVICES: Record<Extent, { readonly where: SQL; readonly order: SQL }> = {
  app: { where: sql`d.${app}`, order: sql.raw('d.created_at, d.id') },
  dialect: { where: sql`d.${app} AND d.${dialect} AND ${meant}`, order: sql.raw('d.id') },
  user: {
    where: sql`d.${app} AND d.user_id = ${value('userId')} AND ${meant}`,
    order: sql.raw('d.created_at, d.id'),
  },
  userOfDialect: {
    where: sql`d.${app} AND d.${dialect} AND d.user_id = ${value('userId')} AND ${meant}`,
    order: sql.raw('d.id'),
  },
}

/** The next devices of an extent, no more than a batch. */
const next = (extent: Extent): SQL => {
  const { where, order } = DEVICES[extent]
  return sql`(SELECT d.* FROM devices d WHERE ${where} ORDER BY ${order} LIMIT ${value('batch')})`
}

/** Rows of one table that go with an extent; `set` where the row stays and only says less. */
interface Trace {
  readonly table: string
  readonly key: string
  readonly from: SQL
  readonly set?: string
}

const take = ({ table, key, from, set }: Trace): Statement => {
  const rows = sql`(${sql.raw(key)}) IN (SELECT ${sql.raw(key.replace(/\w+/g, 't.$&'))} ${from} LIMIT ${value('rows')})`
  return set === undefined
    ? statement(sql`DELETE FROM ${sql.raw(table)} WHERE ${rows}`)
    : statement(sql`UPDATE ${sql.raw(table)} SET ${sql.raw(set)} WHERE ${rows}`)
}

const RECEIPT = { table: 'receipts', key: 'device_id, message_id, kind' }
const EVENT = { table: 'events', key: 'id' }
const CALL = { table: 'outbox', key: 'id' }
const CLIENT = { table: 'clients', key: 'id' }
/** The row of a job stays, so that its numbers add up, and is nobody's. */
const JOB_ROW = {
  table: 'job_items',
  key: 'job_id, position',
  set: `label = '', subject = '', input = NULL, reason = CASE WHEN state = 'done' THEN reason ELSE 'was erased' END,
    state = CASE WHEN state = 'done' THEN state ELSE 'failed' END`,
}

/** `d` is one of the devices that are looked at; what an index finds by it. */
const ofDevice = (table: string, condition: string): SQL =>
  sql`JOIN ${sql.raw(table)} t ON ${sql.raw(condition)}`
type Hanging = Omit<Trace, 'from'> & { readonly join: SQL }

const reports: Hanging = { ...RECEIPT, join: ofDevice('receipts', 't.device_id = d.id') }
const history: Hanging = { ...EVENT, join: ofDevice('events', 't.app_id = d.app_id AND t.device_id = d.id') }
const calls: Hanging = {
  ...CALL,
  join: ofDevice('outbox', `t.app_id = d.app_id AND t.event ->> '$.device.id' = d.id`),
}
/** What hangs on the devices of an extent and may be more than a piece holds: it goes before them. */
const HANGING: Record<Extent, readonly Hanging[]> = {
  app: [reports, history, calls],
  dialect: [reports, history, calls],
  userOfDialect: [reports],
  user: [
    reports,
    history,
    calls,
    {
      ...EVENT,
      join: ofDevice('events', `t.app_id = d.app_id AND t.detail ->> '$.by' IN (d.external_id, d.id)`),
      set: `detail = json_remove(detail, '$.by')`,
    },
    {
      ...JOB_ROW,
      join: sql`JOIN job_items t ON t.subject = d.external_id AND t.subject <> ''
        AND (SELECT j.app_id FROM jobs j WHERE j.id = t.job_id) = d.app_id`,
    },
    {
      ...CLIENT,
      join: ofDevice(
        'clients',
        't.app_id = d.app_id AND t.dialect = d.dialect AND t.external_id = d.external_id',
      ),
    },
  ],
}

const ofApp = (table: string, key: string): Trace => ({
  table,
  key,
  from: sql`FROM ${sql.raw(table)} t WHERE t.${app}`,
})
const ofUser = (table: string, path: string): SQL =>
  sql`FROM ${sql.raw(table)} t WHERE t.${app} AND t.${sql.raw(path)} = ${value('userId')}`
const jobsOf = (condition: SQL): readonly Trace[] => [
  {
    table: 'job_items',
    key: 'job_id, position',
    from: sql`FROM jobs j CROSS JOIN job_items t ON t.job_id = j.id WHERE ${condition}`,
  },
  {
    table: 'jobs',
    key: 'id',
    from: sql`FROM jobs t WHERE t.id IN (SELECT j.id FROM jobs j WHERE ${condition})
      AND NOT EXISTS (SELECT 1 FROM job_items i WHERE i.job_id = t.id)`,
  },
]

/** What goes with an extent besides what hangs on its devices. */
const REST: Record<Extent, readonly Trace[]> = {
  app: [
    ...jobsOf(sql`j.${app}`),
    ofApp('receipts', RECEIPT.key),
    ofApp('events', 'id'),
    ofApp('outbox', 'id'),
    ofApp('clients', 'id'),
    ofApp('grants', 'id'),
    ofApp('signing_keys', 'id'),
    ofApp('documents', 'app_id, dialect, kind'),
    ofApp('webhooks', 'app_id, dialect, name'),
    ofApp('catalogue', 'app_id, dialect, name'),
    ofApp('tag_types', 'app_id, dialect, name'),
    ofApp('counters', 'app_id, kind, name'),
    {
      table: 'push_tokens',
      key: 'id',
      // Asked once, before any of them is looked at.
      from: sql`FROM (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM devices d WHERE d.${app})) CROSS JOIN push_tokens t WHERE t.${app}`,
    },
  ],
  dialect: [
    ...jobsOf(sql`j.${app} AND j.${dialect} AND j.${before}`),
    { ...CALL, from: sql`FROM outbox t WHERE t.${app} AND t.${dialect} AND t.${before}` },
    { ...CLIENT, from: sql`FROM clients t WHERE t.${app} AND t.${dialect} AND t.${before}` },
  ],
  user: [
    { ...EVENT, from: ofUser('events', `detail ->> '$.userId'`) },
    { ...RECEIPT, from: ofUser('receipts', `details ->> '$.userId'`) },
    { ...CALL, from: ofUser('outbox', `event ->> '$.device.userId'`) },
    {
      ...JOB_ROW,
      from: sql`FROM job_items t JOIN jobs j ON j.id = t.job_id
        WHERE t.input ->> '$.patch.user.id' = ${value('userId')} AND j.${app} AND j.${before}`,
    },
  ],
  userOfDialect: [],
}

/** How much hangs on a device, as far as it matters: no more than a piece holds. */
const weight = (table: string): SQL =>
  sql`(SELECT count(*) FROM (SELECT 1 FROM ${sql.raw(table)} t WHERE t.device_id = d.id LIMIT ${value('rows')}))`

/** Devices on which no more hangs than a piece can take, at least one. */
const pick = (extent: Extent): Statement => {
  const order = DEVICES[extent].order
  const bare = HANGING[extent].map(
    ({ join }) => sql`NOT EXISTS (SELECT 1 FROM devices d ${join} WHERE d.id = k.id)`,
  )
  return statement(sql`
    INSERT INTO removal_picks (removal_id, device_id)
    SELECT ${value('removal')}, k.id FROM (
      SELECT d.id, sum(d.weight) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - d.weight AS before
      FROM (SELECT d.id, d.created_at, ${weight('subscriptions')} + ${weight('tags')} AS weight FROM ${next(extent)} d) d) k
    WHERE k.before < ${value('rows')} AND ${sql.join(bare, sql` AND `)}`)
}
const unpick = statement(sql`DELETE FROM removal_picks WHERE removal_id = ${value('removal')}`)

/** Done once nothing is left. */
const finish = (extent: Extent): Statement<{ id: string }> => {
  const left = [sql`FROM devices d WHERE ${DEVICES[extent].where}`, ...REST[extent].map(({ from }) => from)]
  const nothing = left.map((from) => sql`NOT EXISTS (SELECT 1 ${from})`)
  return statement(
    sql`DELETE FROM removals WHERE id = ${value('removal')} AND ${sql.join(nothing, sql` AND `)} RETURNING id`,
  )
}
const forgetSpares = statement(sql`
  DELETE FROM removal_spares WHERE removal_id = ${value('removal')}
    AND NOT EXISTS (SELECT 1 FROM removals WHERE id = ${value('removal')})`)

/** The names of topics that nobody has any more. */
const forgetCounts = statement(sql`
  DELETE FROM counters WHERE (app_id, kind, name) IN
    (SELECT app_id, kind, name FROM counters WHERE ${app} AND amount = 0 LIMIT ${value('rows')})`)

/** One piece of a removal: no statement of it changes more rows than `rows` and what hangs on one device. */
export interface Piece {
  readonly before: readonly Statement[]
  readonly devices: Removal
  readonly finish: Statement<{ id: string }>
  readonly after: readonly Statement[]
}

const DELETED: Record<Extent, Removal> = {
  app: erasePickedOfApp,
  dialect: erasePicked,
  user: erasePicked,
  userOfDialect: removePicked,
}

const pieceOf = (extent: Extent): Piece => ({
  before: [
    // As much as may wait at all, and at once: nothing more is done for who is erased.
    ...(extent === 'user' ? [forgetWork] : []),
    ...REST[extent].map(take),
    ...HANGING[extent].map(({ join, ...of }) => take({ ...of, from: sql`FROM ${next(extent)} d ${join}` })),
    pick(extent),
  ],
  devices: DELETED[extent],
  finish: finish(extent),
  after: [unpick, forgetSpares, forgetCounts],
})

export const PIECES: Record<Extent, Piece> = {
  app: pieceOf('app'),
  dialect: pieceOf('dialect'),
  user: pieceOf('user'),
  userOfDialect: pieceOf('userOfDialect'),
}
