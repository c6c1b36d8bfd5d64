import type { AppStore, CredentialDraft } from '../../store.ts'
import { commit } from '../plan.ts'
import { ConstraintViolated, type Db } from '../port.ts'
import { call } from '../statement.ts'
import { hasDialect } from '../statements/apps.ts'
import * as C from '../statements/credentials.ts'
import { toCredential } from './app-rows.ts'
import { audited } from './audit.ts'
import { json } from './values.ts'

type Credentials = Pick<AppStore, 'credentials' | 'addCredential' | 'removeCredential' | 'noteUsed'>

/** The part of `AppStore` for the credentials of existing apps. */
export function appCredentials(db: Db): Credentials {
  return {
    async credentials(appId) {
      const [rows] = await db.read([call(C.credentialsOf, { app: appId })])
      return rows.map(toCredential)
    },

    async addCredential(appId, draft, now, entry) {
      try {
        const {
          found: [has],
          added: [row],
        } = await commit(db, {
          found: call(hasDialect, { app: appId, dialect: draft.dialect }),
          added: insertCredential(appId, draft, now),
          noted: audited(entry),
        })
        if (!has) return null
        return row ? toCredential(row) : 'taken'
      } catch (error) {
        if (error instanceof ConstraintViolated) return 'taken'
        throw error
      }
    },

    async removeCredential(appId, id, force, entry) {
      const values = { app: appId, credential: id, force: force ? 1 : 0 }
      const {
        found: [known],
        removed: [removed],
      } = await commit(db, {
        found: call(C.knownCredential, values),
        removed: call(C.deleteCredential, values),
        noted: audited(entry),
      })
      if (!known) return 'unknown'
      return removed ? 'removed' : 'last'
    },

    async noteUsed(used) {
      const rows = used.map(({ id, at }) => ({ id, at: at.getTime() }))
      // Times never move back.
      await db.commit([call(C.noteUsed, { used: json(rows) })], { repeatable: true })
    },
  }
}

/** Adds a credential to a dialect of the app. */
export const insertCredential = (appId: string, draft: CredentialDraft, now: Date) =>
  call(C.insertCredential, {
    app: appId,
    dialect: draft.dialect,
    credential: draft.id,
    kind: draft.kind,
    credentialName: draft.name,
    hash: draft.hash,
    sealed: draft.sealed,
    scopes: json(draft.scopes),
    lookup: draft.lookup,
    hint: draft.hint,
    now: now.getTime(),
  })
