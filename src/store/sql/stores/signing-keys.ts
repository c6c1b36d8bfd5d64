import type { AuthStore, StoredSigningKey } from '../../contract/auth.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/auth.ts'
import { scopeValues } from './listings.ts'

type SigningKeys = Pick<AuthStore, 'signingKey' | 'putSigningKey' | 'verifyingKey' | 'verifyingKeys'>

/** The part of `AuthStore` for the keys that sign access tokens. */
export function signingKeys(db: Db): SigningKeys {
  return {
    async signingKey(scope, now) {
      const [[row]] = await db.read([call(A.signingKey, { ...scopeValues(scope), now: now.getTime() })])
      return row ? toKey(row) : null
    },

    async putSigningKey({ signsUntil, expiresAt, ...key }, now) {
      const values = {
        ...scopeValues(key),
        id: key.id,
        publicKey: key.publicKey,
        sealed: key.sealed,
        signsUntil: signsUntil.getTime(),
        expiresAt: expiresAt.getTime(),
        now: now.getTime(),
      }
      const plan = {
        dropped: call(A.dropExpiredKeys, values),
        put: call(A.putSigningKey, values),
        signing: call(A.signingKey, values),
      }
      const {
        signing: [row],
      } = await commit(db, plan, { repeatable: true })
      return row ? toKey(row) : null
    },

    async verifyingKey(id, now) {
      const [[row]] = await db.read([call(A.verifyingKey, { id, now: now.getTime() })])
      return row ? toKey(row) : null
    },

    async verifyingKeys(scope, now) {
      const [rows] = await db.read([call(A.verifyingKeys, { ...scopeValues(scope), now: now.getTime() })])
      return rows.map(toKey)
    },
  }
}

const toKey = (row: A.SigningKeyRow): StoredSigningKey => ({
  id: row.id,
  appId: row.app_id,
  dialect: row.dialect,
  publicKey: row.public_key,
  sealed: row.sealed,
  signsUntil: new Date(row.signs_until),
  expiresAt: new Date(row.expires_at),
})
