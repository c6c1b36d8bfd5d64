import { scoped } from '../conditions.ts'
import { arrayOf, changedBy, elements, item, json, literal, member, merged, object } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { NEWEST } from '../keyset.ts'
import { statement } from '../statement.ts'
import { appDialects, apps, credentials, identifiers } from '../tables.ts'
import { columns, orNull, type RowOf, sql, text, value } from '../template.ts'
import { shown as credential } from './credentials.ts'

const a = apps.as('a')
const s = appDialects.as('s')
const i = identifiers.as('i')
const k = credentials.as('k')
const own = appDialects.as('app_dialects')
const sent = appDialects.as('excluded')
const j = item('j')
const { identifier, options } = appDialects

const spoken = sql`EXISTS (SELECT 1 FROM ${appDialects} WHERE ${scoped(appDialects)})`

export const insertApp = statement(sql`
  INSERT INTO ${apps} (${apps.id}, ${apps.name}, ${apps.settings}, ${apps.vapidPublic}, ${apps.vapidPrivate}, ${apps.vapidSubject}, ${apps.createdAt}, ${apps.updatedAt})
  VALUES (${value('app')}, ${value('name')}, ${merged(literal('{}'), value('settings'))}, ${value('vapidPublic')}, ${value('vapidPrivate')},
    ${value('vapidSubject')}, ${value('now')}, ${value('now')})`)

export const updateApp = statement(sql`
  UPDATE ${apps} SET ${apps.name} = coalesce(${value('name')}, ${apps.name}), ${apps.settings} = ${merged(apps.settings, value('settings'))}, ${apps.updatedAt} = ${value('now')}
  WHERE ${apps.id} = ${value('app')}`)

/** Merges (RFC 7396), so that concurrent changes are all kept. */
export const putDialect = statement(sql`
  ${insertion(appDialects, {
    appId: value('app'),
    dialect: value('dialect'),
    identifier: value('identifier'),
    options: merged(literal('{}'), value('options')),
    createdAt: value('now'),
  })}
  WHERE EXISTS (SELECT 1 FROM ${apps} WHERE ${apps.id} = ${value('app')})
  ON CONFLICT (${appDialects.appId}, ${appDialects.dialect}) DO UPDATE SET ${identifier} = ${sent.identifier}, ${options} = ${merged(own.options, value('options'))}`)
/** For a dialect that keeps its identifier; does nothing if the app no longer speaks the dialect. */
export const mergeOptions = statement(sql`
  UPDATE ${appDialects} SET ${options} = ${merged(options, value('options'))} WHERE ${scoped(appDialects)}`)

export const dropNames = statement(
  sql`DELETE FROM ${identifiers} WHERE ${scoped(identifiers)} AND ${identifiers.alias} = ${value('alias')}`,
)

/** Aborts the whole plan if another app has one of the names. */
export const insertNames = statement(sql`
  ${insertion(identifiers, { dialect: value('dialect'), value: j.value, appId: value('app'), alias: value('alias') })}
  FROM ${elements(value('names'))} j WHERE ${spoken}`)

/** Run after a conflict: the names in use by others, and the secrets in use that identify their app. */
export const takenNames = statement(sql`
  SELECT ${columns({ dialect: i.dialect, name: orNull(i.value), app_id: i.appId })} FROM ${elements(value('names'))} j JOIN ${i}
    ON ${i.dialect} = ${member(j.value, '$.dialect')} AND ${i.value} = ${member(j.value, '$.name')} WHERE ${i.appId} <> ${value('app')}
  UNION ALL
  SELECT ${k.dialect}, NULL, ${k.appId} FROM ${elements(value('lookups'))} j JOIN ${k}
    ON ${k.dialect} = ${member(j.value, '$.dialect')} AND ${k.lookup} = ${member(j.value, '$.lookup')} WHERE ${k.appId} <> ${value('app')}`)

export const hasDialect = statement(
  sql`SELECT ${columns({ dialect: appDialects.dialect })} FROM ${appDialects} WHERE ${scoped(appDialects)}`,
)

const ofOne = {
  id: a.id,
  name: a.name,
  settings: a.settings,
  vapid_public: a.vapidPublic,
  vapid_subject: a.vapidSubject,
  created_at: a.createdAt,
  updated_at: a.updatedAt,
} as const
const setup = json(object({ dialect: appDialects.dialect, identifier, options: json(options) }))
const recordColumns = columns({
  ...ofOne,
  dialects: text(sql`(SELECT ${arrayOf(setup)}
    FROM (SELECT ${appDialects.dialect}, ${identifier}, ${options} FROM ${appDialects} WHERE ${appDialects.appId} = ${a.id} ORDER BY ${appDialects.dialect}) spoken)`),
})
export type AppRecordRow = RowOf<typeof recordColumns>
const record = sql`SELECT ${recordColumns} FROM ${a}`

export const appById = statement(sql`${record} WHERE ${a.id} = ${value('app')}`)

export const appPage = statement(sql`
  ${record} WHERE ${NEWEST.page({ afterAt: a.createdAt, afterId: a.id })}`)

/** Any sealed secret, to check a master key with. */
export const anySealed = statement(
  sql`SELECT ${columns({ id: apps.id, vapid_private: apps.vapidPrivate })} FROM ${apps} LIMIT 1`,
)

export const vapidOf = statement(sql`
  SELECT ${columns({ vapid_public: apps.vapidPublic, vapid_private: apps.vapidPrivate, vapid_subject: apps.vapidSubject })}
  FROM ${apps} WHERE ${apps.id} = ${value('app')}`)

export const anyApp = statement(sql`SELECT ${columns({ id: apps.id })} FROM ${apps} LIMIT 1`)

const dialectAppColumns = columns({
  ...ofOne,
  dialect: s.dialect,
  identifier: s.identifier,
  options: s.options,
  /** JSON array of credential rows. */
  credentials: text(sql`(SELECT ${arrayOf(json(object(credential)))}
    FROM (SELECT * FROM ${credentials} WHERE ${credentials.appId} = ${a.id} AND ${credentials.dialect} = ${s.dialect} ORDER BY ${credentials.createdAt}, ${credentials.id}) shown)`),
})
export type DialectAppRow = RowOf<typeof dialectAppColumns>
const dialectApp = sql`SELECT ${dialectAppColumns} FROM ${a} JOIN ${s} ON ${s.appId} = ${a.id}`

export const dialectAppByName = statement(sql`
  ${dialectApp} JOIN ${i} ON ${i.appId} = ${a.id} AND ${i.dialect} = ${s.dialect}
  WHERE ${i.dialect} = ${value('dialect')} AND ${i.value} = ${value('name')}`)

export const dialectAppByLookup = statement(sql`
  ${dialectApp} JOIN ${k} ON ${k.appId} = ${a.id} AND ${k.dialect} = ${s.dialect}
  WHERE ${k.dialect} = ${value('dialect')} AND ${k.lookup} = ${value('lookup')}`)

export const dialectAppById = statement(sql`${dialectApp} WHERE ${scoped(s)}`)

export const dialectAppsByCredentialName = statement(sql`
  ${dialectApp} WHERE (${s.appId}, ${s.dialect}) IN (SELECT ${k.appId}, ${k.dialect} FROM ${k}
    WHERE ${k.dialect} = ${value('dialect')} AND ${k.kind} = ${value('kind')} AND ${k.name} = ${value('name')})`)

/** Apps that share the token of an account. */
export const dialectAppsByCredentialHash = statement(sql`
  ${dialectApp} WHERE (${s.appId}, ${s.dialect}) IN (SELECT ${k.appId}, ${k.dialect} FROM ${k}
    WHERE ${k.dialect} = ${value('dialect')} AND ${k.kind} = ${value('kind')} AND ${k.hash} = ${value('hash')}
    ORDER BY ${k.createdAt}, ${k.id} LIMIT ${value('limit')})`)

const upstream = text(sql`coalesce(${member(options, '$.mirror.upstream')}, '')`)
/** Uses a partial index of mirrored dialects. */
export const mirroredServers = statement(sql`
  SELECT ${columns({ dialect: appDialects.dialect, upstream, app_id: text(sql`min(${appDialects.appId})`) })} FROM ${appDialects}
  WHERE ${member(options, '$.mirror')} IS NOT NULL GROUP BY ${appDialects.dialect}, ${upstream} ORDER BY 1, 2 LIMIT ${value('limit')}`)

/** Merges a patch into a dialect's options (RFC 7396); returns a row if that changes them. */
export const changeOptions = statement(sql`
  UPDATE ${appDialects} SET ${options} = ${merged(options, value('patch'))}
  WHERE ${scoped(appDialects)} AND ${changedBy(options, value('patch'))}
  RETURNING ${columns({ dialect: appDialects.dialect })}`)
