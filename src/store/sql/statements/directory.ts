import { ofApp, staying, unexpired } from '../conditions.ts'
import { aside, digests, elements, flag, isList, item, listed, member } from '../forms.ts'
import { NEWEST } from '../keyset.ts'
import { statement } from '../statement.ts'
import { type Alias, appDialects, devices, events, pushTokens, subscriptions, tags } from '../tables.ts'
import { columns, inner, integer, join, sql, type Template, value } from '../template.ts'
import { deviceColumns, withToken } from './device-view.ts'
import { aboutEvent, eventParts } from './history.ts'

const d = devices.as('d')
const p = pushTokens.left('p')
const t = pushTokens.as('t')
const s = subscriptions.as('s')
const tag = tags.as('tag')
const own = devices.as('own')
const one = item('one')

/** Same as `isActive` in the domain. */
const activity = sql`(${d.enabled} = 1 AND ${p.state} IS NOT NULL AND ${p.state} = 'live')`

/** The source of a device list: rows found by an indexed filter, if there is one, else all rows. */
export const SOURCES = ['tokens', 'externalId', 'q', 'user', 'all'] as const
export type Source = (typeof SOURCES)[number]

type Walked = Alias<'devices'> | Alias<'pushTokens'>
const columnsOf = (of: Walked) => ({ afterAt: of.createdAt, afterId: of.id })
const behind = (of: Walked) => NEWEST.behind(columnsOf(of))
const newest = (of: Walked) => NEWEST.by(columnsOf(of))

const at = pushTokens.as('at')
const holder = devices.as('held')
const holding = <const Hashes extends string>(hashes: Hashes) => sql`SELECT ${holder.id} FROM ${at}
  JOIN ${holder} ON ${holder.pushTokenId} = ${at.id}
  WHERE ${ofApp(at)} AND ${at.provider} IN ${listed('providers')} AND ${at.digest} IN ${digests(hashes)}`
const named = devices.as('named')
const called = <const Names extends string>(
  names: Names,
) => sql`SELECT ${named.id} FROM ${named} WHERE ${ofApp(named)}
  AND ${named.dialect} IN (SELECT ${appDialects.dialect} FROM ${appDialects} WHERE ${ofApp(appDialects)}) AND ${named.externalId} IN ${listed(names)}`
/** The devices of a user, who may have any number, after the place. */
const owned = sql`SELECT id FROM (SELECT ${own.id} FROM ${own} WHERE ${ofApp(own)} AND ${own.userId} = ${value('q')}
  AND ${behind(own)} ${newest(own)} LIMIT ${value('walked')} + 2) owned`
const ofUser = sql`SELECT ${own.id} FROM ${own} WHERE ${ofApp(own)} AND ${own.userId} = `

/** Ids of devices; null for those of the app, in order. Avoids scanning an index with all devices. */
const IDS = {
  tokens: holding('tokenHashes'),
  externalId: called('externalIds'),
  q: sql`${holding('qHashes')} UNION ${called('qNames')} UNION ${owned} UNION SELECT ${value('q')}`,
} as const
const from = {
  all: sql`${ofApp(d)}`,
  user: sql`${ofApp(d)} AND ${d.userId} = ${value('user')}`,
  tokens: sql`${aside(d.appId)} = ${value('app')} AND ${d.id} IN (${IDS.tokens})`,
  externalId: sql`${aside(d.appId)} = ${value('app')} AND ${d.id} IN (${IDS.externalId})`,
  q: sql`${aside(d.appId)} = ${value('app')} AND ${d.id} IN (${IDS.q})`,
} as const

const ifGiven = <const Name extends string, Names extends string>(name: Name, condition: Template<Names>) =>
  sql`(${value(name)} IS NULL OR ${condition})`
const hasTag = <const Name extends string>(name: Name) =>
  sql`EXISTS (SELECT 1 FROM ${tag} WHERE ${tag.deviceId} = ${d.id} AND ${tag.name} = ${value(name)}`
/** Matches any type: a number as written, a text without quotes, or a list that contains the value. */
const tagged = sql`(${hasTag('tag')}) OR ${hasTag('tagName')} AND (${tag.value} = ${value('tagValue')}
  OR CAST(${member(tag.value, '$')} AS TEXT) = ${value('tagValue')} OR EXISTS (SELECT 1 FROM ${elements(sql`CASE WHEN ${isList(tag.value)} THEN ${tag.value} ELSE '[]' END`)} one WHERE CAST(${one.value} AS TEXT) = ${value('tagValue')}))))`

/** Conditions on every row, whatever found it; absent filters are true. */
const matching = join(
  [
    unexpired(d),
    ifGiven('dialect', sql`${d.dialect} = ${value('dialect')}`),
    ifGiven('platform', sql`${d.platform} = ${value('platform')}`),
    ifGiven('provider', sql`${p.provider} = ${value('provider')}`),
    ifGiven('user', sql`${d.userId} = ${value('user')}`),
    ifGiven('model', sql`${d.model} = ${value('model')}`),
    ifGiven('appVersion', sql`${d.appVersion} = ${value('appVersion')}`),
    ifGiven('externalIds', sql`${d.externalId} IN ${listed('externalIds')}`),
    ifGiven(
      'tokenHashes',
      sql`(${p.provider} IN ${listed('providers')} AND ${p.digest} IN ${digests('tokenHashes')})`,
    ),
    ifGiven(
      'q',
      sql`(${d.id} = ${value('q')} OR ${d.userId} = ${value('q')} OR ${d.externalId} IN ${listed('qNames')}
        OR (${p.provider} IN ${listed('providers')} AND ${p.digest} IN ${digests('qHashes')}))`,
    ),
    ifGiven('active', sql`${flag(activity)} = ${value('active')}`),
    ifGiven(
      'topic',
      sql`EXISTS (SELECT 1 FROM ${s} WHERE ${s.device} = ${d.number} AND ${s.topic} = ${value('topic')})`,
    ),
    ifGiven('tag', tagged),
  ],
  ' AND ',
)

const place = columns({ id: devices.id, created_at: devices.createdAt })
/** Matching rows of a scan, up to one more than the page; the scan itself is limited in rows, matching or not. */
const walked = <Names extends string>(walk: Template<Names>) =>
  sql`SELECT ${place} FROM (${walk} LIMIT ${value('walk')}) walk WHERE matches LIMIT ${value('limit')} + 1`
/**
 * The end of the scan, as two rows if more rows follow. A full page does not need it, so if most rows match, the page is
 * read first to see whether it is full, which takes a few rows instead of the whole scan.
 */
const endOf = <Walk extends string, Page extends string>(walk: Template<Walk>, page: Template<Page>) =>
  statement(sql`SELECT ${place} FROM (SELECT 1 AS needed WHERE ${value('selective')} = 1
      OR (SELECT count(*) FROM (${inner(walked(page))}) page) <= ${value('limit')}) asked CROSS JOIN (${walk}) walk LIMIT 2 OFFSET ${value('walked')}`)

const each = <T>(build: (source: Source) => T): Record<Source, T> => ({
  tokens: build('tokens'),
  externalId: build('externalId'),
  q: build('q'),
  user: build('user'),
  all: build('all'),
})

/** One page of devices. The number of scanned rows is limited, so a page may be short without being the last one. */
const devicesOf = (source: Source) =>
  sql`SELECT ${d.id}, ${d.createdAt}, (${matching}) AS matches FROM ${withToken} WHERE ${from[source]} AND ${behind(d)} ${newest(d)}`
export const devicePage = each((source) =>
  statement(sql`
    SELECT ${deviceColumns} FROM ${withToken} WHERE ${d.id} IN (SELECT id FROM (${inner(walked(devicesOf(source)))}) page) ${newest(d)}`),
)
export const deviceWalkEnd = each((source) =>
  endOf(
    sql`SELECT ${d.id}, ${d.createdAt} FROM ${d} WHERE ${from[source]} AND ${behind(d)} ${newest(d)}`,
    devicesOf(source),
  ),
)

/** Whether a user has too many devices to read and sort them all. */
export const manyOfUser = statement(
  sql`SELECT ${columns({ n: integer(sql`count(*)`) })} FROM (${ofUser} ${value('owner')} LIMIT ${value('most')}) few`,
)

const someDevice = sql`EXISTS (SELECT 1 FROM ${d} JOIN ${p} ON ${p.id} = ${d.pushTokenId} WHERE ${d.pushTokenId} = ${t.id} AND ${matching})`
const pointed = {
  all: sql`${ofApp(t)}`,
  user: sql`${t.id} IN (SELECT ${d.pushTokenId} FROM ${d} WHERE ${d.id} IN (${ofUser} ${value('user')}))`,
  tokens: sql`${t.id} IN (SELECT ${d.pushTokenId} FROM ${d} WHERE ${d.id} IN (${IDS.tokens}))`,
  externalId: sql`${t.id} IN (SELECT ${d.pushTokenId} FROM ${d} WHERE ${d.id} IN (${IDS.externalId}))`,
  q: sql`${t.id} IN (SELECT ${d.pushTokenId} FROM ${d} WHERE ${d.id} IN (${IDS.q}))`,
}
const tokensOf = <Names extends string>(source: Source, more: Template<Names>) =>
  sql`SELECT ${t.id}, ${t.createdAt} ${more} FROM ${t} WHERE ${pointed[source]} AND ${behind(t)} ${newest(t)}`
const tokenlessOf = <Names extends string>(source: Source, more: Template<Names>) =>
  sql`SELECT ${d.id}, ${d.createdAt} ${more} FROM ${withToken} WHERE ${d.pushTokenId} IS NULL AND ${from[source]} AND ${behind(d)} ${newest(d)}`
const nothing = sql``
const tokenMatches = sql`, ${someDevice} AS matches`
const deviceMatches = sql`, (${matching}) AS matches`

/**
 * Ids of installations: push tokens of matching devices, and matching devices without a token. Each half scans
 * its own index backwards and returns where it stopped.
 */
export const installationPage = each((source) => ({
  tokens: statement(walked(tokensOf(source, tokenMatches))),
  tokenless: statement(walked(tokenlessOf(source, deviceMatches))),
}))
export const installationWalkEnd = each((source) => ({
  tokens: endOf(tokensOf(source, nothing), tokensOf(source, tokenMatches)),
  tokenless: endOf(tokenlessOf(source, nothing), tokenlessOf(source, deviceMatches)),
}))

const x = devices.as('x')
const y = devices.as('y')
/** All devices of the listed installations, oldest first. */
export const installationDevices = statement(sql`
  SELECT ${deviceColumns} FROM ${withToken}
  WHERE ${aside(d.appId)} = ${value('app')} AND ${unexpired(d)}
    AND ${d.id} IN (SELECT ${x.id} FROM ${x} WHERE ${x.pushTokenId} IN ${listed('ids')}
      UNION ALL SELECT ${y.id} FROM ${y} WHERE ${y.id} IN ${listed('ids')} AND ${y.pushTokenId} IS NULL)
  ORDER BY ${d.createdAt}, ${d.id}`)

export const userDevices = statement(sql`
  SELECT ${deviceColumns} FROM ${withToken}
  WHERE ${d.appId} = ${value('app')} AND ${d.userId} = ${value('userId')} AND ${staying(d)}
    AND ${NEWEST.page(columnsOf(d))}`)

const event = events.as('e')
const g = devices.as('g')
export const history = statement(sql`
  SELECT ${columns({ event: event.id, ...eventParts })} FROM ${event} ${aboutEvent} WHERE ${ofApp(event)} AND ${event.deviceId} = ${value('id')}
    AND NOT EXISTS (SELECT 1 FROM ${g} WHERE ${g.id} = ${event.deviceId} AND NOT ${staying(g)}) ORDER BY ${event.id} DESC LIMIT 100`)
