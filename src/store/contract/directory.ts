import type { Device } from '../../domain/device.ts'
import type { Event } from '../../domain/event.ts'
import type { Page, PageRequest, TextPlace } from '../../domain/page.ts'
import type { AuditEntry } from './audit.ts'
import type { Occasion } from './occasion.ts'

/** An operator's device filter. Members are combined by AND; texts must match completely. */
export interface DeviceFilter {
  readonly dialect?: string | undefined
  readonly platform?: string | undefined
  readonly provider?: string | undefined
  readonly topic?: string | undefined
  readonly user?: string | undefined
  readonly externalId?: string | undefined
  /** The token's hashes, one per compared form. */
  readonly tokenHashes?: readonly string[] | undefined
  /** Matches a device by its id, its external id, its user or, through the hashes, its token. */
  readonly q?: { readonly text: string; readonly tokenHashes: readonly string[] } | undefined
  /** A tag's name, or `name=value`. */
  readonly tag?: string | undefined
  readonly model?: string | undefined
  readonly appVersion?: string | undefined
  readonly active?: boolean | undefined
}

/** All devices with the same push token, or a single device without one. */
export interface Installation {
  readonly id: string
  readonly devices: readonly Device[]
}

export interface TopicCount {
  readonly topic: string
  readonly subscribers: number
}

export interface AppStats {
  readonly total: number
  readonly active: number
  /** The number of devices that count towards the app's limit: all except superseded ones. */
  readonly inUse: number
  readonly byDialect: Readonly<Record<string, number>>
  readonly byPlatform: Readonly<Record<string, number>>
  readonly byProvider: Readonly<Record<string, number>>
  readonly perDay: readonly { readonly date: string; readonly registrations: number }[]
}

/** Reads across dialects, for the administration. */
export interface DirectoryStore {
  /** Newest first. A page may be short without being the last one, because the number of scanned rows is bounded. */
  devices(appId: string, filter: DeviceFilter, page: PageRequest): Promise<Page<Device>>
  device(appId: string, id: string): Promise<Device | null>
  removeDevice(appId: string, id: string, occasion: Occasion, entry?: AuditEntry): Promise<boolean>
  /** The last 100 events about a device, newest first. */
  history(appId: string, deviceId: string): Promise<readonly Event[]>
  installations(appId: string, filter: DeviceFilter, page: PageRequest): Promise<Page<Installation>>
  installation(appId: string, id: string): Promise<Installation | null>
  /** In byte order of their names. */
  topics(appId: string, page: PageRequest<TextPlace>): Promise<Page<TopicCount, TextPlace>>
  stats(appId: string, now: Date): Promise<AppStats>
}
