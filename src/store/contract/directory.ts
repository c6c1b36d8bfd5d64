import type { Device } from '../../domain/device.ts'
import type { AuditEntry } from './audit.ts'
import type { Occasion } from './occasion.ts'
import type { Page, PageRequest } from './page.ts'

/** What an operator may ask of the devices of an app; all combined by AND, texts compared as a whole. */
export interface DeviceFilter {
  readonly dialect?: string | undefined
  readonly platform?: string | undefined
  readonly provider?: string | undefined
  readonly topic?: string | undefined
  readonly user?: string | undefined
  readonly externalId?: string | undefined
  /** The hashes of every form in which the token could be compared. */
  readonly tokenHashes?: readonly string[] | undefined
  /** A device's id here or in its dialect, its user or, by the hashes, its token: whatever it is. */
  readonly q?: { readonly text: string; readonly tokenHashes: readonly string[] } | undefined
  /** The name of a tag or, behind an equals sign, its value, too. */
  readonly tag?: string | undefined
  readonly model?: string | undefined
  readonly appVersion?: string | undefined
  readonly active?: boolean | undefined
}

/** Everything that points at one push token, or one device without any. */
export interface Installation {
  readonly id: string
  readonly devices: readonly Device[]
}

export interface TopicCount {
  readonly topic: string
  readonly subscribers: number
}

export interface HistoryEvent {
  readonly kind: string
  readonly cause: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly at: Date
}

export interface AppStats {
  readonly total: number
  readonly active: number
  readonly byDialect: Readonly<Record<string, number>>
  readonly byPlatform: Readonly<Record<string, number>>
  readonly byProvider: Readonly<Record<string, number>>
  readonly perDay: readonly { readonly date: string; readonly registrations: number }[]
}

/** What the administration reads across dialects. */
export interface DirectoryStore {
  /** Newest first. A page may be short and not the last: no more rows are looked at than one walk has. */
  devices(appId: string, filter: DeviceFilter, page: PageRequest): Promise<Page<Device>>
  device(appId: string, id: string): Promise<Device | null>
  removeDevice(appId: string, id: string, occasion: Occasion, entry?: AuditEntry): Promise<boolean>
  history(appId: string, deviceId: string): Promise<readonly HistoryEvent[]>
  installations(appId: string, filter: DeviceFilter, page: PageRequest): Promise<Page<Installation>>
  installation(appId: string, id: string): Promise<Installation | null>
  topics(appId: string, page: { after: string; limit: number }): Promise<Page<TopicCount, string>>
  stats(appId: string, now: Date): Promise<AppStats>
}
