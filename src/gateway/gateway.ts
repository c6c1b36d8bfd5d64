import type { Clock, Ids } from '../domain/ids.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store } from '../store/store.ts'
import { type Apps, createApps } from './apps.ts'
import { createDevices, type Devices } from './devices.ts'
import { createDirectory, type Directory } from './directory.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createMaintenance, type Maintenance, type Retention } from './maintenance.ts'
import { createReceipts, type Receipts } from './receipts.ts'
import { createTags, type Tags } from './tags.ts'
import { createTopics, type Topics } from './topics.ts'
import { createUsers, type Users } from './users.ts'

/** Every use case, by subject. Refusals that a dialect may find normal are values; only faults are thrown. */
export interface Gateway {
  readonly apps: Apps
  readonly devices: Devices
  readonly topics: Topics
  readonly users: Users
  readonly tags: Tags
  readonly receipts: Receipts
  readonly jobs: Jobs
  /** What the administration does; no adapter uses it. */
  readonly directory: Directory
  /** What the runtime's timer does; no adapter uses it. */
  readonly maintenance: Maintenance
}

export interface GatewayDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  /** Seconds for which an app look-up may be stale. */
  readonly appCacheSeconds: number
  readonly retention: Retention
}

export function createGateway(deps: GatewayDeps): Gateway {
  const apps = createApps({ ...deps, cacheSeconds: deps.appCacheSeconds })
  const devices = createDevices(deps)
  return {
    apps,
    devices,
    topics: createTopics(deps),
    users: createUsers(deps),
    tags: createTags(deps),
    receipts: createReceipts(deps),
    jobs: createJobs({ ...deps, devices }),
    directory: createDirectory({ ...deps, apps }),
    maintenance: createMaintenance(deps),
  }
}
