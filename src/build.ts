import type { Context } from 'hono'
import { v7 as uuidv7 } from 'uuid'
import type { Adapter, AppEnv } from './adapter.ts'
import { createApp, type RequestRecord } from './app.ts'
import type { Config } from './config.ts'
import type { Clock, Ids } from './domain/ids.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import { createVault } from './secrets/vault.ts'
import type { Db } from './store/port.ts'
import { sqliteStore } from './store/sqlite.ts'

/** What is not on the machine's clock or dice in tests. */
export interface Chance {
  readonly now: Clock
  readonly ids: Ids
}

export const realChance: Chance = {
  now: () => new Date(),
  ids: { row: () => uuidv7(), secret: () => crypto.randomUUID() },
}

/** The use cases over a database. */
export function buildGateway(
  db: Db,
  config: Config & { masterKey: string },
  chance: Chance = realChance,
): Gateway {
  return createGateway({
    store: sqliteStore(db, chance.now),
    vault: createVault(config.masterKey),
    appCacheSeconds: config.appCacheSeconds,
    ...chance,
  })
}

/** What a runtime adds to the app. */
export interface Runtime {
  readonly adapters: readonly Adapter[]
  readonly gateway: (c: Context<AppEnv>) => Gateway
  readonly adminToken: (c: Context<AppEnv>) => string
  readonly address: (c: Context<AppEnv>) => string
  readonly log: (record: RequestRecord) => void
  readonly wakeOutbox?: (c: Context<AppEnv>) => void
  readonly chance?: Chance
}

/** The Hono app of either runtime. */
export function buildApp(config: Pick<Config, 'limits' | 'rateLimit'>, runtime: Runtime) {
  const { chance = realChance, ...of } = runtime
  return createApp({ ...of, ...chance, limits: config.limits, rateLimit: config.rateLimit })
}
