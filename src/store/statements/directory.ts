import { type SQL, sql } from 'drizzle-orm'
import type { DeviceRow } from '../rows.ts'
import { type Statement, statement } from '../statement.ts'
import type { DeviceFilter } from '../store.ts'
import { deviceColumns } from './devices.ts'
import { listed, staying, unexpired, value } from './shared.ts'

/** The filters in a fixed order: a set of them is a number, and each set has one statement, prepared once. */
export const FILTERS = [
  'dialect',
  'platform',
  'provider',
  'topic',
  'user',
  'tokenHashes',
  'active',
] as const satisfies readonly (keyof DeviceFilter)[]
type Filter = (typeof FILTERS)[number]

/** As `isActive` in the domain. */
export const activity = sql.raw(`(d.enabled = 1 AND p.state IS NOT NULL AND p.state = 'live')`)

const CONDITIONS: Record<Filter, SQL> = {
  dialect: sql`d.dialect = ${value('dialect')}`,
  platform: sql`d.platform = ${value('platform')}`,
  provider: sql`p.provider = ${value('provider')}`,
  topic: sql`EXISTS (SELECT 1 FROM subscriptions s WHERE s.device_id = d.id AND s.topic = ${value('topic')})`,
  user: sql`d.user_id = ${value('user')}`,
  // Found by the tokens' own unique index: without this subquery the planner would walk every device.
  tokenHashes: sql`d.push_token_id IN (SELECT t.id FROM push_tokens t WHERE t.app_id = ${value('app')}
    AND t.provider IN ${listed('providers')} AND t.hash IN ${listed('tokenHashes')})`,
  active: sql`${activity} = ${value('active')}`,
}

/**
 * Filters that leave few rows, which are then found by an index of their own and sorted. SQLite cannot know: a unary
 * plus keeps a term from the index that would walk the whole app.
 */
const few = (filters: readonly Filter[]): boolean =>
  filters.includes('user') || filters.includes('tokenHashes')

function matching(filters: readonly Filter[]): SQL {
  const conditions = filters.map((one) => CONDITIONS[one])
  const appId = sql.raw(filters.includes('tokenHashes') ? '+d.app_id' : 'd.app_id')
  return sql.join([sql`${appId} = ${value('app')} AND ${unexpired('d')}`, ...conditions], sql` AND `)
}

/**
 * Keyset paging: rows that come or go between two pages neither repeat nor hide another. The first page is bound behind
 * the end of time, so that every page is one descent into the index.
 */
function behind(alias: 'd' | 't', filters: readonly Filter[]): SQL {
  const sorted = alias === 't' ? few(filters) : filters.includes('tokenHashes')
  const column = sorted ? `+${alias}` : alias
  return sql`(${sql.raw(`${column}.created_at, ${column}.id`)}) < (${value('at')}, ${value('id')})`
}

function perFilterSet<T>(build: (filters: readonly Filter[]) => T): (filters: readonly Filter[]) => T {
  const built = new Map<string, T>()
  return (filters) => {
    const name = filters.join()
    const known = built.get(name)
    if (known) return known
    const made = build(filters)
    built.set(name, made)
    return made
  }
}

export const devicePage = perFilterSet(
  (filters): Statement<DeviceRow> =>
    statement(sql`
      SELECT ${deviceColumns} FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id
      WHERE ${matching(filters)} AND ${behind('d', filters)}
      ORDER BY d.created_at DESC, d.id DESC LIMIT ${value('limit')}`),
)

/** The push tokens `t` that a matching device points at: found from the tokens or, where they are few, the devices. */
function pointedAt(filters: readonly Filter[]): SQL {
  const devices = sql`FROM devices d JOIN push_tokens p ON p.id = d.push_token_id`
  return few(filters)
    ? sql`t.id IN (SELECT d.push_token_id ${devices} WHERE ${matching(filters)})`
    : sql`t.app_id = ${value('app')} AND EXISTS (SELECT 1 ${devices} WHERE d.push_token_id = t.id AND ${matching(filters)})`
}

/**
 * Ids of installations: push tokens that a matching device points at, and matching devices without one. Each half walks
 * its own index backwards and stops at the limit.
 */
export const installationPage = perFilterSet(
  (filters): Statement<{ id: string; created_at: number }> =>
    statement(sql`
      SELECT id, created_at FROM (
        SELECT * FROM (SELECT t.id, t.created_at FROM push_tokens t
          WHERE ${behind('t', filters)} AND ${pointedAt(filters)}
          ORDER BY t.created_at DESC, t.id DESC LIMIT ${value('limit')})
        UNION ALL
        SELECT * FROM (SELECT d.id, d.created_at FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id
          WHERE d.push_token_id IS NULL AND ${behind('d', filters)} AND ${matching(filters)}
          ORDER BY d.created_at DESC, d.id DESC LIMIT ${value('limit')}))
      ORDER BY created_at DESC, id DESC LIMIT ${value('limit')}`),
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
