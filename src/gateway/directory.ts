import type { AppRecord, AppSettings, Credential } from '../domain/app.ts'
import { DEFAULT_SETTINGS } from '../domain/app.ts'
import type { Device } from '../domain/device.ts'
import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Receipt } from '../domain/receipt.ts'
import { sha256Hex } from '../secrets/hash.ts'
import { generateVapid, type VapidPair, vapidFault } from '../secrets/vapid.ts'
import type { Vault } from '../secrets/vault.ts'
import type {
  AppStats,
  CredentialDraft,
  DeviceFilter,
  DialectDraft,
  HistoryEvent,
  Installation,
  Page,
  PageRequest,
  Store,
  TopicCount,
} from '../store/store.ts'
import { type Apps, sealContext } from './apps.ts'
import { tokenHashes } from './token-hashes.ts'

/** A secret to be kept for an app. */
export interface SecretDraft {
  readonly kind: string
  /** The public half, such as an OAuth client id. */
  readonly name?: string
  readonly secret: string
  readonly scopes?: readonly string[]
  /** Must be readable later, not only comparable: then it is sealed besides being hashed. */
  readonly readable?: boolean
  /** The secret alone says which app a request means, so no two apps may share it. */
  readonly findsApp?: boolean
}

/** An app's complete setup in one dialect. */
export interface DialectSetupDraft<Secret extends SecretDraft = SecretDraft> {
  /** As the operator sees it. */
  readonly identifier: string
  /** Every form by which a request may name the app, in compared form; the identifier's first. */
  readonly names: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly secrets: readonly Secret[]
}

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
  /** A setup to add or replace, or null to take the dialect away with its devices. */
  readonly dialects: ReadonlyMap<string, DialectSetupDraft | null>
}

/** A device filter as an operator gives it: the token in any of its forms. */
export interface DeviceQuery extends Omit<DeviceFilter, 'tokenHashes'> {
  readonly token?: string | undefined
}

/** What operators do: apps, their credentials, and reading across dialects. Nothing crosses apps. */
export interface Directory {
  /** Throws `conflict` when an identifier is in use, `invalid` for a VAPID pair that is none. */
  createApp(request: AppRequest): Promise<AppRecord>
  /** Throws `app_unknown` or `conflict`. Secrets are added to the live ones, never replaced. */
  changeApp(appId: string, request: AppChangeRequest): Promise<AppRecord>
  /** Throws `app_unknown`. Takes all data of the app. */
  removeApp(appId: string): Promise<void>
  /** Throws `app_unknown`. */
  app(appId: string): Promise<AppRecord>
  apps(page: PageRequest): Promise<Page<AppRecord>>
  isEmpty(): Promise<boolean>
  /** Whether the master key is the one that sealed the secrets in the store; true where there are none. */
  opensSecrets(): Promise<boolean>
  /** Throws `app_unknown`. */
  credentials(appId: string): Promise<readonly Credential[]>
  /** Throws `app_unknown`, `invalid` where the app lacks the dialect, or `conflict` for a secret that is live already. */
  addCredential(appId: string, dialect: string, draft: SecretDraft): Promise<Credential>
  /** False where there is none such. */
  removeCredential(appId: string, id: string): Promise<boolean>
  devices(appId: string, query: DeviceQuery, page: PageRequest): Promise<Page<Device>>
  device(appId: string, id: string): Promise<Device | null>
  removeDevice(appId: string, id: string, cause: string): Promise<boolean>
  history(appId: string, deviceId: string): Promise<readonly HistoryEvent[]>
  installations(appId: string, query: DeviceQuery, page: PageRequest): Promise<Page<Installation>>
  installation(appId: string, id: string): Promise<Installation | null>
  userDevices(appId: string, userId: string): Promise<readonly Device[]>
  /** Erases the user's devices in every dialect with their history; how many there were. */
  eraseUser(appId: string, userId: string, cause: string): Promise<number>
  topics(appId: string, page: { after: string; limit: number }): Promise<Page<TopicCount, string>>
  receipts(
    appId: string,
    filter: { deviceId?: string; messageId?: string },
    page: { after: string | null; limit: number },
  ): Promise<Page<Receipt, string>>
  stats(appId: string): Promise<AppStats>
  /** Resolves when the store answers. Throws `unavailable` with what an operator has to do, where something has to be. */
  ping(): Promise<{ readonly warnings: readonly string[] }>
}

/** What an app's VAPID key is sealed under. */
const vapidContext = (appId: string) => `${appId}/vapid`

const DEFAULT_SUBJECT = 'mailto:push@localhost'

export interface DirectoryDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  readonly apps: Apps
}

export function createDirectory({ store, vault, now, ids, apps }: DirectoryDeps): Directory {
  async function credentialDraft(appId: string, dialect: string, of: SecretDraft): Promise<CredentialDraft> {
    const hash = sha256Hex(of.secret)
    return {
      id: ids.row(),
      dialect,
      kind: of.kind,
      name: of.name ?? null,
      hash,
      sealed: of.readable ? await vault.seal(of.secret, sealContext(appId, dialect, of.kind)) : null,
      scopes: of.scopes ?? [],
      lookup: of.findsApp ? hash : null,
    }
  }

  async function dialectDraft(
    appId: string,
    dialect: string,
    setup: DialectSetupDraft,
  ): Promise<DialectDraft> {
    return {
      dialect,
      identifier: setup.identifier,
      names: setup.names,
      options: setup.options,
      credentials: await Promise.all(setup.secrets.map((one) => credentialDraft(appId, dialect, one))),
    }
  }

  async function existing(appId: string): Promise<AppRecord> {
    const app = await store.apps.get(appId)
    if (!app) throw new GatewayError('app_unknown', 'There is no app with this id.')
    return app
  }

  const taken = () =>
    new GatewayError('conflict', 'An identifier or a secret in this request already belongs to another app.')

  const filterOf = ({ token, ...filter }: DeviceQuery): DeviceFilter =>
    token === undefined
      ? filter
      : {
          ...filter,
          tokenHashes: tokenHashes(token).map(({ hash }) => hash),
        }

  return {
    async createApp({ name, settings, vapid, dialects }) {
      const fault = vapid && (await vapidFault(vapid))
      if (fault) throw new GatewayError('invalid', fault, { issues: [{ path: 'vapid', message: fault }] })
      const pair = vapid ?? (await generateVapid())
      const id = ids.row()
      const created = await store.apps.create(
        {
          id,
          name,
          settings: merged(DEFAULT_SETTINGS, settings),
          vapid: {
            publicKey: pair.publicKey,
            sealedPrivateKey: await vault.seal(pair.privateKey, vapidContext(id)),
            subject: vapid?.subject ?? DEFAULT_SUBJECT,
          },
          dialects: await Promise.all(
            [...dialects].map(([dialect, setup]) => dialectDraft(id, dialect, setup)),
          ),
        },
        now(),
      )
      apps.forget()
      if (created === 'taken') throw taken()
      return created
    },

    async changeApp(appId, { name, settings, dialects }) {
      const app = await existing(appId)
      const put: DialectDraft[] = []
      const drop: string[] = []
      for (const [dialect, setup] of dialects) {
        if (setup) put.push(await dialectDraft(appId, dialect, setup))
        else drop.push(dialect)
      }
      const changed = await store.apps.change(
        appId,
        {
          ...(name !== undefined && { name }),
          ...(settings && { settings: merged(app.settings, settings) }),
          put,
          drop,
        },
        now(),
      )
      apps.forget()
      if (changed === 'taken') throw taken()
      return changed ?? existing(appId)
    },

    async removeApp(appId) {
      const removed = await store.apps.remove(appId)
      apps.forget()
      if (!removed) await existing(appId)
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
      return store.apps.credentials(appId)
    },

    async addCredential(appId, dialect, of) {
      await existing(appId)
      const draft = await credentialDraft(appId, dialect, of)
      const added = await store.apps.addCredential(appId, draft, now())
      apps.forget()
      if (added === 'taken') throw new GatewayError('conflict', 'This secret is already in use.')
      if (!added) {
        const message = `The app does not speak ${dialect}.`
        throw new GatewayError('invalid', message, { issues: [{ path: 'dialect', message }] })
      }
      return added
    },

    async removeCredential(appId, id) {
      const removed = await store.apps.removeCredential(appId, id)
      apps.forget()
      return removed
    },

    devices: (appId, query, page) => store.directory.devices(appId, filterOf(query), page),
    device: (appId, id) => store.directory.device(appId, id),
    removeDevice: (appId, id, cause) => store.directory.removeDevice(appId, id, { at: now(), cause }),
    history: (appId, deviceId) => store.directory.history(appId, deviceId),
    installations: (appId, query, page) => store.directory.installations(appId, filterOf(query), page),
    installation: (appId, id) => store.directory.installation(appId, id),
    userDevices: (appId, userId) => store.directory.userDevices(appId, userId),
    eraseUser: (appId, userId, cause) => store.users.erase(appId, userId, { at: now(), cause }),
    topics: (appId, page) => store.directory.topics(appId, page),
    receipts: (appId, filter, page) => store.receipts.list(appId, filter, page),
    stats: (appId) => store.directory.stats(appId, now()),
    async ping() {
      const { fault, warnings } = await store.ping()
      if (fault !== null) throw new GatewayError('unavailable', fault, { cause: new Error(fault) })
      return { warnings }
    },
  }
}

/** The settings with the requested ones put in. */
const merged = (settings: AppSettings, request: SettingsRequest | undefined): AppSettings => ({
  carryOver: request?.carryOver ?? settings.carryOver,
})
