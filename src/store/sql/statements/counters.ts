import { tokenId, unexpired } from '../conditions.ts'
import { aside, dateOf, flag, inTurn, listed, patchedNumber, total } from '../forms.ts'
import { BY_ID } from '../keyset.ts'
import { statement } from '../statement.ts'
import { counters, devices, pushTokens, removalSpares, removals, subscriptions } from '../tables.ts'
import { columns, inner, integer, sql, type Template, value } from '../template.ts'

/**
 * Counters of an app, updated with every change, so that reading them has constant cost.
 *
 * - `devices`: by dialect, platform, provider (empty without a token) and activity, joined by `/`
 * - `day`: devices by the date of their first registration
 * - `topic`: the current devices of a topic: in use, not superseded, their token not dead
 * - `superseded`: superseded devices, which do not count towards the app's limit
 *
 * Expired devices and devices being removed count until they are deleted; readers subtract the few that remain.
 */

const d = devices.as('d')
const p = pushTokens.left('p')
const s = subscriptions.as('s')
const t = counters.as('t')
const own = counters.as('counters')
const excluded = counters.as('excluded')
const { appId, kind, name, amount } = counters
const row = sql`${appId}, ${kind}, ${name}`

/** How a device `d` with its push token `p` is counted. */
interface Form<Names extends string> {
  readonly platform: Template<Names>
  readonly provider: Template<Names>
  readonly enabled: Template<Names>
  readonly live: Template<Names>
  readonly current: Template<Names>
  readonly superseded: Template<Names>
}

const NOW: Form<never> = {
  platform: d.platform,
  provider: p.provider,
  enabled: sql`${d.enabled} = 1`,
  live: sql`${p.state} = 'live'`,
  current: sql`${d.supersededAt} IS NULL AND (${p.id} IS NULL OR ${p.state} = 'live')`,
  superseded: sql`${d.supersededAt} IS NOT NULL`,
}

const bucket = <Names extends string>({ platform, provider, enabled, live }: Form<Names>) =>
  sql`${d.dialect} || '/' || ${platform} || '/' || coalesce(${provider}, '') || '/' || ${flag(sql`${enabled} AND ${live}`)}`
const holding = <Names extends string>({ enabled, current }: Form<Names>) =>
  flag(sql`${enabled} AND ${current}`)

/** The devices `d` with their push tokens `p`. */
const counted = sql`FROM ${d} LEFT JOIN ${p} ON ${p.id} = ${d.pushTokenId}`

/** Whether the topics of a device `d` with the push token `p` count. */
const countsForTopics = sql`(${holding(NOW)} = 1)`

const forms = <Names extends string = never>(from: Form<never> | null, to: Form<Names> | null) =>
  sql`${d.number}, ${d.appId}, ${d.createdAt},
  ${from ? bucket(from) : sql`NULL`}, ${to ? bucket(to) : sql`NULL`},
  ${from ? holding(from) : sql`0`}, ${to ? holding(to) : sql`0`},
  ${from ? flag(from.superseded) : sql`0`}, ${to ? flag(to.superseded) : sql`0`}`

/** Devices that are created or, read before they are deleted, cease to exist. */
const born = <Names extends string>(where: Template<Names>) =>
  sql`SELECT ${forms(null, NOW)} ${counted} WHERE ${where}`
const gone = <Names extends string>(where: Template<Names>) =>
  sql`SELECT ${forms(NOW, null)} ${counted} WHERE ${where}`
/** Existing devices that will be counted differently. */
const moved = <To extends string, Where extends string>(to: Partial<Form<To>>, where: Template<Where>) =>
  sql`SELECT ${forms<To>(NOW, { ...NOW, ...to })} ${counted} WHERE ${where}`

/**
 * Updates the counters by the old and new state of the listed devices; nothing is written if both are equal. The list comes
 * first in the join: SQLite does not know that it is short and would scan all subscriptions.
 */
const recount = <Names extends string>(changes: Template<Names>) =>
  statement(sql`
  INSERT INTO ${counters} (${row}, ${amount})
  WITH changed(number, app_id, created_at, was, becomes, held, holds, aside, asides) AS MATERIALIZED (${changes})
  SELECT ${row}, sum(n) FROM (
    SELECT app_id, 'devices' AS kind, was AS name, -1 AS n FROM changed WHERE was IS NOT NULL
    UNION ALL SELECT app_id, 'devices', becomes, 1 FROM changed WHERE becomes IS NOT NULL
    UNION ALL SELECT app_id, 'day', ${dateOf(sql`created_at`)}, CASE WHEN was IS NULL THEN 1 ELSE -1 END
      FROM changed WHERE (was IS NULL) <> (becomes IS NULL)
    UNION ALL SELECT app_id, 'superseded', '', asides - aside FROM changed WHERE asides <> aside
    UNION ALL SELECT changed.app_id, 'topic', ${s.topic}, holds - held
      FROM changed ${inTurn(s, sql`${s.device} = changed.number`)} WHERE holds <> held) moves
  GROUP BY ${row} HAVING sum(n) <> 0
  ON CONFLICT (${row}) DO UPDATE SET ${amount} = ${own.amount} + ${excluded.amount}`)

/** Runs before devices `d` are deleted. */
export const countRemoved = <Names extends string>(chosen: Template<Names>) => recount(gone(chosen))

/** Runs after devices `d` were written, if `countRemoved` ran before. */
export const countWritten = <Names extends string>(chosen: Template<Names>) => recount(born(chosen))

const tokenless: Partial<Form<never>> = {
  provider: sql`NULL`,
  live: sql`false`,
  current: sql`${d.supersededAt} IS NULL`,
}
/** Runs before devices `d` lose their push tokens. */
export const countDetached = <Names extends string>(chosen: Template<Names>) =>
  recount(moved(tokenless, chosen))

const patchedEnabled = sql`(${patchedNumber('enabled', d.enabled)}) = 1`
/** Runs before the patch is applied to devices `d`. */
export const countPatched = <Names extends string>(chosen: Template<Names>) =>
  recount(moved({ enabled: patchedEnabled }, chosen))
const disabled = <Names extends string>(chosen: Template<Names>) => moved({ enabled: sql`false` }, chosen)

/** Runs before the push tokens `p` of devices are marked dead. */
export const countDead = <Names extends string>(chosen: Template<Names>) =>
  recount(moved({ live: sql`false`, current: sql`false` }, chosen))

type Given = 'keepPlatform' | 'platform' | 'patch' | 'provider'
/** How the existing device will be counted after a registration, as far as it differs. */
const registered = <Names extends string = never>(
  given: Template<Names> | null,
): Partial<Form<Given | Names>> => ({
  platform: sql`CASE WHEN ${value('keepPlatform')} = 1 THEN ${d.platform} ELSE ${value('platform')} END`,
  enabled: patchedEnabled,
  ...(given && {
    provider: sql`CASE WHEN ${given} THEN ${value('provider')} ELSE ${p.provider} END`,
    live: sql`(${given} OR ${NOW.live})`,
    current: sql`(${given} OR (${NOW.current}))`,
    superseded: sql`(${NOW.superseded} AND NOT ${given})`,
  }),
})

const onToken = sql`${d.pushTokenId} = ${tokenId}`

/**
 * Runs before a registration writes anything: uncounts its own device if it will be created anew, updates it if it stays,
 * and updates the token's other devices, which lose it to a takeover (identity R2) or become active again (R12). A plan that
 * is sent again uncounts the device that it created the first time, and counts it again at its end. `given`: whether the
 * device gets the token.
 */
export const countRegistering = <Own extends string, Wanted extends string, Given extends string = never>(
  own: Template<Own>,
  { wanted, given, takeover }: { wanted: Template<Wanted>; given: Template<Given> | null; takeover: boolean },
) => {
  const lost = sql`(${d.id} = ${value('deviceId')} OR NOT ${unexpired(d)})`
  const left = gone(sql`${own} AND ${lost}`)
  const stays = sql`${own} AND NOT ${lost} AND ${wanted}`
  const alone = sql`${left} UNION ALL ${moved(registered(given), stays)}`
  if (!given) return recount(alone)
  const revived = moved(
    { live: sql`true`, current: sql`${d.supersededAt} IS NULL` },
    sql`${onToken} AND ${d.dialect} <> ${value('dialect')} AND ${p.state} <> 'live' AND ${wanted} AND ${given}`,
  )
  const rivals = moved(
    { ...tokenless, current: sql`false`, superseded: sql`true` },
    sql`${onToken} AND ${d.dialect} = ${value('dialect')} AND ${d.externalId} <> ${value('externalId')} AND ${wanted} AND ${given}`,
  )
  const withToken = sql`${alone} UNION ALL ${revived}`
  return recount(takeover ? sql`${withToken} UNION ALL ${rivals}` : withToken)
}

/** Runs after a registration: counts the created device with its topics, and the devices `alike` before they are disabled. */
export const countRegistered = <Names extends string = never>(alike: Template<Names> | null) => {
  const made = born(sql`${d.id} = ${value('deviceId')}`)
  return recount(alike ? sql`${made} UNION ALL ${disabled(alike)}` : made)
}

/** Runs before devices `d` are disabled. */
export const countDisabled = <Names extends string>(chosen: Template<Names>) => recount(disabled(chosen))

/** Updates the topic counters by rows of app, topic and number. */
const retopic = <Names extends string>(rows: Template<Names>) =>
  statement(sql`
  INSERT INTO ${counters} (${row}, ${amount})
  SELECT app_id, 'topic', topic, sum(n) FROM (${rows}) moves WHERE true GROUP BY app_id, topic HAVING sum(n) <> 0
  ON CONFLICT (${row}) DO UPDATE SET ${amount} = ${own.amount} + ${excluded.amount}`)

/** Runs before subscriptions `s` are deleted. */
const left = <Names extends string>(chosen: Template<Names>) => sql`
  SELECT ${s.appId}, ${s.topic}, -1 AS n FROM ${s} JOIN ${d} ON ${d.number} = ${s.device}
  LEFT JOIN ${p} ON ${p.id} = ${d.pushTokenId} WHERE ${chosen} AND ${countsForTopics}`
export const countLeft = <Names extends string>(chosen: Template<Names>) => retopic(left(chosen))

/** A list of names, selected as `topic`. */
type Topics<Names extends string> = Template<Names, { readonly topic: string }>

/** Runs before the device `d` is subscribed to listed names. */
const joined = <Device extends string, Names extends string>(
  device: Template<Device>,
  names: Topics<Names>,
) => sql`
  SELECT ${d.appId}, wanted.topic, 1 AS n ${counted} CROSS JOIN (${inner(names)}) wanted
  WHERE ${d.id} = (${device}) AND ${countsForTopics}
    AND NOT EXISTS (SELECT 1 FROM ${s} WHERE ${s.device} = ${d.number} AND ${s.topic} = wanted.topic)`
export const countJoined = <Device extends string, Names extends string>(
  device: Template<Device>,
  names: Topics<Names>,
) => retopic(joined(device, names))

/** Runs before the device's topics are replaced by a list. */
export const countReplaced = <Device extends string, Numbers extends string, Names extends string>(
  device: Template<Device>,
  number: Template<Numbers>,
  names: Topics<Names>,
) =>
  retopic(sql`${left(sql`${s.device} = (${number}) AND ${s.topic} NOT IN ${listed('topics')}`)}
    UNION ALL ${joined(device, names)}`)

/** Deletes a bounded number of counters at 0. */
export const dropSpent = statement(sql`
  DELETE FROM ${counters} WHERE (${row}) IN
    (SELECT ${row} FROM ${counters} WHERE ${amount} = 0 LIMIT ${value('batch')})
  RETURNING ${columns({ name })}`)

const going = removals.as('going')
const spared = removalSpares.as('spared')
const h = devices.as('h')
const hidden = sql`${going.appId} = ${value('app')} AND ${h.appId} = ${going.appId} AND (${h.createdAt}, ${h.id}) <= (${going.untilAt}, ${going.untilId})
  AND NOT EXISTS (SELECT 1 FROM ${spared} WHERE ${spared.removalId} = ${going.id} AND ${spared.deviceId} = ${h.id})`

/**
 * Devices that still count although they are expired or being removed. They are few, because maintenance deletes
 * them; of each kind, no more than a bounded number are read.
 */
const unseen = sql`FROM (
    SELECT id FROM (SELECT ${devices.id} FROM ${devices} WHERE ${devices.expiresAt} <= ${value('now')} ORDER BY ${devices.expiresAt} LIMIT 1000) late
    UNION SELECT id FROM (SELECT ${h.id} FROM ${going} CROSS JOIN ${h}
      WHERE ${going.userId} IS NULL AND ${h.dialect} = ${going.dialect} AND ${hidden} LIMIT 1000) late
    UNION SELECT id FROM (SELECT ${h.id} FROM ${going} CROSS JOIN ${h}
      WHERE ${h.userId} = ${going.userId} AND (${going.dialect} IS NULL OR ${h.dialect} = ${going.dialect}) AND ${hidden} LIMIT 1000) late) late
  JOIN ${d} ON ${d.id} = late.id LEFT JOIN ${p} ON ${p.id} = ${d.pushTokenId}`

export const deviceCounts = statement(sql`
  SELECT ${columns({ name, devices: total(sql`n`) })} FROM (
    SELECT ${name}, ${amount} AS n FROM ${counters} WHERE ${appId} = ${value('app')} AND ${kind} = 'devices'
    UNION ALL SELECT ${bucket(NOW)}, -1 ${unseen} WHERE ${aside(d.appId)} = ${value('app')}) counts
  GROUP BY name HAVING sum(n) > 0`)

export const registrationsPerDay = statement(sql`
  SELECT ${columns({ date: name, registrations: amount })} FROM ${counters}
  WHERE ${appId} = ${value('app')} AND ${kind} = 'day' AND ${name} >= ${value('firstDay')} AND ${amount} > 0 ORDER BY ${name}`)

export const topicCounts = statement(sql`
  SELECT ${columns({ topic: t.name, subscribers: integer(sql`${t.amount} - coalesce(e.n, 0)`) })} FROM ${t}
  LEFT JOIN (SELECT ${s.topic}, count(*) AS n ${unseen} JOIN ${s} ON ${s.device} = ${d.number}
    WHERE ${aside(d.appId)} = ${value('app')} AND ${countsForTopics} GROUP BY ${s.topic}) e ON e.topic = ${t.name}
  WHERE ${t.appId} = ${value('app')} AND ${t.kind} = 'topic' AND ${t.amount} > coalesce(e.n, 0)
    AND ${BY_ID.page({ afterId: t.name })}`)
