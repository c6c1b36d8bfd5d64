import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { listed, patched, tokenId, unexpired, value } from './shared.ts'

/**
 * Counts of an app that are kept with every change, so that reading them costs the same at a million devices.
 *
 * - `devices`: by dialect, platform, provider (empty where there is no token) and activity, joined by `/`
 * - `day`: devices by the date of their first registration
 * - `topic`: the current devices of a topic: in use, not superseded, their token not dead
 *
 * Devices whose time is over count until they are removed; readers subtract the few that wait for it.
 */

/** A flag as 1 or 0. */
const flag = (condition: SQL): SQL => sql`CASE WHEN ${condition} THEN 1 ELSE 0 END`

/** How a device `d` with its push token `p` counts. */
interface Form {
  readonly platform: SQL
  readonly provider: SQL
  readonly enabled: SQL
  readonly live: SQL
  readonly current: SQL
}

const NOW: Form = {
  platform: sql.raw('d.platform'),
  provider: sql.raw('p.provider'),
  enabled: sql.raw('d.enabled = 1'),
  live: sql.raw(`p.state = 'live'`),
  current: sql.raw(`d.superseded_at IS NULL AND (p.id IS NULL OR p.state = 'live')`),
}

const bucket = ({ platform, provider, enabled, live }: Form): SQL =>
  sql`d.dialect || '/' || ${platform} || '/' || coalesce(${provider}, '') || '/' || ${flag(sql`${enabled} AND ${live}`)}`
const holding = ({ enabled, current }: Form): SQL => flag(sql`${enabled} AND ${current}`)

/** The devices `d` with their push tokens `p`. */
export const counted: SQL = sql.raw('FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id')

/** Whether the topics of a device `d` with the push token `p` count. */
export const countsForTopics: SQL = sql`(${holding(NOW)} = 1)`

const forms = (from: Form | null, to: Form | null): SQL => sql`d.id, d.app_id, d.created_at,
  ${from ? bucket(from) : sql.raw('NULL')}, ${to ? bucket(to) : sql.raw('NULL')},
  ${from ? holding(from) : sql.raw('0')}, ${to ? holding(to) : sql.raw('0')}`

/** Devices that come into being or, read before they go, cease to be. */
const born = (where: SQL): SQL => sql`SELECT ${forms(null, NOW)} ${counted} WHERE ${where}`
const gone = (where: SQL): SQL => sql`SELECT ${forms(NOW, null)} ${counted} WHERE ${where}`
/** Devices that stay and will count in another form. */
const moved = (to: Partial<Form>, where: SQL): SQL =>
  sql`SELECT ${forms(NOW, { ...NOW, ...to })} ${counted} WHERE ${where}`

/** Moves the counts by what the listed devices were and become; where that is the same, nothing is written. */
const recount = (devices: SQL): Statement =>
  statement(sql`
  INSERT INTO counters (app_id, kind, name, amount)
  WITH changed(id, app_id, created_at, was, becomes, held, holds) AS MATERIALIZED (${devices})
  SELECT app_id, kind, name, sum(n) FROM (
    SELECT app_id, 'devices' AS kind, was AS name, -1 AS n FROM changed WHERE was IS NOT NULL
    UNION ALL SELECT app_id, 'devices', becomes, 1 FROM changed WHERE becomes IS NOT NULL
    UNION ALL SELECT app_id, 'day', date(created_at / 1000, 'unixepoch'), (was IS NULL) - (becomes IS NULL)
      FROM changed WHERE (was IS NULL) <> (becomes IS NULL)
    UNION ALL SELECT changed.app_id, 'topic', s.topic, holds - held
      FROM changed JOIN subscriptions s ON s.device_id = changed.id WHERE holds <> held)
  GROUP BY app_id, kind, name HAVING sum(n) <> 0
  ON CONFLICT (app_id, kind, name) DO UPDATE SET amount = amount + excluded.amount`)

/** Before devices `d` are deleted. */
export const countRemoved = (chosen: SQL): Statement => recount(gone(chosen))

const tokenless: Partial<Form> = {
  provider: sql.raw('NULL'),
  live: sql.raw('false'),
  current: sql.raw('d.superseded_at IS NULL'),
}
/** Before devices `d` give up their push tokens. */
export const countDetached = (chosen: SQL): Statement => recount(moved(tokenless, chosen))

const patchedEnabled: SQL = sql`(${patched('enabled', sql.raw('d.enabled'))}) = 1`
/** Before the patch is applied to devices `d`. */
export const countPatched = (chosen: SQL): Statement => recount(moved({ enabled: patchedEnabled }, chosen))
/** Before devices `d` are put out of use. */
export const disabled = (chosen: SQL): SQL => moved({ enabled: sql.raw('false') }, chosen)

/** Before the push tokens `p` of devices are marked dead. */
export const countDead = (chosen: SQL): Statement =>
  recount(moved({ live: sql.raw('false'), current: sql.raw('false') }, chosen))

/** What a registration makes of the device that is there: the one form in which it differs from the present. */
const registered = (given: SQL | null): Form => ({
  ...NOW,
  platform: sql`CASE WHEN ${value('keepPlatform')} = 1 THEN d.platform ELSE ${value('platform')} END`,
  enabled: patchedEnabled,
  ...(given && {
    provider: sql`CASE WHEN ${given} THEN ${value('provider')} ELSE p.provider END`,
    live: sql`(${given} OR ${NOW.live})`,
    current: sql`(${given} OR (${NOW.current}))`,
  }),
})

/**
 * Before a registration writes anything: takes its own device out where it is to be made anew, moves it where it stays,
 * and moves the others on its token, which loses them to a takeover (identity R2) or lives again (R12). A plan that is
 * sent again takes out the device that it made the first time, and counts it again at its end. `given`: whether its
 * token goes to the device.
 */
export const countRegistering = (
  own: SQL,
  { wanted, given, takeover }: { wanted: SQL; given: SQL | null; takeover: boolean },
): Statement => {
  const lost = sql`(d.id = ${value('deviceId')} OR NOT ${unexpired('d')})`
  const revived = moved(
    { live: sql.raw('true'), current: sql.raw('d.superseded_at IS NULL') },
    sql`d.push_token_id = ${tokenId} AND d.dialect <> ${value('dialect')} AND p.state <> 'live' AND ${wanted} AND ${given}`,
  )
  const rivals = moved(
    { ...tokenless, current: sql.raw('false') },
    sql`d.push_token_id = ${tokenId} AND d.dialect = ${value('dialect')} AND d.external_id <> ${value('externalId')} AND ${wanted} AND ${given}`,
  )
  return recount(
    sql.join(
      [
        gone(sql`${own} AND ${lost}`),
        moved(registered(given), sql`${own} AND NOT ${lost} AND ${wanted}`),
        ...(given ? [revived] : []),
        ...(given && takeover ? [rivals] : []),
      ],
      sql` UNION ALL `,
    ),
  )
}

/** After a registration: the device that it made, with its topics, and the devices `alike` before they are put out of use. */
export const countRegistered = (alike: SQL | null): Statement => {
  const made = born(sql`d.id = ${value('deviceId')}`)
  return recount(alike ? sql`${made} UNION ALL ${disabled(alike)}` : made)
}

/** Moves the counts of topics by rows of an app, a topic and a number. */
const retopic = (rows: SQL): Statement =>
  statement(sql`
  INSERT INTO counters (app_id, kind, name, amount)
  SELECT app_id, 'topic', topic, sum(n) FROM (${rows}) WHERE true GROUP BY app_id, topic HAVING sum(n) <> 0
  ON CONFLICT (app_id, kind, name) DO UPDATE SET amount = amount + excluded.amount`)

/** Before subscriptions `s` are deleted. */
const left = (chosen: SQL): SQL => sql`
  SELECT s.app_id, s.topic, -1 AS n FROM subscriptions s JOIN devices d ON d.id = s.device_id
  LEFT JOIN push_tokens p ON p.id = d.push_token_id WHERE ${chosen} AND ${countsForTopics}`
export const countLeft = (chosen: SQL): Statement => retopic(left(chosen))

/** Before the device `d` is subscribed to the names that a list selects as `topic`. */
const joined = (device: SQL, names: SQL): SQL => sql`
  SELECT d.app_id, wanted.topic, 1 AS n ${counted} JOIN (${names}) wanted
  WHERE d.id = (${device}) AND ${countsForTopics}
    AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.device_id = d.id AND s.topic = wanted.topic)`
export const countJoined = (device: SQL, names: SQL): Statement => retopic(joined(device, names))

/** Before the device's topics are replaced by a list. */
export const countReplaced = (device: SQL, names: SQL): Statement =>
  retopic(sql`${left(sql`s.device_id = (${device}) AND s.topic NOT IN ${listed('topics')}`)}
    UNION ALL ${joined(device, names)}`)

/** Rows that count nothing any more go, a bounded number at a time. */
export const dropSpent: Statement<{ name: string }> = statement(sql`
  DELETE FROM counters WHERE (app_id, kind, name) IN
    (SELECT app_id, kind, name FROM counters WHERE amount = 0 LIMIT ${value('batch')})
  RETURNING name`)

/** Devices whose time is over and that still count: few, as the maintenance removes them; no more are looked at. */
const overdue: SQL = sql`FROM (SELECT id FROM devices WHERE expires_at <= ${value('now')} ORDER BY expires_at LIMIT 1000) late
  JOIN devices d ON d.id = late.id LEFT JOIN push_tokens p ON p.id = d.push_token_id`

export const deviceCounts: Statement<{ name: string; devices: number }> = statement(sql`
  SELECT name, sum(n) AS devices FROM (
    SELECT name, amount AS n FROM counters WHERE app_id = ${value('app')} AND kind = 'devices'
    UNION ALL SELECT ${bucket(NOW)}, -1 ${overdue} WHERE +d.app_id = ${value('app')})
  GROUP BY name HAVING sum(n) > 0`)

export const registrationsPerDay: Statement<{ date: string; registrations: number }> = statement(sql`
  SELECT name AS date, amount AS registrations FROM counters
  WHERE app_id = ${value('app')} AND kind = 'day' AND name >= ${value('since')} AND amount > 0 ORDER BY name`)

export const topicCounts: Statement<{ topic: string; subscribers: number }> = statement(sql`
  SELECT t.name AS topic, t.amount - coalesce(e.n, 0) AS subscribers FROM counters t
  LEFT JOIN (SELECT s.topic, count(*) AS n ${overdue} JOIN subscriptions s ON s.device_id = d.id
    WHERE +d.app_id = ${value('app')} AND ${countsForTopics} GROUP BY s.topic) e ON e.topic = t.name
  WHERE t.app_id = ${value('app')} AND t.kind = 'topic' AND t.name > ${value('after')} AND t.amount > coalesce(e.n, 0)
  ORDER BY t.name LIMIT ${value('limit')}`)
