import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { clearCatalogue } from './catalogue.ts'
import { value } from './shared.ts'

export interface AppRow {
  id: string
  name: string
  settings: string
  vapid_public: string
  vapid_subject: string
  created_at: number
  updated_at: number
}
export interface AppRecordRow extends AppRow {
  dialects: string
}
export interface CredentialRow {
  id: string
  dialect: string
  kind: string
  name: string | null
  hash: string
  sealed: string | null
  scopes: string
  hint: string | null
  created_at: number
  last_used_at: number | null
}
export interface DialectAppRow extends AppRow {
  dialect: string
  identifier: string
  options: string
  /** JSON array of credential rows. */
  credentials: string
}

export const insertApp = statement(sql`
  INSERT INTO apps (id, name, settings, vapid_public, vapid_private, vapid_subject, created_at, updated_at)
  VALUES (${value('app')}, ${value('name')}, ${value('settings')}, ${value('vapidPublic')}, ${value('vapidPrivate')},
    ${value('vapidSubject')}, ${value('now')}, ${value('now')})`)

export const updateApp = statement(sql`
  UPDATE apps SET name = coalesce(${value('name')}, name), settings = json_patch(settings, ${value('settings')}), updated_at = ${value('now')}
  WHERE id = ${value('app')}`)

/** Merges (RFC 7396), so that of changes at once each counts. */
export const putDialect = statement(sql`
  INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at)
  SELECT ${value('app')}, ${value('dialect')}, ${value('identifier')}, json_patch('{}', ${value('options')}), ${value('now')}
  WHERE EXISTS (SELECT 1 FROM apps WHERE id = ${value('app')})
  ON CONFLICT (app_id, dialect) DO UPDATE SET identifier = excluded.identifier, options = json_patch(options, ${value('options')})`)
/** Of a dialect that keeps its identifier: nothing where the app does not speak it any more. */
export const mergeOptions = statement(sql`
  UPDATE app_dialects SET options = json_patch(options, ${value('options')})
  WHERE app_id = ${value('app')} AND dialect = ${value('dialect')}`)

export const dropNames = statement(
  sql`DELETE FROM identifiers WHERE app_id = ${value('app')} AND dialect = ${value('dialect')} AND alias = ${value('alias')}`,
)

/** Fails the whole plan where another app has one of the names. */
export const insertNames = statement(sql`
  INSERT INTO identifiers (dialect, value, app_id, alias)
  SELECT ${value('dialect')}, j.value, ${value('app')}, ${value('alias')} FROM json_each(${value('names')}) j
  WHERE EXISTS (SELECT 1 FROM app_dialects WHERE app_id = ${value('app')} AND dialect = ${value('dialect')})`)

/** For whoever is told that it failed: which of the names others have, and which of the secrets that find their app. */
export const takenNames: Statement<{ dialect: string; name: string | null; app_id: string }> = statement(sql`
  SELECT i.dialect, i.value AS name, i.app_id FROM json_each(${value('names')}) j JOIN identifiers i
    ON i.dialect = j.value ->> '$.dialect' AND i.value = j.value ->> '$.name' WHERE i.app_id <> ${value('app')}
  UNION ALL
  SELECT k.dialect, NULL, k.app_id FROM json_each(${value('lookups')}) j JOIN credentials k
    ON k.dialect = j.value ->> '$.dialect' AND k.lookup = j.value ->> '$.lookup' WHERE k.app_id <> ${value('app')}`)

/** Adds a secret, unless the dialect of the app has the same one already. Fails where another app's lookup is equal. */
export const insertCredential: Statement<CredentialRow> = statement(sql`
  INSERT INTO credentials (id, app_id, dialect, kind, name, hash, sealed, scopes, lookup, hint, created_at)
  SELECT ${value('credential')}, ${value('app')}, ${value('dialect')}, ${value('kind')}, ${value('credentialName')},
    ${value('hash')}, ${value('sealed')}, ${value('scopes')}, ${value('lookup')}, ${value('hint')}, ${value('now')}
  WHERE EXISTS (SELECT 1 FROM app_dialects WHERE app_id = ${value('app')} AND dialect = ${value('dialect')})
    AND NOT EXISTS (SELECT 1 FROM credentials WHERE app_id = ${value('app')} AND dialect = ${value('dialect')} AND kind = ${value('kind')}
      AND hash = ${value('hash')} AND name IS ${value('credentialName')})
  RETURNING id, dialect, kind, name, hash, sealed, scopes, hint, created_at, last_used_at`)

export const hasDialect: Statement<{ dialect: string }> = statement(
  sql`SELECT dialect FROM app_dialects WHERE app_id = ${value('app')} AND dialect = ${value('dialect')}`,
)

const record = sql.raw(`
  SELECT a.id, a.name, a.settings, a.vapid_public, a.vapid_subject, a.created_at, a.updated_at,
    (SELECT json_group_array(json_object('dialect', dialect, 'identifier', identifier, 'options', json(options)))
      FROM (SELECT dialect, identifier, options FROM app_dialects WHERE app_id = a.id ORDER BY dialect)) AS dialects
  FROM apps a`)

export const appById: Statement<AppRecordRow> = statement(sql`${record} WHERE a.id = ${value('app')}`)

export const appPage: Statement<AppRecordRow> = statement(sql`
  ${record} WHERE (a.created_at, a.id) < (${value('at')}, ${value('id')})
  ORDER BY a.created_at DESC, a.id DESC LIMIT ${value('limit')}`)

/** One sealed secret, to try a master key on. */
export const anySealed: Statement<{ id: string; vapid_private: string }> = statement(
  sql`SELECT id, vapid_private FROM apps LIMIT 1`,
)

export const anyApp: Statement<{ id: string }> = statement(sql`SELECT id FROM apps LIMIT 1`)

const dialectApp = sql.raw(`
  SELECT a.id, a.name, a.settings, a.vapid_public, a.vapid_subject, a.created_at, a.updated_at, s.dialect, s.identifier, s.options,
    (SELECT json_group_array(json_object('id', id, 'dialect', dialect, 'kind', kind, 'name', name, 'hash', hash, 'sealed', sealed,
        'scopes', scopes, 'hint', hint, 'created_at', created_at, 'last_used_at', last_used_at))
      FROM (SELECT * FROM credentials WHERE app_id = a.id AND dialect = s.dialect ORDER BY created_at, id)) AS credentials
  FROM apps a JOIN app_dialects s ON s.app_id = a.id`)

export const dialectAppByName: Statement<DialectAppRow> = statement(sql`
  ${dialectApp} JOIN identifiers i ON i.app_id = a.id AND i.dialect = s.dialect
  WHERE i.dialect = ${value('dialect')} AND i.value = ${value('name')}`)

export const dialectAppByLookup: Statement<DialectAppRow> = statement(sql`
  ${dialectApp} JOIN credentials k ON k.app_id = a.id AND k.dialect = s.dialect
  WHERE k.dialect = ${value('dialect')} AND k.lookup = ${value('lookup')}`)

export const dialectAppById: Statement<DialectAppRow> = statement(
  sql`${dialectApp} WHERE s.app_id = ${value('app')} AND s.dialect = ${value('dialect')}`,
)

export const dialectAppsByCredentialName: Statement<DialectAppRow> = statement(sql`
  ${dialectApp} WHERE (s.app_id, s.dialect) IN (SELECT k.app_id, k.dialect FROM credentials k
    WHERE k.dialect = ${value('dialect')} AND k.kind = ${value('kind')} AND k.name = ${value('name')})`)

/** Merges a patch into a dialect's options (RFC 7396), and says so where that changes them. */
export const changeOptions: Statement<{ dialect: string }> = statement(sql`
  UPDATE app_dialects SET options = json_patch(options, ${value('patch')})
  WHERE app_id = ${value('app')} AND dialect = ${value('dialect')} AND json_patch(options, ${value('patch')}) <> json(options)
  RETURNING dialect`)

export const credentialsOf: Statement<CredentialRow> = statement(sql`
  SELECT id, dialect, kind, name, hash, sealed, scopes, hint, created_at, last_used_at FROM credentials
  WHERE app_id = ${value('app')} ORDER BY created_at, id`)

export const knownCredential: Statement<{ id: string }> = statement(
  sql`SELECT id FROM credentials WHERE app_id = ${value('app')} AND id = ${value('credential')}`,
)
/** The only one of its dialect goes by force alone. */
export const deleteCredential: Statement<{ id: string }> = statement(sql`
  DELETE FROM credentials WHERE app_id = ${value('app')} AND id = ${value('credential')} AND (${value('force')} = 1
    OR EXISTS (SELECT 1 FROM credentials other WHERE other.app_id = credentials.app_id
      AND other.dialect = credentials.dialect AND other.id <> credentials.id))
  RETURNING id`)
export const noteUsed = statement(sql`
  UPDATE credentials SET last_used_at = max(coalesce(last_used_at, 0),
    (SELECT j.value ->> '$.at' FROM json_each(${value('used')}) j WHERE j.value ->> '$.id' = credentials.id))
  WHERE id IN (SELECT j.value ->> '$.id' FROM json_each(${value('used')}) j)`)

const scoped = sql`app_id = ${value('app')} AND dialect = ${value('dialect')}`
const dropScoped = (table: string): Statement => statement(sql`DELETE FROM ${sql.raw(table)} WHERE ${scoped}`)

/** What operators made of a dialect by hand, which goes at once; what devices made goes in pieces. */
export const clearHoldings: readonly Statement[] = [
  clearCatalogue,
  ...['documents', 'webhooks', 'grants', 'tag_types', 'user_work'].map(dropScoped),
]

/** A dialect's setup. */
export const dropDialect: readonly Statement[] = [
  ...clearHoldings,
  ...['signing_keys', 'credentials', 'identifiers', 'app_dialects'].map(dropScoped),
]

/** By which an app is found; the last one answers whether there was one. */
export const dropApp: readonly Statement[] = [
  ...['credentials', 'identifiers', 'app_dialects', 'user_work'].map((table) =>
    statement(sql`DELETE FROM ${sql.raw(table)} WHERE app_id = ${value('app')}`),
  ),
  statement(sql`DELETE FROM apps WHERE id = ${value('app')} RETURNING id`),
]

/** What of an app, or of one of its dialects, would go with it: devices by their kept count, of the rest no more than that. */
const MOST_COUNTED = 10_000
const counted = (table: string, where: SQL): Statement<{ n: number }> =>
  statement(
    sql`SELECT count(*) AS n FROM (SELECT 1 FROM ${sql.raw(table)} WHERE ${where} LIMIT ${sql.raw(String(MOST_COUNTED))})`,
  )
const ofApp = sql`app_id = ${value('app')}`
const devices = (where: SQL): Statement<{ n: number }> =>
  statement(
    sql`SELECT coalesce(sum(amount), 0) AS n FROM counters WHERE ${ofApp} AND kind = 'devices' AND ${where}`,
  )
export const appCounts = {
  dialects: counted('app_dialects', ofApp),
  credentials: counted('credentials', ofApp),
  devices: devices(sql`true`),
  pushTokens: counted('push_tokens', ofApp),
  receipts: counted('receipts', ofApp),
  events: counted('events', ofApp),
}
export const dialectCounts = {
  dialects: counted('app_dialects', scoped),
  credentials: counted('credentials', scoped),
  devices: devices(sql`substr(name, 1, length(${value('dialect')}) + 1) = ${value('dialect')} || '/'`),
}
