import type { Credential } from '../domain/app.ts'
import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store } from '../store/store.ts'
import type { Apps } from './apps.ts'
import { auditing, type By, GATEWAY } from './auditing.ts'
import { drafts, type SecretDraft } from './drafts.ts'

/** App credentials, for operators. */
export interface Credentials {
  /** Throws `app_unknown`. */
  credentials(appId: string): Promise<readonly Credential[]>
  /** Throws `app_unknown`, `invalid` if the app lacks the dialect, or `conflict` if the secret is already in use. */
  addCredential(appId: string, dialect: string, draft: SecretDraft, by?: By): Promise<Credential>
  /** Throws `not_found`, or `conflict` for a dialect's last credential, unless `force` is set. */
  removeCredential(appId: string, id: string, force: boolean, by?: By): Promise<void>
  /** A dry run of `removeCredential`: same errors, no change. */
  checkCredentialRemoval(appId: string, id: string, force: boolean): Promise<void>
}

export interface CredentialsDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  readonly apps: Apps
  /** Throws `app_unknown`. */
  readonly existing: (appId: string) => Promise<unknown>
}

export function createCredentials(deps: CredentialsDeps): Credentials {
  const { store, now, apps, existing } = deps
  const { credentialDraft } = drafts(deps)
  const entryOf = auditing(deps)

  return {
    async credentials(appId) {
      await existing(appId)
      const credentials = await store.apps.credentials(appId)
      return credentials.map((one) => ({ ...one, lastUsedAt: later(one.lastUsedAt, apps.lastUsed(one.id)) }))
    },

    async addCredential(appId, dialect, secret, by = GATEWAY) {
      await existing(appId)
      const draft = await credentialDraft(appId, dialect, secret)
      const detail = { dialect, kind: secret.kind }
      const entry = entryOf(by, 'credential.added', { appId, target: draft.id, detail })
      const added = await store.apps.addCredential(appId, draft, now(), entry)
      apps.forget()
      if (added === 'taken') throw new GatewayError('conflict', 'This secret is already in use.')
      if (added) return added
      const message = `The app does not speak ${dialect}.`
      throw new GatewayError('invalid', message, { issues: [{ path: 'dialect', message }] })
    },

    async removeCredential(appId, id, force, by = GATEWAY) {
      const entry = entryOf(by, 'credential.deleted', { appId, target: id })
      const outcome = await store.apps.removeCredential(appId, id, force, entry)
      apps.forget()
      if (outcome === 'unknown') throw unknownCredential()
      if (outcome === 'last') throw lastOne()
    },

    async checkCredentialRemoval(appId, id, force) {
      const all = await store.apps.credentials(appId)
      const one = all.find((credential) => credential.id === id)
      if (!one) throw unknownCredential()
      if (!force && all.every(({ id, dialect }) => id === one.id || dialect !== one.dialect)) throw lastOne()
    },
  }
}

const unknownCredential = () => new GatewayError('not_found', 'The app has no credential with this id.')
const lastOne = () =>
  new GatewayError(
    'conflict',
    'This is the last credential of its dialect; without it, all server calls are refused. ?force=true deletes it anyway.',
  )

const later = (left: Date | null, right: Date | null): Date | null =>
  left === null || (right !== null && right > left) ? right : left
