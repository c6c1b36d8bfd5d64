import type { Platform } from './device.ts'
import type { Filter } from './filter.ts'
import type { Provider } from './push-token.ts'
import type { ReceiptKind } from './receipt.ts'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/**
 * `scheduled` waits for its time, also between repeats; `planning` looks up its audience; `sending` lasts until every phone
 * has an outcome. The last three are final (contracts/sending.md 2.1).
 */
export const MESSAGE_STATES = ['scheduled', 'planning', 'sending', 'done', 'cancelled', 'expired'] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

/** The outcome for one phone (contracts/sending.md 2.1). */
export const TARGET_OUTCOMES = [
  'waiting',
  'accepted',
  'dead',
  'mismatch',
  'payload',
  'expired',
  'skipped',
  'cancelled',
  'unconfigured',
  'unsupported',
  'failed',
] as const
export type TargetOutcome = (typeof TARGET_OUTCOMES)[number]
/**
 * The character of each outcome in the stored form of a page of phones, in the order of `TARGET_OUTCOMES`.
 */
const CHARACTERS = 'wadmpescunf'
export const characterOf = (outcome: TargetOutcome): string =>
  CHARACTERS.charAt(TARGET_OUTCOMES.indexOf(outcome))
export const outcomeOf = (character: string): TargetOutcome | undefined =>
  TARGET_OUTCOMES[CHARACTERS.indexOf(character)]
export type TargetCounts = Readonly<Partial<Record<TargetOutcome, number>>>

/** Recipients by one kind of addressing; an empty list means nobody. */
export type Addressees =
  | { readonly all: true }
  /** Subscribers of any of these. */
  | { readonly topics: readonly string[] }
  /** `proved`: only devices whose user was proved by a signed token. */
  | { readonly users: readonly string[]; readonly proved?: boolean }
  /** By their ids in the dialect. */
  | { readonly devices: readonly string[] }
  /** By push tokens, compared as in identity R18. */
  | { readonly tokens: readonly string[] }
  /** By device id or push token. */
  | { readonly devicesOrTokens: readonly string[] }

/** The phones that a message is sent to. */
export interface Audience {
  readonly to: Addressees
  /** Absent for all platforms. An empty list matches none. */
  readonly platforms?: readonly Platform[]
  /** The platform's name or number in the dialect, stored in a member of `details` that the dialect names. Absent for all. */
  readonly platformNames?: readonly string[]
  readonly filter?: Filter
}

/** The audience with each list of ids replaced by its length, as kept after planning. */
export function withoutIds({ to, ...rest }: Audience): Json & { readonly to: Json } {
  const named = Object.entries(to).map(([kind, list]) => [kind, Array.isArray(list) ? list.length : list])
  return 'topics' in to ? { to, ...rest } : { to: Object.fromEntries(named), ...rest }
}

/** Most entries of one list of addressees. */
export const AUDIENCE_LIMITS = { entries: 1000, tokenLength: 4096 } as const

/** When a message is sent; without members: immediately, and once. */
export interface Schedule {
  readonly at?: Date
  /** `at` is a wall-clock time written as UTC, and applies in each device's time zone; in UTC if that is unknown. */
  readonly local?: boolean
  /** The interval of repeats, in seconds. */
  readonly every?: number
  readonly until?: Date
}

/** A message that a dialect accepted. */
export interface MessageDraft {
  /** The id that the dialect returns and that phones report: unique within app and dialect. */
  readonly externalId: string
  /** The checked message in the dialect's own format, read only by its renderer. */
  readonly body: Json
  readonly audience: Audience
  readonly schedule?: Schedule
  /** Seconds for which a push service may retry, if equal for all providers; otherwise the renderer sets it. */
  readonly ttl?: number
  readonly priority: 'high' | 'normal'
  /** Repeated requests with this key return the first message for as long as it is kept. */
  readonly idempotency?: { readonly key: string; readonly days: number; readonly hash?: string }
  /** Paths of the request's members that have no effect; shown to operators. */
  readonly ignored?: readonly string[]
}

/** A message as the dialect and the operators see it. */
export interface Message extends Omit<MessageDraft, 'idempotency'> {
  readonly id: string
  readonly appId: string
  /** Null for an operator's message to devices of all dialects. */
  readonly dialect: string | null
  readonly state: MessageState
  readonly createdAt: Date
  /** When the audience was determined; null while it waits for its time. */
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly counts: TargetCounts
}

/** The part of a message with the same meaning in every dialect (contracts/sending.md 8). */
export interface NeutralMessage {
  /** Text, or text by language tag with `default`. */
  readonly title?: LocalText
  readonly subtitle?: LocalText
  readonly body?: LocalText
  readonly icon?: string
  readonly image?: string
  readonly color?: string
  readonly sound?: string
  /** A number, or a change such as `+1`. */
  readonly badge?: number | string
  readonly link?: string
  readonly data?: Json
  readonly silent?: boolean
  readonly ttl?: number
  readonly priority?: 'high' | 'normal'
  readonly collapseKey?: string
  readonly category?: string
  readonly channel?: string
  readonly group?: string
  /** Merge patches (RFC 7396) on the push service's message, applied before the dialect's envelope. */
  readonly overrides?: Readonly<Partial<Record<Provider, Json>>>
}
export type LocalText = string | Readonly<Record<string, string>>

/** The default lifetime of a message in seconds: 28 days (contracts/sending.md 2.3). */
export const DEFAULT_TTL = 2_419_200

/** The members of a device that a message may depend on. */
export interface Recipient {
  readonly provider: Provider
  readonly token: string
  readonly platform: Platform
  readonly externalId: string
  readonly language: string | null
  readonly timezone: string | null
  readonly user: string | null
  readonly details: Json
  /** Only the tags that the renderer asked for. */
  readonly tags: Json
}

/** A recipient of a message, with its outcome. */
export interface Target {
  /** Its position among the message's phones: the run, the page of the run, and the index on the page. */
  readonly place: TargetPlace
  readonly outcome: TargetOutcome
  /** The dialect's device on the push token; null if there no longer is one. */
  readonly device: {
    readonly externalId: string
    readonly user: string | null
    readonly platformName: string | null
    /** The last state of the message that the device reported. */
    readonly reported: ReceiptKind | null
  } | null
}
export type TargetPlace = readonly [run: number, page: number, position: number]
