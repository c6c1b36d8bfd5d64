import { adapters } from '../../adapters/index.ts'
import { configured } from '../../src/adapter.ts'
import { buildApp, buildGateway, type Chance, realChance } from '../../src/build.ts'
import { parseConfig } from '../../src/config.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import type { Shot } from '../load/shot.ts'
import { ADMIN_TOKEN, MASTER_KEY } from './gateway.ts'
import { MIGRATIONS } from './paths.ts'

/** The whole product inside this process, so that its statements can be observed. */
export interface Within {
  readonly gateway: Gateway
  send(shot: Shot): Promise<Response>
  close(): Promise<void>
}

export interface WithinOptions {
  readonly file: string
  readonly chance?: Chance
  /** Wraps the database. */
  readonly db?: (real: Db) => Db
}

export function openWithin({ file, chance = realChance, db = (real) => real }: WithinOptions): Within {
  const real = openNodeDb(file, MIGRATIONS)
  const config = {
    ...parseConfig({ RATE_LIMIT: 'off', APP_CACHE_SECONDS: '60' }, adapters),
    masterKey: MASTER_KEY,
  }
  const dialects = configured(adapters, config)
  const gateway = buildGateway(sqlStore(db(real), chance.now, config.retention), config, {
    adapters: dialects,
    chance,
  })
  const app = buildApp(config, {
    adapters: dialects,
    gateway: () => gateway,
    adminToken: () => ADMIN_TOKEN,
    address: () => '127.0.0.1',
    log: () => {},
    chance,
  })
  return {
    gateway,
    send: async ({ method, path, headers, body }) =>
      app.request(`http://127.0.0.1${path}`, { method, headers, ...(body !== '' && { body }) }),
    close: () => real.close(),
  }
}
