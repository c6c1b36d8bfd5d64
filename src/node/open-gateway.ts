import type { Adapter } from '../adapter.ts'
import { buildGateway } from '../build.ts'
import { type Config, ConfigError } from '../config.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Store } from '../store/store.ts'
import { type KeptSecret, keptAdminToken, keptMasterKey } from './kept-secrets.ts'

export interface Opened {
  readonly gateway: Gateway
  /** Undefined where the configuration gives it. */
  readonly masterKey: KeptSecret | undefined
  readonly adminToken: KeptSecret | undefined
}

/** The gateway over a store, with the secrets that go with it. Throws `ConfigError` where they do not belong together. */
export async function openGateway(
  config: Config,
  store: Store,
  adapters: readonly Adapter[],
): Promise<Opened> {
  const sealed = async () => (await store.apps.anySealed()) !== null
  const masterKey = config.masterKey === undefined ? await keptMasterKey(config, sealed) : undefined
  const adminToken = config.adminToken === undefined ? keptAdminToken(config) : undefined
  const key = masterKey?.value ?? config.masterKey ?? ''
  const gateway = buildGateway(store, { ...config, masterKey: key }, { adapters })
  if (!(await gateway.directory.opensSecrets())) {
    throw new ConfigError(
      `The master key is not the one that sealed the secrets in ${config.databaseFile}; set MASTER_KEY to that one.`,
    )
  }
  return { gateway, masterKey, adminToken }
}
