import type { Adapter } from '../adapter.ts'
import { buildGateway, buildImports, buildSending, type PushRuntime } from '../build.ts'
import { type Config, ConfigError } from '../config.ts'
import type { News } from '../domain/news.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Sending } from '../sending/sending.ts'
import type { Spool, Store } from '../store/store.ts'
import type { Neighbours } from '../transfer/format.ts'
import type { ImportPace, Imports } from '../transfer/import/imports.ts'
import { type KeptSecret, loadOrCreateAdminToken, loadOrCreateMasterKey } from './kept-secrets.ts'

export interface Opened {
  readonly gateway: Gateway
  readonly sending: Sending
  readonly imports: Imports
  /** Undefined if configured. */
  readonly masterKey: KeptSecret | undefined
  readonly adminToken: KeptSecret | undefined
}

/** Opens the gateway over a store with its secrets. Throws `ConfigError` if the master key does not fit the store. */
export async function openGateway(
  config: Config,
  store: Store,
  options: {
    readonly adapters: readonly Adapter[]
    readonly push: PushRuntime
    readonly neighbours: Neighbours
    readonly spool?: Spool
    readonly news?: News | undefined
    readonly importing: Omit<ImportPace, 'maxRows'>
    readonly waiting?: () => boolean
  },
): Promise<Opened> {
  const hasSecrets = async () => (await store.apps.anySealed()) !== null
  const masterKey =
    config.masterKey === undefined ? await loadOrCreateMasterKey(config, hasSecrets) : undefined
  const adminToken = config.adminToken === undefined ? loadOrCreateAdminToken(config) : undefined
  const key = masterKey?.value ?? config.masterKey ?? ''
  const complete = { ...config, masterKey: key }
  const gateway = buildGateway(store, complete, options)
  if (!(await gateway.directory.opensSecrets())) {
    throw new ConfigError(
      `The secrets in ${config.databaseFile} were encrypted with another master key; set MASTER_KEY to that key.`,
    )
  }
  const imports = buildImports(store, complete, gateway, options)
  const sending = buildSending(store, complete, { ...options, activity: gateway.activity })
  return { gateway, sending, imports, masterKey, adminToken }
}
