import { type App, type AppRecord, type Credential, NO_LIMITS, NO_RETENTION } from '../../../domain/app.ts'
import type { StoredCredential, StoredDialectApp } from '../../store.ts'
import type * as A from '../statements/apps.ts'
import type { CredentialRow } from '../statements/credentials.ts'

/** Limits and retention are stored with the settings, if they are set. */
function toApp(row: Omit<A.AppRecordRow, 'dialects'>): App {
  const { limits, retention, ...settings } = JSON.parse(row.settings)
  return {
    ...toRest(row),
    settings,
    limits: { ...NO_LIMITS, ...limits },
    retention: { ...NO_RETENTION, ...retention },
  }
}
const toRest = (row: Omit<A.AppRecordRow, 'dialects'>) => ({
  id: row.id,
  name: row.name,
  vapid: { publicKey: row.vapid_public, subject: row.vapid_subject },
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
})

/** An app with a summary of its dialects. */
export const toRecord = (row: A.AppRecordRow): AppRecord => ({
  ...toApp(row),
  dialects: JSON.parse(row.dialects),
})

/** Without its encrypted secret. */
export const toCredential = (row: CredentialRow): Credential => ({
  id: row.id,
  dialect: row.dialect,
  kind: row.kind,
  name: row.name,
  hash: row.hash,
  scopes: JSON.parse(row.scopes),
  hint: row.hint,
  createdAt: new Date(row.created_at),
  lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
})

/** An app as one of its dialects sees it, with the encrypted secrets. */
export function toDialectApp(row: A.DialectAppRow): StoredDialectApp {
  const credentials: CredentialRow[] = JSON.parse(row.credentials)
  return {
    app: toApp(row),
    dialect: row.dialect,
    identifier: row.identifier,
    options: JSON.parse(row.options),
    credentials: credentials.map((one): StoredCredential => ({ ...toCredential(one), sealed: one.sealed })),
  }
}
