import type { AppRecord, AppSettings, Credential } from '../domain/app.ts'
import { DEFAULT_SETTINGS } from '../domain/app.ts'
import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { canonicalVapid, generateVapid, type VapidPair, vapidFault } from '../secrets/vapid.ts'
import type { Vault } from '../secrets/vault.ts'
import type { AuditEntry, Counts, DialectDraft, Page, PageRequest, Store, Taken } from '../store/store.ts'
import type { Apps } from './apps.ts'
import { type DialectSetupDraft, drafts, type SecretDraft } from './drafts.ts'

/** Who asks for a change, and by which request. */
export interface By {
  /** The name of the token. */
  readonly actor: string
  readonly cause: string
}
/** For what asks by itself, without a request. */
export const GATEWAY: By = { actor: 'gateway', cause: 'unknown' }

/** The settings to be other than they are. */
export type SettingsRequest = { readonly [Name in keyof AppSettings]?: AppSettings[Name] | undefined }

export interface AppRequest {
  readonly name: string
  readonly settings?: SettingsRequest | undefined
  /** Left out: generated. */
  readonly vapid?: (VapidPair & { readonly subject?: string | undefined }) | undefined
  readonly dialects: ReadonlyMap<string, DialectSetupDraft>
}

export interface AppChangeRequest {
  readonly name?: string | undefined
  readonly settings?: SettingsRequest | undefined
  /** A setup to add or change, or null to take the dialect away with its devices. */
  readonly dialects: ReadonlyMap<string, DialectSetupDraft | null>
}

/** Apps and their credentials. Every change leaves an entry of who made it. */
export interface Administration {
  /** Throws `conflict` when an identifier is in use, `invalid` for a VAPID pair that is none. */
  createApp(request: AppRequest, by?: By): Promise<AppRecord>
  /** Throws `app_unknown` or `conflict`. Secrets are added to the live ones, never replaced. */
  changeApp(appId: string, request: AppChangeRequest, by?: By): Promise<AppRecord>
  /** Throws `app_unknown`. All data of the app is out of sight at once and goes in pieces. */
  removeApp(appId: string, by?: By): Promise<void>
  /** What would go with the app, or with some of its dialects. */
  appCounts(appId: string, dialects?: readonly string[]): Promise<Counts>
  /** Throws `app_unknown`. */
  app(appId: string): Promise<AppRecord>
  apps(page: PageRequest): Promise<Page<AppRecord>>
  isEmpty(): Promise<boolean>
  /** Whether the master key is the one that sealed the secrets in the store; true where there are none. */
  opensSecrets(): Promise<boolean>
  /** Throws `app_unknown`. */
  credentials(appId: string): Promise<readonly Credential[]>
  /** Throws `app_unknown`, `invalid` where the app lacks the dialect, or `conflict` for a secret that is live already. */
  addCredential(appId: string, dialect: string, draft: SecretDraft, by?: By): Promise<Credential>
  /** Throws `not_found`, or `conflict` for the only one of its dialect, unless by force. */
  removeCredential(appId: string, id: string, force: boolean, by?: By): Promise<void>
  /** As `removeCredential`, and removes nothing. */
  checkCredentialRemoval(appId: string, id: string, force: boolean): Promise<void>
  /** What the administration did, newest first. */
  audit(page: PageRequest, appId: string | null): Promise<Page<AuditEntry>>
}

export interface AdministrationDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  readonly apps: Apps
}

/** What an app's VAPID key is sealed under. */
const vapidContext = (appId: string) => `${appId}/vapid`

const DEFAULT_SUBJECT = 'mailto:push@localhost'

export function createAdministration(deps: AdministrationDeps): Administration {
  const { store, vault, now, ids, apps } = deps
  const { credentialDraft, dialectDraft } = drafts(deps)
  const entryOf = auditing(deps)

  async function existing(appId: string): Promise<AppRecord> {
    const app = await store.apps.get(appId)
    if (!app) throw new GatewayError('app_unknown', 'There is no app with this id.')
    return app
  }

  return {
    async createApp({ name, settings, vapid, dialects }, by = GATEWAY) {
      const fault = vapid && (await vapidFault(vapid))
      if (fault) throw new GatewayError('invalid', fault, { issues: [{ path: 'vapid', message: fault }] })
      const pair = vapid ? canonicalVapid(vapid) : await generateVapid()
      const id = ids.row()
      const draft = {
        id,
        name,
        settings: { ...DEFAULT_SETTINGS, ...given(settings) },
        vapid: {
          publicKey: pair.publicKey,
          sealedPrivateKey: await vault.seal(pair.privateKey, vapidContext(id)),
          subject: vapid?.subject ?? DEFAULT_SUBJECT,
        },
        dialects: await Promise.all(
          [...dialects].map(([dialect, setup]) => dialectDraft(id, dialect, setup)),
        ),
      }
      const entry = entryOf(by, 'app.created', {
        appId: id,
        detail: { name, dialects: [...dialects.keys()] },
      })
      const created = await store.apps.create(draft, now(), entry)
      apps.forget()
      return unlessTaken(created)
    },

    async changeApp(appId, { name, settings, dialects }, by = GATEWAY) {
      await existing(appId)
      const put: DialectDraft[] = []
      const drop: string[] = []
      for (const [dialect, setup] of dialects) {
        if (setup) put.push(await dialectDraft(appId, dialect, setup))
        else drop.push(dialect)
      }
      const change = { ...(name !== undefined && { name }), settings: given(settings), put, drop }
      const entry = entryOf(by, 'app.changed', {
        appId,
        detail: { ...change, put: put.map(({ dialect, options }) => ({ dialect, options })) },
      })
      const changed = await store.apps.change(appId, change, { at: now(), cause: by.cause }, entry)
      apps.forget()
      return changed ? unlessTaken(changed) : existing(appId)
    },

    async removeApp(appId, by = GATEWAY) {
      const { name } = await existing(appId)
      const entry = entryOf(by, 'app.deleted', { appId, detail: { name } })
      const removed = await store.apps.remove(appId, { at: now(), cause: by.cause }, entry)
      apps.forget()
      if (!removed) await existing(appId)
    },

    async appCounts(appId, dialects) {
      const counted = await Promise.all((dialects ?? [null]).map((one) => store.apps.counts(appId, one)))
      const total: Record<string, number> = {}
      for (const [name, count] of counted.flatMap(Object.entries<number>))
        total[name] = (total[name] ?? 0) + count
      return total
    },

    app: existing,
    apps: (page) => store.apps.list(page),
    isEmpty: () => store.apps.isEmpty(),

    async opensSecrets() {
      const one = await store.apps.anySealed()
      if (!one) return true
      return vault.open(one.sealed, vapidContext(one.appId)).then(
        () => true,
        () => false,
      )
    },

    async credentials(appId) {
      await existing(appId)
      const credentials = await store.apps.credentials(appId)
      return credentials.map((one) => ({ ...one, lastUsedAt: later(one.lastUsedAt, apps.lastUsed(one.id)) }))
    },

    async addCredential(appId, dialect, of, by = GATEWAY) {
      await existing(appId)
      const draft = await credentialDraft(appId, dialect, of)
      const detail = { dialect, kind: of.kind }
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

    audit: (page, appId) => store.audit.list(appId, page),
  }
}

const unknownCredential = () => new GatewayError('not_found', 'The app has no credential with this id.')
const lastOne = () =>
  new GatewayError(
    'conflict',
    'This is the last credential of its dialect: without it no server call is let in. ?force=true deletes it all the same.',
  )

/** Makes the entries of the audit. */
export const auditing =
  ({ now, ids }: Pick<AdministrationDeps, 'now' | 'ids'>) =>
  (
    by: By,
    action: string,
    of: Pick<AuditEntry, 'appId'> & Partial<Pick<AuditEntry, 'target' | 'detail'>>,
  ): AuditEntry => ({ id: ids.row(), at: now(), target: null, detail: {}, ...of, ...by, action })

function unlessTaken(outcome: AppRecord | Taken): AppRecord {
  if (!('taken' in outcome)) return outcome
  const issues = outcome.taken.map(({ dialect, name, appId }) => ({
    path: `dialects.${dialect}`,
    message: `${name === null ? 'a secret' : `the identifier ${JSON.stringify(name)}`} of ${dialect} already belongs to the app ${appId}`,
  }))
  const [first] = issues
  const message = first ? `${first.path}: ${first.message}` : 'An identifier or a secret is already in use.'
  throw new GatewayError('conflict', message, { issues })
}

const given = ({ carryOver }: SettingsRequest = {}): Partial<AppSettings> =>
  carryOver === undefined ? {} : { carryOver }

const later = (left: Date | null, right: Date | null): Date | null =>
  left === null || (right !== null && right > left) ? right : left
