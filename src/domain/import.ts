import type { Platform, Profile } from './device.ts'
import type { Environment, Provider, WebPushKeys } from './push-token.ts'
import type { TypedValue } from './tag.ts'

/** What became of a row of an import; each has exactly one. */
export const OUTCOMES = ['created', 'updated', 'merged', 'unchanged', 'skipped', 'rejected'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Why a row was rejected: its device cannot be reached or identified. */
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
/** Why one was skipped: nothing is wrong with it. */
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

/** What a row was taken in spite of. */
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

/** Why an import as a whole failed. */
export interface ImportFault {
  readonly code: 'header' | 'json_syntax' | 'too_large' | 'storage' | 'internal'
  readonly message: string
}

/** Parameters of an upload that its rows are read by. */
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
  /** Empty where each row says its own. */
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

/** Where a row stood and what it named; tokens are masked. */
export interface ShownRow {
  readonly line?: number | undefined
  readonly field?: string | undefined
  readonly externalId?: string | undefined
  readonly token?: string | undefined
  /** The record as it stood. */
  readonly raw?: string | undefined
  /** What the cell read, where that helps. */
  readonly value?: string | undefined
}

/** A row that was refused, skipped or taken with warnings. */
export interface ImportError {
  /** 1 is the first record. */
  readonly row: number
  readonly outcome: Outcome
  readonly reason: Reason | null
  readonly warnings: readonly Warning[]
  readonly shown: ShownRow
}

/** A row after all cleaning: what the store is to make of it. */
export interface ImportRow extends Profile {
  readonly position: number
  readonly dialect: string
  /** Null: its token says which device it is; then `placeholder` names the one to be made. */
  readonly externalId: string | null
  readonly placeholder: string
  /** The row id for a new device, and for a new token. */
  readonly deviceId: string
  readonly tokenId: string
  /** The row id that a new device gets instead, where nobody has it. */
  readonly rowId: string | null
  /** Of a row that is about a device which must be there: `device_unknown` where it is not. */
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
  /** When another device took its token over; null where it has one. Only a device that the row makes gets it. */
  readonly supersededAt: number | null
  readonly details: Readonly<Record<string, unknown>> | null
  readonly createdAt: number
  readonly lastSeenAt: number
  /** When the row was true, in milliseconds; null if nobody said so. */
  readonly asOf: number | null
  /** How new the row is among those of imports, as text that compares. */
  readonly orderKey: string
  /** SHA-256 of the row, hexadecimal. */
  readonly mark: string
  readonly topics: readonly ImportTopic[]
  readonly tags: readonly ImportTag[]
  /** Whether the dialect's subscriptions have ids, and whether its topics stand in a catalogue. */
  readonly ids: boolean
  readonly catalogued: boolean
  /** Whether a device may have several rows, of which each adds its topics. */
  readonly spread: boolean
  readonly warnings: readonly Warning[]
  /** Keyed hashes of its user, id and token, where anybody was erased. */
  readonly erasable: readonly string[]
  /** Made where it is asked for: most rows are never shown. */
  readonly shown: () => ShownRow
}

export interface ImportTopic {
  readonly t: string
  /** The subscription's id, if the row has one. */
  readonly i: string | null
  /** 1 for those that the dialect gives by itself. */
  readonly a: 0 | 1
}

/** A tag in every type that it could have, the preferred one first. */
export interface ImportTag {
  readonly name: string
  readonly as: readonly TypedValue[]
}

/** A row that the store need not see. */
export interface RefusedRow {
  readonly position: number
  readonly reason: Reason
  readonly warnings: readonly Warning[]
  readonly userId: string | null
  readonly shown: ShownRow
}
