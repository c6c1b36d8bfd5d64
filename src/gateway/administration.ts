import type { AppLimits, AppRecord, AppRetention, AppSettings } from '../domain/app.ts'
import { DEFAULT_SETTINGS } from '../domain/app.ts'
import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { mirrorOf, withoutMirrorSecrets } from '../domain/mirror.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import { canonicalVapid, generateVapid, type VapidPair, vapidFault } from '../secrets/vapid.ts'
import type { Vault } from '../secrets/vault.ts'
import type { AppDraft, AuditEntry, Counts, DialectDraft, Store, Taken } from '../store/store.ts'
import type { Apps } from './apps.ts'
import { auditing, type By, GATEWAY } from './auditing.ts'
import { type Credentials, createCredentials } from './credentials.ts'
import { type DialectSetupDraft, drafts } from './drafts.ts'
import type { Mirrors } from './mirrors.ts'
import { NO_SUBJECT, vapidContext } from './vapid.ts'

/** Members to change; absent ones stay. */
type Change<Of> = { readonly [Name in keyof Of]?: Of[Name] | undefined }
export type SettingsRequest = Change<AppSettings>
interface Bounds {
  readonly limits?: Change<AppLimits> | undefined
  readonly retention?: Change<AppRetention> | undefined
}

export interface AppRequest extends Bounds {
  readonly name: string
  readonly settings?: SettingsRequest | undefined
  /** Generated if absent. */
  readonly vapid?: (VapidPair & { readonly subject?: string | undefined }) | undefined
  readonly dialects: ReadonlyMap<string, DialectSetupDraft>
}

export interface AppChangeRequest extends Bounds {
  readonly name?: string | undefined
  readonly settings?: SettingsRequest | undefined
  /** A setup to add or change, or null to remove the dialect with its devices. */
  readonly dialects: ReadonlyMap<string, DialectSetupDraft | null>
}

/** Apps and their credentials. Every change writes an audit entry. */
export interface Administration extends Credentials {
  /** Throws `conflict` if an identifier or secret is already in use, `invalid` for a malformed VAPID pair. */
  createApp(request: AppRequest, by?: By): Promise<AppRecord>
  /** Throws `app_unknown` or `conflict`. New secrets are added; existing ones stay valid. */
  changeApp(appId: string, request: AppChangeRequest, by?: By): Promise<AppRecord>
  /** Throws `app_unknown`. The app's data becomes invisible immediately and is deleted in batches. */
  removeApp(appId: string, by?: By): Promise<void>
  /** Counts the rows that removing the app, or some of its dialects, would delete. */
  appCounts(appId: string, dialects?: readonly string[]): Promise<Counts>
  /** Throws `app_unknown`. */
  app(appId: string): Promise<AppRecord>
  apps(page: PageRequest): Promise<Page<AppRecord>>
  isEmpty(): Promise<boolean>
  /** Whether the master key can decrypt the secrets in the store; true for an empty store. */
  opensSecrets(): Promise<boolean>
  /** Audit entries, newest first; of all apps if `appId` is null. */
  audit(page: PageRequest, appId: string | null): Promise<Page<AuditEntry>>
}

export interface AdministrationDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  readonly apps: Apps
  readonly mirrors: Mirrors
}

/** Removes data kept for a migration from a vendor: of an app, or of one of its dialects. */
const leaving = (store: Store) => (appId: string, dialect: string | null) =>
  Promise.all([store.mirrors.drop(appId, dialect), store.readiness.drop(appId, dialect)])

export function createAdministration(deps: AdministrationDeps): Administration {
  const { store, vault, now, ids } = deps
  const { dialectDraft } = drafts(deps)
  const [entryOf, changed, leave] = [auditing(deps), forgetting(deps), leaving(store)]

  async function existing(appId: string): Promise<AppRecord> {
    const app = await store.apps.get(appId)
    if (!app) throw new GatewayError('app_unknown', 'There is no app with this id.')
    return app
  }

  return {
    async createApp({ name, settings, vapid, dialects, ...bounds }, by = GATEWAY) {
      const id = ids.app()
      const draft = {
        ...{ id, name, ...boundsOf(bounds) },
        settings: { ...DEFAULT_SETTINGS, ...present(settings) },
        vapid: await vapidDraft(vault, id, vapid),
        dialects: await Promise.all(
          [...dialects].map(([dialect, setup]) => dialectDraft(id, dialect, setup)),
        ),
      }
      const entry = entryOf(by, 'app.created', {
        appId: id,
        detail: { name, dialects: [...dialects.keys()] },
      })
      const created = await store.apps.create(draft, now(), entry)
      await changed([...dialects.values()].some(isMirrored))
      return unlessTaken(created)
    },

    async changeApp(appId, { name, settings, dialects, ...bounds }, by = GATEWAY) {
      const known = await existing(appId)
      const mirrors = new Map(known.dialects.map((one) => [one.dialect, mirrorOf(one)]))
      const put: DialectDraft[] = []
      const drop: string[] = []
      for (const [dialect, setup] of dialects) {
        if (setup) put.push(await dialectDraft(appId, dialect, setup, mirrors.get(dialect)))
        else drop.push(dialect)
      }
      const change = { ...changeOf({ name, settings, ...bounds }), put, drop }
      const entry = entryOf(by, 'app.changed', { appId, detail: { ...change, put: put.map(audited) } })
      const after = await store.apps.change(appId, change, { at: now(), cause: by.cause }, entry)
      await Promise.all(drop.map((dialect) => leave(appId, dialect)))
      await changed(known.dialects.some(mirrorOf) || [...dialects.values()].some(isMirrored))
      return after ? unlessTaken(after) : existing(appId)
    },

    async removeApp(appId, by = GATEWAY) {
      const { name, dialects } = await existing(appId)
      const entry = entryOf(by, 'app.deleted', { appId, detail: { name } })
      const removed = await store.apps.remove(appId, { at: now(), cause: by.cause }, entry)
      await leave(appId, null)
      await changed(dialects.some(mirrorOf))
      if (!removed) await existing(appId)
    },

    async appCounts(appId, dialects) {
      const counted = await Promise.all((dialects ?? [null]).map((one) => store.apps.counts(appId, one)))
      return summed(counted)
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

    ...createCredentials({ ...deps, existing }),
    audit: (page, appId) => store.audit.list(appId, page),
  }
}

/** Clears the caches after a change. */
const forgetting =
  ({ apps, mirrors }: AdministrationDeps) =>
  async (mirrored: boolean): Promise<void> => {
    apps.forget()
    if (mirrored) await mirrors.refresh()
  }

const isMirrored = (setup: DialectSetupDraft | null): boolean => Boolean(setup?.mirror)

/** The audit detail of an added or changed dialect. */
const audited = ({ dialect, options }: DialectDraft) => ({
  dialect,
  options: withoutMirrorSecrets(options),
})

async function vapidDraft(vault: Vault, appId: string, of: AppRequest['vapid']): Promise<AppDraft['vapid']> {
  const fault = of && (await vapidFault(of))
  if (fault) throw new GatewayError('invalid', fault, { issues: [{ path: 'vapid', message: fault }] })
  const { publicKey, privateKey } = of ? canonicalVapid(of) : await generateVapid()
  const sealedPrivateKey = await vault.seal(privateKey, vapidContext(appId))
  return { publicKey, sealedPrivateKey, subject: of?.subject ?? NO_SUBJECT }
}

function summed(all: readonly Counts[]): Counts {
  const total: Record<string, number> = {}
  for (const [name, count] of all.flatMap(Object.entries<number>)) total[name] = (total[name] ?? 0) + count
  return total
}

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

/** The members that a change sets. */
const present = <Of extends object>(change: Change<Of> = {}) =>
  Object.fromEntries(Object.entries(change).filter(([, given]) => given !== undefined)) as Partial<Of>

const changeOf = ({ name, settings, ...bounds }: Omit<AppChangeRequest, 'dialects'>) => ({
  ...(name !== undefined && { name }),
  settings: present(settings),
  ...boundsOf(bounds),
})

const boundsOf = ({ limits, retention }: Bounds) => ({
  ...(limits && { limits: present(limits) }),
  ...(retention && { retention: present(retention) }),
})
