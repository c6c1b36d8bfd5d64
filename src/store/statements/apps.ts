import { sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { dropJobsOfDialect } from './jobs.ts'
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
  created_at: number
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
  UPDATE apps SET name = coalesce(${value('name')}, name), settings = coalesce(${value('settings')}, settings), updated_at = ${value('now')}
  WHERE id = ${value('app')}`)

export const putDialect = statement(sql`
  INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at)
  SELECT ${value('app')}, ${value('dialect')}, ${value('identifier')}, ${value('options')}, ${value('now')}
  WHERE EXISTS (SELECT 1 FROM apps WHERE id = ${value('app')})
  ON CONFLICT (app_id, dialect) DO UPDATE SET identifier = excluded.identifier, options = excluded.options`)

export const dropNames = statement(
  sql`DELETE FROM identifiers WHERE app_id = ${value('app')} AND dialect = ${value('dialect')}`,
)

/** Fails the whole plan where another app has one of the names. */
export const insertNames = statement(sql`
  INSERT INTO identifiers (dialect, value, app_id)
  SELECT ${value('dialect')}, j.value, ${value('app')} FROM json_each(${value('names')}) j
  WHERE EXISTS (SELECT 1 FROM apps WHERE id = ${value('app')})`)

/** Adds a secret, unless the dialect of the app has the same one already. Fails where another app's lookup is equal. */
export const insertCredential: Statement<CredentialRow> = statement(sql`
  INSERT INTO credentials (id, app_id, dialect, kind, name, hash, sealed, scopes, lookup, created_at)
  SELECT ${value('credential')}, ${value('app')}, ${value('dialect')}, ${value('kind')}, ${value('credentialName')},
    ${value('hash')}, ${value('sealed')}, ${value('scopes')}, ${value('lookup')}, ${value('now')}
  WHERE EXISTS (SELECT 1 FROM app_dialects WHERE app_id = ${value('app')} AND dialect = ${value('dialect')})
    AND NOT EXISTS (SELECT 1 FROM credentials WHERE app_id = ${value('app')} AND dialect = ${value('dialect')} AND kind = ${value('kind')}
      AND hash = ${value('hash')} AND name IS ${value('credentialName')})
  RETURNING id, dialect, kind, name, hash, sealed, scopes, created_at`)

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
        'scopes', scopes, 'created_at', created_at))
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
  SELECT id, dialect, kind, name, hash, sealed, scopes, created_at FROM credentials
  WHERE app_id = ${value('app')} ORDER BY created_at, id`)

export const deleteCredential: Statement<{ id: string }> = statement(
  sql`DELETE FROM credentials WHERE app_id = ${value('app')} AND id = ${value('credential')} RETURNING id`,
)

/** What a dialect holds of an app besides its devices and its setup. */
const HOLDINGS = [
  'catalogue',
  'documents',
  'webhooks',
  'outbox',
  'clients',
  'grants',
  'tag_types',
  'user_work',
] as const
const holdings = [...HOLDINGS, 'signing_keys'] as const

/** Empties a dialect of an app; its devices go by `removeDialect`. */
export const clearHoldings: readonly Statement[] = HOLDINGS.map((table) =>
  statement(
    sql`DELETE FROM ${sql.raw(table)} WHERE app_id = ${value('app')} AND dialect = ${value('dialect')}`,
  ),
)

/** A dialect's own rows of an app; its devices go by `removeDialect`. */
export const dropDialect: readonly Statement[] = [
  dropNames,
  ...dropJobsOfDialect,
  ...clearHoldings,
  statement(sql`DELETE FROM signing_keys WHERE app_id = ${value('app')} AND dialect = ${value('dialect')}`),
  statement(sql`DELETE FROM credentials WHERE app_id = ${value('app')} AND dialect = ${value('dialect')}`),
  statement(sql`DELETE FROM app_dialects WHERE app_id = ${value('app')} AND dialect = ${value('dialect')}`),
]

/** Everything of an app; the last one answers whether there was one. */
export const dropApp: readonly Statement[] = [
  statement(sql`DELETE FROM tags WHERE device_id IN (SELECT id FROM devices WHERE app_id = ${value('app')})`),
  statement(sql`DELETE FROM job_items WHERE job_id IN (SELECT id FROM jobs WHERE app_id = ${value('app')})`),
  ...[
    'jobs',
    'subscriptions',
    'counters',
    'receipts',
    'events',
    'devices',
    'push_tokens',
    'credentials',
    'identifiers',
    'app_dialects',
    ...holdings,
  ].map((table) => statement(sql`DELETE FROM ${sql.raw(table)} WHERE app_id = ${value('app')}`)),
  statement(sql`DELETE FROM apps WHERE id = ${value('app')} RETURNING id`),
]
