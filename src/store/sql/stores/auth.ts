import type { AuthStore, DocumentStore } from '../../contract/auth.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/auth.ts'
import { scopeValues } from './listings.ts'
import { signingKeys } from './signing-keys.ts'
import { json } from './values.ts'

export const authStore = (db: Db): AuthStore => ({ ...signingKeys(db), ...clients(db), ...grants(db) })

function clients(db: Db): Pick<AuthStore, 'putClient' | 'client' | 'knowsClient' | 'describeClient'> {
  return {
    async putClient({ id, sealed, about, externalId, ...scope }, { now, before }) {
      const values = { ...scopeValues(scope), id, sealed, about: json(about), externalId, now: now.getTime() }
      const old = { before: before.getTime(), now: now.getTime() }
      const plan = { dropped: call(A.dropOldClients, old), kept: call(A.putClient, values) }
      const { kept } = await commit(db, plan)
      return kept.length > 0
    },

    async client(id) {
      const [[row]] = await db.read([call(A.findClient, { id })])
      if (!row) return null
      return {
        id: row.id,
        appId: row.app_id,
        dialect: row.dialect,
        sealed: row.sealed,
        about: JSON.parse(row.about),
        externalId: row.external_id,
      }
    },

    async knowsClient(scope, id) {
      const [rows] = await db.read([call(A.knownClient, { ...scopeValues(scope), id })])
      return rows.length > 0
    },

    async describeClient({ id, about, externalId }, now) {
      const values = { id, about: json(about), externalId, now: now.getTime() }
      const [[row]] = await db.commit([call(A.describeClient, values)], { repeatable: true })
      return row !== undefined
    },
  }
}

function grants(db: Db): Pick<AuthStore, 'putGrant' | 'takeGrant'> {
  return {
    async putGrant({ id, clientId, detail, expiresAt, ...scope }, now) {
      const values = {
        ...scopeValues(scope),
        id,
        client: clientId,
        detail: json(detail),
        expiresAt: expiresAt.getTime(),
        now: now.getTime(),
      }
      const plan = { dropped: call(A.dropExpiredGrants, values), kept: call(A.putGrant, values) }
      const { kept } = await commit(db, plan)
      return kept.length > 0
    },

    async takeGrant(id, now) {
      const [[row]] = await db.commit([call(A.takeGrant, { id })])
      if (!row || row.expires_at <= now.getTime()) return null
      return {
        appId: row.app_id,
        dialect: row.dialect,
        clientId: row.client_id,
        detail: JSON.parse(row.detail),
      }
    },
  }
}

export function documentStore(db: Db): DocumentStore {
  return {
    async put(scope, kind, sealed, now) {
      const values = { ...scopeValues(scope), kind, sealed, now: now.getTime() }
      const [kept] = await db.commit([call(A.putDocument, values)], { repeatable: true })
      return kept.length > 0
    },

    async find(scope, kind) {
      const [[row]] = await db.read([call(A.findDocument, { ...scopeValues(scope), kind })])
      return row ? { sealed: row.sealed, updatedAt: new Date(row.updated_at) } : null
    },

    async remove(scope, kind) {
      const [[row]] = await db.commit([call(A.removeDocument, { ...scopeValues(scope), kind })])
      return row !== undefined
    },

    async unoffered(kinds, limit) {
      const [rows] = await db.read([call(A.unofferedDocuments, { kinds: json(kinds), limit })])
      return rows.map(({ app_id: appId, ...row }) => ({ appId, ...row }))
    },

    async noteOffered(scope, kind) {
      await db.commit([call(A.noteOffered, { ...scopeValues(scope), kind })])
    },
  }
}
