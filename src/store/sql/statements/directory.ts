import { type SQL, sql } from 'drizzle-orm'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import { deviceColumns } from './device-view.ts'
import { listed, staying, unexpired, value } from './shared.ts'

/** As `isActive` in the domain. */
export const activity = sql.raw(`(d.enabled = 1 AND p.state IS NOT NULL AND p.state = 'live')`)

/** Where a list of devices looks: with a filter that an index knows, among the rows that it finds; else everywhere. */
export const SOURCES = ['tokens', 'externalId', 'q', 'user', 'all'] as const
export type Source = (typeof SOURCES)[number]

const app: SQL = sql`app_id = ${value('app')}`
const holding = (providers: string, hashes: string): SQL => sql`SELECT held.id FROM push_tokens at
  JOIN devices held ON held.push_token_id = at.id
  WHERE at.${app} AND at.provider IN ${listed(providers)} AND at.hash IN ${listed(hashes)}`
const called = (names: string): SQL => sql`SELECT named.id FROM devices named WHERE named.${app}
  AND named.dialect IN (SELECT dialect FROM app_dialects WHERE ${app}) AND named.external_id IN ${listed(names)}`
/** Of a user who may have any number of devices, behind the cursor. */
const owned: SQL = sql`SELECT id FROM (SELECT own.id FROM devices own WHERE own.${app} AND own.user_id = ${value('q')}
  AND (own.created_at, own.id) < (${value('at')}, ${value('id')}) ORDER BY own.created_at DESC, own.id DESC LIMIT ${value('walked')} + 2)`
const ofUser: SQL = sql`SELECT own.id FROM devices own WHERE own.${app} AND own.user_id = `

/** Ids of devices; null: those of the app, in order. The plus keeps the planner from an index that would walk them all. */
const IDS: Record<Exclude<Source, 'all' | 'user'>, SQL> = {
  tokens: holding('providers', 'tokenHashes'),
  externalId: called('externalIds'),
  q: sql`${holding('providers', 'qHashes')} UNION ${called('qNames')} UNION ${owned} UNION SELECT ${value('q')}`,
}
const from: Record<Source, SQL> = {
  all: sql`d.${app}`,
  user: sql`d.${app} AND d.user_id = ${value('user')}`,
  tokens: sql`+d.${app} AND d.id IN (${IDS.tokens})`,
  externalId: sql`+d.${app} AND d.id IN (${IDS.externalId})`,
  q: sql`+d.${app} AND d.id IN (${IDS.q})`,
}

const ifGiven = (name: string, condition: SQL): SQL => sql`(${value(name)} IS NULL OR ${condition})`
const named = (name: string): SQL =>
  sql`EXISTS (SELECT 1 FROM tags tag WHERE tag.device_id = d.id AND tag.name = ${value(name)}`
/** Whatever the type: a number as it is written, a text without its quotes, a list that has it. */
const tagged: SQL = sql`(${named('tag')}) OR ${named('tagName')} AND (tag.value = ${value('tagValue')}
  OR CAST(tag.value ->> '$' AS TEXT) = ${value('tagValue')} OR (json_type(tag.value) = 'array'
    AND EXISTS (SELECT 1 FROM json_each(tag.value) one WHERE CAST(one.value AS TEXT) = ${value('tagValue')})))))`

/** What a row must meet, whatever found it: an absent filter says nothing. */
const matching: SQL = sql.join(
  [
    unexpired('d'),
    ifGiven('dialect', sql`d.dialect = ${value('dialect')}`),
    ifGiven('platform', sql`d.platform = ${value('platform')}`),
    ifGiven('provider', sql`p.provider = ${value('provider')}`),
    ifGiven('user', sql`d.user_id = ${value('user')}`),
    ifGiven('model', sql`d.model = ${value('model')}`),
    ifGiven('appVersion', sql`d.app_version = ${value('appVersion')}`),
    ifGiven('externalIds', sql`d.external_id IN ${listed('externalIds')}`),
    ifGiven(
      'tokenHashes',
      sql`(p.provider IN ${listed('providers')} AND p.hash IN ${listed('tokenHashes')})`,
    ),
    ifGiven(
      'q',
      sql`(d.id = ${value('q')} OR d.user_id = ${value('q')} OR d.external_id IN ${listed('qNames')}
        OR (p.provider IN ${listed('providers')} AND p.hash IN ${listed('qHashes')}))`,
    ),
    ifGiven('active', sql`${activity} = ${value('active')}`),
    ifGiven(
      'topic',
      sql`EXISTS (SELECT 1 FROM subscriptions s WHERE s.device_id = d.id AND s.topic = ${value('topic')})`,
    ),
    ifGiven('tag', tagged),
  ],
  sql` AND `,
)

const joined: SQL = sql.raw('devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id')
/**
 * Keyset paging: rows that come or go between two pages neither repeat nor hide another. The first page is bound behind
 * the end of time, so that every page is one descent into the index.
 */
const behind = (alias: 'd' | 't'): SQL =>
  sql`(${sql.raw(`${alias}.created_at, ${alias}.id`)}) < (${value('at')}, ${value('id')})`
const newest = (alias: 'd' | 't'): SQL => sql.raw(`ORDER BY ${alias}.created_at DESC, ${alias}.id DESC`)

interface Place {
  id: string
  created_at: number
}
/** The rows of a walk that match, up to the page's limit; the walk itself ends at its own, matching or not. */
const walked = (walk: SQL): SQL =>
  sql`SELECT id, created_at FROM (${walk} LIMIT ${value('walk')}) WHERE matches LIMIT ${value('limit')}`
/** Where the walk ended, and whether anything is behind: two rows where it is. */
const endOf = (walk: SQL): Statement<Place> =>
  statement(sql`SELECT id, created_at FROM (${walk}) LIMIT 2 OFFSET ${value('walked')}`)

const each = <T>(build: (source: Source) => T): Record<Source, T> => ({
  tokens: build('tokens'),
  externalId: build('externalId'),
  q: build('q'),
  user: build('user'),
  all: build('all'),
})

/** One page of devices: no more of them are looked at than a walk has, so that a page may be short and not the last. */
export const devicePage: Record<Source, Statement<DeviceRow>> = each((source) =>
  statement(sql`
    SELECT ${deviceColumns} FROM ${joined} WHERE d.id IN (SELECT id FROM (${walked(
      sql`SELECT d.id, d.created_at, (${matching}) AS matches FROM ${joined} WHERE ${from[source]} AND ${behind('d')} ${newest('d')}`,
    )})) ${newest('d')}`),
)
export const deviceWalkEnd: Record<Source, Statement<Place>> = each((source) =>
  endOf(
    sql`SELECT d.id, d.created_at FROM devices d WHERE ${from[source]} AND ${behind('d')} ${newest('d')}`,
  ),
)

/** Whether so many devices of a user are too many to be found first and sorted. */
export const manyOfUser: Statement<{ n: number }> = statement(
  sql`SELECT count(*) AS n FROM (${ofUser} ${value('owner')} LIMIT ${value('most')})`,
)

const someDevice: SQL = sql`EXISTS (SELECT 1 FROM devices d JOIN push_tokens p ON p.id = d.push_token_id WHERE d.push_token_id = t.id AND ${matching})`
const pointed: Record<Source, SQL> = {
  all: sql`t.${app}`,
  user: sql`t.id IN (SELECT d.push_token_id FROM devices d WHERE d.id IN (${ofUser} ${value('user')}))`,
  tokens: sql`t.id IN (SELECT d.push_token_id FROM devices d WHERE d.id IN (${IDS.tokens}))`,
  externalId: sql`t.id IN (SELECT d.push_token_id FROM devices d WHERE d.id IN (${IDS.externalId}))`,
  q: sql`t.id IN (SELECT d.push_token_id FROM devices d WHERE d.id IN (${IDS.q}))`,
}
const tokensOf = (source: Source, more: SQL): SQL =>
  sql`SELECT t.id, t.created_at ${more} FROM push_tokens t WHERE ${pointed[source]} AND ${behind('t')} ${newest('t')}`
const tokenlessOf = (source: Source, more: SQL): SQL =>
  sql`SELECT d.id, d.created_at ${more} FROM ${joined} WHERE d.push_token_id IS NULL AND ${from[source]} AND ${behind('d')} ${newest('d')}`
const nothing = sql.raw('')

/**
 * Ids of installations: push tokens that a matching device points at, and matching devices without one. Each half walks
 * its own index backwards, and says where it ended.
 */
export const installationPage: Record<Source, Record<'tokens' | 'tokenless', Statement<Place>>> = each(
  (source) => ({
    tokens: statement(walked(tokensOf(source, sql`, ${someDevice} AS matches`))),
    tokenless: statement(walked(tokenlessOf(source, sql`, (${matching}) AS matches`))),
  }),
)
export const installationWalkEnd: Record<Source, Record<'tokens' | 'tokenless', Statement<Place>>> = each(
  (source) => ({
    tokens: endOf(tokensOf(source, nothing)),
    tokenless: endOf(tokenlessOf(source, nothing)),
  }),
)

/** All devices of the listed installations, oldest first. */
export const installationDevices: Statement<DeviceRow> = statement(sql`
  SELECT ${deviceColumns} FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id
  WHERE +d.app_id = ${value('app')} AND ${unexpired('d')}
    AND d.id IN (SELECT x.id FROM devices x WHERE x.push_token_id IN ${listed('ids')}
      UNION ALL SELECT y.id FROM devices y WHERE y.id IN ${listed('ids')} AND y.push_token_id IS NULL)
  ORDER BY d.created_at, d.id`)

export const userDevices: Statement<DeviceRow> = statement(sql`
  SELECT ${deviceColumns} FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id
  WHERE d.app_id = ${value('app')} AND d.user_id = ${value('userId')} AND ${staying('d')}
    AND (d.created_at, d.id) < (${value('at')}, ${value('id')}) ORDER BY d.created_at DESC, d.id DESC LIMIT ${value('limit')}`)

export const history: Statement<{ kind: string; cause: string; detail: string; at: number }> = statement(sql`
  SELECT kind, cause, detail, at FROM events WHERE app_id = ${value('app')} AND device_id = ${value('id')}
    AND NOT EXISTS (SELECT 1 FROM devices d WHERE d.id = events.device_id AND NOT ${staying('d')}) ORDER BY id DESC LIMIT 100`)
