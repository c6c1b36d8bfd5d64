import { ofApp, scoped } from '../conditions.ts'
import { elements, greatest, item, member, numeric, same } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { appDialects, credentials } from '../tables.ts'
import { columns, type RowOf, sql, value } from '../template.ts'

const other = credentials.as('other')
const own = credentials.as('credentials')
const j = item('j')

/** The visible part of a secret, by its names in rows and in JSON. */
export const shown = {
  id: credentials.id,
  dialect: credentials.dialect,
  kind: credentials.kind,
  name: credentials.name,
  hash: credentials.hash,
  sealed: credentials.sealed,
  scopes: credentials.scopes,
  hint: credentials.hint,
  created_at: credentials.createdAt,
  last_used_at: credentials.lastUsedAt,
} as const
const credentialColumns = columns(shown)
export type CredentialRow = RowOf<typeof credentialColumns>

/** Adds a secret unless the app's dialect already has it. Fails if another app has the same lookup. */
export const insertCredential = statement(sql`
  ${insertion(credentials, {
    id: value('credential'),
    appId: value('app'),
    dialect: value('dialect'),
    kind: value('kind'),
    name: value('credentialName'),
    hash: value('hash'),
    sealed: value('sealed'),
    scopes: value('scopes'),
    lookup: value('lookup'),
    hint: value('hint'),
    createdAt: value('now'),
  })}
  WHERE EXISTS (SELECT 1 FROM ${appDialects} WHERE ${scoped(appDialects)})
    AND NOT EXISTS (SELECT 1 FROM ${credentials} WHERE ${scoped(credentials)} AND ${credentials.kind} = ${value('kind')}
      AND ${credentials.hash} = ${value('hash')} AND ${same(credentials.name, value('credentialName'))})
  RETURNING ${credentialColumns}`)

export const credentialsOf = statement(sql`
  SELECT ${credentialColumns} FROM ${credentials}
  WHERE ${ofApp(credentials)} ORDER BY ${credentials.createdAt}, ${credentials.id}`)

const one = sql`${ofApp(credentials)} AND ${credentials.id} = ${value('credential')}`
const idOfCredential = columns({ id: credentials.id })
export const knownCredential = statement(sql`SELECT ${idOfCredential} FROM ${credentials} WHERE ${one}`)
/** A dialect's only credential is deleted only with `force`. */
export const deleteCredential = statement(sql`
  DELETE FROM ${credentials} WHERE ${one} AND (${value('force')} = 1
    OR EXISTS (SELECT 1 FROM ${other} WHERE ${other.appId} = ${own.appId}
      AND ${other.dialect} = ${own.dialect} AND ${other.id} <> ${own.id}))
  RETURNING ${idOfCredential}`)
const used = sql`${elements(value('used'))} j`
export const noteUsed = statement(sql`
  UPDATE ${credentials} SET ${credentials.lastUsedAt} = ${greatest(
    sql`coalesce(${credentials.lastUsedAt}, 0)`,
    sql`(SELECT ${numeric(j.value, '$.at')} FROM ${used} WHERE ${member(j.value, '$.id')} = ${own.id})`,
  )}
  WHERE ${credentials.id} IN (SELECT ${member(j.value, '$.id')} FROM ${used})`)
