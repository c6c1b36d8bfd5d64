import { scoped, unexpired } from '../conditions.ts'
import { arrayOf, aside, flag, listed } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, pushTokens, tags } from '../tables.ts'
import { columns, join, type RowOf, sql, type Template, text, value } from '../template.ts'
import { deviceParts, withToken } from './device-view.ts'

const d = devices.as('d')
const p = pushTokens.left('p')

const { name, type, deviceId } = tags
const typesOf = (of: typeof name) =>
  text(
    sql`(SELECT ${arrayOf(of)} FROM (SELECT ${name}, ${type} FROM ${tags} WHERE ${deviceId} = ${d.id} ORDER BY ${name}) own)`,
  )
const exportColumns = columns({ ...deviceParts, tag_names: typesOf(name), tag_types: typesOf(type) })
export type ExportRow = RowOf<typeof exportColumns>

const idColumn = columns({ id: d.id })
const behind = sql`${scoped(d)} AND ${d.id} > ${value('after')}`

export const newestOfDialect = statement(
  sql`SELECT ${idColumn} FROM ${d} WHERE ${behind} ORDER BY ${d.id} DESC LIMIT 1`,
)

export const idsOfDialect = statement(
  sql`SELECT ${idColumn} FROM ${d} WHERE ${behind} AND ${d.id} <= ${value('lastId')} ORDER BY ${d.id} LIMIT ${value('limit')}`,
)

const ifGiven = <const Name extends string, Names extends string>(of: Name, condition: Template<Names>) =>
  sql`(${value(of)} IS NULL OR ${condition})`
/** Same as `isActive` in the domain. */
const activity = sql`(${d.enabled} = 1 AND ${p.state} IS NOT NULL AND ${p.state} = 'live')`
const matching = join(
  [
    unexpired(d),
    ifGiven('platform', sql`${d.platform} = ${value('platform')}`),
    ifGiven('provider', sql`${p.provider} = ${value('provider')}`),
    ifGiven('active', sql`${flag(activity)} = ${value('active')}`),
  ],
  ' AND ',
)

export const exportedDevices = statement(sql`
  SELECT ${exportColumns} FROM ${withToken}
  WHERE ${aside(d.appId)} = ${value('app')} AND ${d.id} IN ${listed('ids')} AND ${matching} ORDER BY ${d.id}`)
