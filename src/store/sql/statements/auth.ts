import { type SQL, sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'
import { scoped } from './catalogue.ts'
import { believed, spoken, takenAway, value } from './shared.ts'

export interface SigningKeyRow {
  id: string
  app_id: string
  dialect: string
  public_key: string
  sealed: string
  signs_until: number
  expires_at: number
}
const columns: SQL = sql.raw('id, app_id, dialect, public_key, sealed, signs_until, expires_at')
const signing: SQL = sql`${scoped} AND signs_until > ${value('now')}`

/** The key that signs now. */
export const signingKey: Statement<SigningKeyRow> = statement(
  sql`SELECT ${columns} FROM signing_keys WHERE ${signing} ORDER BY signs_until DESC, id LIMIT 1`,
)

/** Of several that are made at once the first one stays. */
export const putSigningKey = statement(sql`
  INSERT INTO signing_keys (id, app_id, dialect, public_key, sealed, created_at, signs_until, expires_at)
  SELECT ${value('id')}, ${value('app')}, ${value('dialect')}, ${value('publicKey')}, ${value('sealed')}, ${value('now')}, ${value('signsUntil')}, ${value('expiresAt')}
  WHERE ${spoken} AND NOT EXISTS (SELECT 1 FROM signing_keys WHERE ${signing})`)

export const dropExpiredKeys = statement(
  sql`DELETE FROM signing_keys WHERE ${scoped} AND expires_at <= ${value('now')} AND ${believed('now')}`,
)

export const verifyingKey: Statement<SigningKeyRow> = statement(
  sql`SELECT ${columns} FROM signing_keys WHERE id = ${value('id')} AND expires_at > ${value('now')}`,
)
export const verifyingKeys: Statement<SigningKeyRow> = statement(
  sql`SELECT ${columns} FROM signing_keys WHERE ${scoped} AND expires_at > ${value('now')} ORDER BY signs_until DESC, id`,
)

export interface ClientRow {
  id: string
  app_id: string
  dialect: string
  sealed: string
  about: string
  external_id: string | null
}
export const putClient: Statement<{ id: string }> = statement(sql`
  INSERT INTO clients (id, app_id, dialect, sealed, about, external_id, created_at, updated_at)
  SELECT ${value('id')}, ${value('app')}, ${value('dialect')}, ${value('sealed')}, ${value('about')}, ${value('externalId')}, ${value('now')}, ${value('now')}
  WHERE ${spoken} RETURNING id`)
/** Clients that have not said anything about themselves for long go, a bounded number at a time. */
export const dropOldClients = statement(sql`
  DELETE FROM clients WHERE id IN (SELECT id FROM clients WHERE updated_at <= ${value('before')} ORDER BY updated_at LIMIT 100)
    AND ${believed('now')}`)
export const findClient: Statement<ClientRow> = statement(
  sql`SELECT id, app_id, dialect, sealed, about, external_id FROM clients c WHERE id = ${value('id')} AND NOT ${takenAway('c')}`,
)
export const knownClient: Statement<{ id: string }> = statement(
  sql`SELECT id FROM clients c WHERE id = ${value('id')} AND ${scoped} AND NOT ${takenAway('c')}`,
)
export const describeClient: Statement<{ id: string }> = statement(
  sql`UPDATE clients SET about = ${value('about')}, external_id = ${value('externalId')}, updated_at = ${value('now')}
    WHERE id = ${value('id')} AND NOT ${takenAway('clients')} RETURNING id`,
)

/** What was never redeemed goes, a bounded number at a time. */
export const dropExpiredGrants = statement(sql`
  DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE expires_at <= ${value('now')} ORDER BY expires_at LIMIT 100)`)
export const putGrant: Statement<{ id: string }> = statement(sql`
  INSERT INTO grants (id, app_id, dialect, client_id, detail, expires_at)
  SELECT ${value('id')}, ${value('app')}, ${value('dialect')}, ${value('client')}, ${value('detail')}, ${value('expiresAt')}
  WHERE ${spoken} RETURNING id`)
export const takeGrant: Statement<{
  app_id: string
  dialect: string
  client_id: string
  detail: string
  expires_at: number
}> = statement(
  sql`DELETE FROM grants WHERE id = ${value('id')} RETURNING app_id, dialect, client_id, detail, expires_at`,
)

export const putDocument: Statement<{ kind: string }> = statement(sql`
  INSERT INTO documents (app_id, dialect, kind, sealed, updated_at)
  SELECT ${value('app')}, ${value('dialect')}, ${value('kind')}, ${value('sealed')}, ${value('now')} WHERE ${spoken}
  ON CONFLICT (app_id, dialect, kind) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at
  RETURNING kind`)
export const findDocument: Statement<{ sealed: string; updated_at: number }> = statement(
  sql`SELECT sealed, updated_at FROM documents WHERE ${scoped} AND kind = ${value('kind')}`,
)
export const removeDocument: Statement<{ kind: string }> = statement(
  sql`DELETE FROM documents WHERE ${scoped} AND kind = ${value('kind')} RETURNING kind`,
)
