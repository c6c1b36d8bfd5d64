import type { Platform, Profile } from './device.ts'
import type { Environment, Provider, WebPushKeys } from './push-token.ts'
import type { TypedValue } from './tag.ts'

/** Outcomes of import rows; each row has exactly one. */
export const OUTCOMES = ['created', 'updated', 'merged', 'unchanged', 'skipped', 'rejected'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Reasons to reject a row: its device cannot be reached or identified. */
export const REJECTED = [
  'encoding',
  'csv_quote',
  'columns',
  'not_json',
  'not_object',
  'scientific_notation',
  'type',
  'control_character',
  'id_too_long',
  'token_too_long',
  'token_expo',
  'token_description',
  'token_form',
  'token_provider',
  'email_form',
  'phone_form',
  'platform_unknown',
  'no_identity',
  'id_form',
  'device_unknown',
  'topic_missing',
  'device_limit',
] as const
/** Reasons to skip a valid row. */
export const SKIPPED = [
  'erased',
  'gone_since',
  'duplicate_in_file',
  'older_than_import',
  'older_than_live',
  'no_token',
  'unsubscribed',
  'expired',
  'other_app',
  'other_dialect',
  'unknown_type',
] as const
export type Reason = (typeof REJECTED)[number] | (typeof SKIPPED)[number]

/** Faults that do not prevent a row from being imported. */
export const WARNINGS = [
  'trimmed',
  'token_cleaned',
  'provider_from_token',
  'webpush_keys_missing',
  'webpush_keys_invalid',
  'no_token',
  'id_replaced',
  'user_dropped',
  'date_ignored',
  'topics_ignored',
  'topic_dropped',
  'topics_cut',
  'tags_ignored',
  'inactive',
  'no_user',
  'placeholder',
  'token_moved',
  'token_held_by_newer',
  'token_held_by_live',
  'token_dead',
  'older_values',
  'file_truncated',
] as const
export type Warning = (typeof WARNINGS)[number]

export const isSkipped = (reason: Reason): boolean => (SKIPPED as readonly string[]).includes(reason)

export type ImportState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'

/** Why a whole import failed. */
export interface ImportFault {
  readonly code: 'header' | 'json_syntax' | 'too_large' | 'storage' | 'internal'
  readonly message: string
}

/** Parameters of an upload that control how its rows are read. */
export interface ImportOptions {
  readonly environment: Environment
  readonly mapping?: Readonly<Record<string, unknown>> | undefined
  readonly delimiter?: string | undefined
  readonly platform?: Platform | undefined
  readonly sourceApp?: string | undefined
  readonly header?: boolean | undefined
}

/** An import as operators see it. */
export interface Import {
  readonly id: string
  readonly appId: string
  /** Empty if each row names its dialect. */
  readonly dialect: string
  readonly format: string
  readonly dryRun: boolean
  readonly options: ImportOptions
  readonly state: ImportState
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly exportedAt: Date | null
  readonly bytes: number
  readonly rows: { readonly read: number; readonly done: number; readonly total: number | null }
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly reasons: Readonly<Record<string, number>>
  readonly warnings: Readonly<Record<string, number>>
  readonly error: ImportFault | null
}

/** The position of a row and what it names, with masked tokens. */
export interface ShownRow {
  readonly line?: number | undefined
  readonly field?: string | undefined
  readonly externalId?: string | undefined
  readonly token?: string | undefined
  /** The original record. */
  readonly raw?: string | undefined
  /** The original value of the cell, where it helps. */
  readonly value?: string | undefined
}

/** A row that was rejected, skipped or imported with warnings. */
export interface ImportError {
  /** The first record is 1. */
  readonly row: number
  readonly outcome: Outcome
  readonly reason: Reason | null
  readonly warnings: readonly Warning[]
  readonly shown: ShownRow
}

/** A validated row, as the store applies it. */
export interface ImportRow extends Profile {
  readonly position: number
  readonly dialect: string
  /** Null if the row's token identifies the device; `placeholder` is then the id for a device to be created. */
  readonly externalId: string | null
  readonly placeholder: string
  /** Row ids for a new device and a new token. */
  readonly deviceId: string
  readonly tokenId: string
  /** The preferred row id of a new device, used if it is free. */
  readonly rowId: string | null
  /** True for a row that only changes an existing device; without one it is rejected as `device_unknown`. */
  readonly existing: boolean
  readonly platform: Platform
  readonly token: {
    readonly provider: Provider
    readonly hash: string
    readonly text: string
    readonly keys: WebPushKeys | null
  } | null
  readonly environment: Environment
  readonly user: { readonly id: string; readonly proved: boolean } | null
  readonly enabled: boolean | null
  readonly expiresAt: number | null
  /** When another device took over its token; null if it has one. Only set on a device that the row creates. */
  readonly supersededAt: number | null
  readonly details: Readonly<Record<string, unknown>> | null
  readonly createdAt: number
  readonly lastSeenAt: number
  /** The time of the row's data, in epoch milliseconds; null if unknown. */
  readonly asOf: number | null
  /** The age of the row relative to other imported rows, as text that sorts. */
  readonly orderKey: string
  /** SHA-256 of the row, hexadecimal. */
  readonly mark: string
  readonly topics: readonly ImportTopic[]
  readonly tags: readonly ImportTag[]
  /** Whether the dialect's subscriptions have ids, and whether its topics are in a catalogue. */
  readonly ids: boolean
  readonly catalogued: boolean
  /** Whether a device may have several rows, each adding its topics. */
  readonly spread: boolean
  readonly warnings: readonly Warning[]
  /** Keyed hashes of the row's user, id and token; empty if the app has erased nobody. */
  readonly erasable: readonly string[]
  /** Computed on demand, because most rows are never shown. */
  readonly shown: () => ShownRow
}

export interface ImportTopic {
  readonly t: string
  /** The subscription's id, if the row has one. */
  readonly i: string | null
  /** 1 for topics that the dialect subscribes automatically. */
  readonly a: 0 | 1
}

/** A tag value in every type it could have, the preferred one first. */
export interface ImportTag {
  readonly name: string
  readonly as: readonly TypedValue[]
}

/** A row that never reaches the store. */
export interface RefusedRow {
  readonly position: number
  readonly reason: Reason
  readonly warnings: readonly Warning[]
  readonly userId: string | null
  readonly shown: ShownRow
}
