import type { Device } from '../domain/device.ts'
import { GatewayError } from '../domain/error.ts'
import type { Event } from '../domain/event.ts'
import type { Page, PageRequest, TextPlace } from '../domain/page.ts'
import type { Receipt } from '../domain/receipt.ts'
import { turn } from '../domain/turn.ts'
import type { Health } from '../store/contract/health.ts'
import type {
  AppStats,
  Counts,
  DeviceFilter,
  Held,
  Installation,
  ReceiptPlace,
  TopicCount,
} from '../store/store.ts'
import { type Administration, type AdministrationDeps, createAdministration } from './administration.ts'
import { auditing, type By, GATEWAY } from './auditing.ts'
import { createErasure, type ErasureDeps } from './erasure.ts'
import { tokenHashes } from './token-hashes.ts'
import { revealing } from './undos.ts'

export type * from './administration.ts'
export type { By } from './auditing.ts'
export type { DialectSetupDraft, MirrorDraft, SecretDraft } from './drafts.ts'

/** A device filter as an operator sends it: the token in any spelling. */
export interface DeviceQuery extends Omit<DeviceFilter, 'tokenHashes' | 'q'> {
  readonly token?: string | undefined
  /** Free text: an id, a user or a token. */
  readonly q?: string | undefined
}

/** Operations for operators: apps, credentials, and reads across dialects, never across apps. */
export interface Directory extends Administration {
  devices(appId: string, query: DeviceQuery, page: PageRequest): Promise<Page<Device>>
  device(appId: string, id: string): Promise<Device | null>
  removeDevice(appId: string, id: string, by?: By): Promise<boolean>
  /** Counts the rows that removing the device would delete; null for an unknown device. */
  deviceCounts(appId: string, id: string): Promise<Counts | null>
  history(appId: string, deviceId: string): Promise<readonly Event[]>
  installations(appId: string, query: DeviceQuery, page: PageRequest): Promise<Page<Installation>>
  installation(appId: string, id: string): Promise<Installation | null>
  /** All data held about a user; null if there is none. */
  user(appId: string, userId: string, page: PageRequest): Promise<Held | null>
  /** Counts the rows that an erasure would delete. */
  userCounts(appId: string, userId: string): Promise<Counts>
  /** Whether an erasure would delete anything. */
  holds(appId: string, userId: string): Promise<boolean>
  /** Erases the user in every dialect. Returns the devices deleted immediately; the rest follows in batches. */
  eraseUser(appId: string, userId: string, by?: By): Promise<number>
  topics(appId: string, page: PageRequest<TextPlace>): Promise<Page<TopicCount, TextPlace>>
  receipts(
    appId: string,
    filter: { deviceId?: string; messageId?: string },
    page: PageRequest<ReceiptPlace>,
  ): Promise<Page<Receipt, ReceiptPlace>>
  stats(appId: string): Promise<AppStats>
  /** The size of the database in bytes; null if unknown. */
  size(): Promise<number | null>
  /** Resolves if the store answers. Throws `unavailable`, with instructions, if an operator has to act first. */
  ping(): Promise<Omit<Health, 'fault'>>
}

export function createDirectory(deps: AdministrationDeps & ErasureDeps): Directory {
  const { store, vault, now } = deps
  const entryOf = auditing(deps)
  const hashesOf = (token: string) => tokenHashes(token).map(({ hash }) => hash)
  const filterOf = ({ token, q, ...filter }: DeviceQuery): DeviceFilter => ({
    ...filter,
    ...(token !== undefined && { tokenHashes: hashesOf(token) }),
    ...(q !== undefined && { q: { text: q, tokenHashes: hashesOf(q) } }),
  })

  const heldOf = async (appId: string, userId: string) => ({
    appId,
    userId,
    subject: await vault.fingerprint(userId, `${appId}/user`),
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
      const held = await store.held.about(await heldOf(appId, userId), page, revealing(vault), turn)
      return Object.values(held.counts).some((count) => count > 0) ? held : null
    },
    userCounts: async (appId, userId) => store.held.counts(await heldOf(appId, userId), turn),
    holds: async (appId, userId) => store.held.any(await heldOf(appId, userId), turn),
    eraseUser: createErasure(deps),
    topics: (appId, page) => store.directory.topics(appId, page),
    receipts: (appId, filter, page) => store.receipts.list(appId, filter, page),
    size: () => store.size(),
    stats: (appId) => store.directory.stats(appId, now()),
    async ping() {
      const { fault, ...state } = await store.ping()
      if (fault !== null) throw new GatewayError('unavailable', fault, { cause: new Error(fault) })
      return state
    },
  }
}
