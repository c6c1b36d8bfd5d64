import type { Device } from '../domain/device.ts'
import { GatewayError } from '../domain/error.ts'
import type { Receipt } from '../domain/receipt.ts'
import type {
  AppStats,
  Counts,
  DeviceFilter,
  Held,
  HistoryEvent,
  Installation,
  Page,
  PageRequest,
  TopicCount,
} from '../store/store.ts'
import { type Administration, type AdministrationDeps, createAdministration } from './administration.ts'
import { auditing, type By, GATEWAY } from './auditing.ts'
import { tokenHashes } from './token-hashes.ts'
import { turn } from './turn.ts'

export type * from './administration.ts'
export type { By } from './auditing.ts'
export type { DialectSetupDraft, SecretDraft } from './drafts.ts'

/** A device filter as an operator gives it: the token in any of its forms. */
export interface DeviceQuery extends Omit<DeviceFilter, 'tokenHashes' | 'q'> {
  readonly token?: string | undefined
  /** Whatever somebody pasted. */
  readonly q?: string | undefined
}

/** What operators do: apps, their credentials, and reading across dialects. Nothing crosses apps. */
export interface Directory extends Administration {
  devices(appId: string, query: DeviceQuery, page: PageRequest): Promise<Page<Device>>
  device(appId: string, id: string): Promise<Device | null>
  removeDevice(appId: string, id: string, by?: By): Promise<boolean>
  /** What would go with a device; null for an unknown one. */
  deviceCounts(appId: string, id: string): Promise<Counts | null>
  history(appId: string, deviceId: string): Promise<readonly HistoryEvent[]>
  installations(appId: string, query: DeviceQuery, page: PageRequest): Promise<Page<Installation>>
  installation(appId: string, id: string): Promise<Installation | null>
  /** Everything held about a user; null where that is nothing. */
  user(appId: string, userId: string, page: PageRequest): Promise<Held | null>
  /** What an erasure would take. */
  userCounts(appId: string, userId: string): Promise<Counts>
  /** Whether an erasure would take anything. */
  holds(appId: string, userId: string): Promise<boolean>
  /** Erases the user in every dialect, without a trace; how many devices went at once, the rest follows in pieces. */
  eraseUser(appId: string, userId: string, by?: By): Promise<number>
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

export function createDirectory(deps: AdministrationDeps): Directory {
  const { store, vault, now } = deps
  const entryOf = auditing(deps)
  const hashesOf = (token: string) => tokenHashes(token).map(({ hash }) => hash)
  const filterOf = ({ token, q, ...filter }: DeviceQuery): DeviceFilter => ({
    ...filter,
    ...(token !== undefined && { tokenHashes: hashesOf(token) }),
    ...(q !== undefined && { q: { text: q, tokenHashes: hashesOf(q) } }),
  })

  return {
    ...createAdministration(deps),
    devices: (appId, query, page) => store.directory.devices(appId, filterOf(query), page),
    device: (appId, id) => store.directory.device(appId, id),
    removeDevice: (appId, id, by = GATEWAY) =>
      store.directory.removeDevice(
        appId,
        id,
        { at: now(), cause: by.cause },
        entryOf(by, 'device.deleted', { appId, target: id }),
      ),
    deviceCounts: (appId, id) => store.held.device(appId, id),
    history: (appId, deviceId) => store.directory.history(appId, deviceId),
    installations: (appId, query, page) => store.directory.installations(appId, filterOf(query), page),
    installation: (appId, id) => store.directory.installation(appId, id),
    async user(appId, userId, page) {
      const held = await store.held.about(appId, userId, page, turn)
      return Object.values(held.counts).some((count) => count > 0) ? held : null
    },
    userCounts: (appId, userId) => store.held.counts(appId, userId, turn),
    holds: (appId, userId) => store.held.any(appId, userId, turn),
    async eraseUser(appId, userId, by = GATEWAY) {
      // Who was erased can be proved to whoever knows the id, and read by nobody.
      const target = await vault.fingerprint(userId, `${appId}/user`)
      const entry = entryOf(by, 'user.erased', { appId, target })
      return store.users.erase(appId, userId, { at: now(), cause: by.cause }, entry)
    },
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
