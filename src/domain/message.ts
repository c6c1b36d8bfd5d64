import type { Platform } from './device.ts'
import type { Filter } from './filter.ts'
import type { Provider } from './push-token.ts'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/**
 * `scheduled` waits for its time, also between repeats; `planning` while its audience is looked up; `sending` until the
 * last phone is settled. The last three are final (contracts/sending.md 2.1).
 */
export const MESSAGE_STATES = ['scheduled', 'planning', 'sending', 'done', 'cancelled', 'expired'] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

/** What became of one phone (contracts/sending.md 2.1). */
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
export type TargetCounts = Readonly<Partial<Record<TargetOutcome, number>>>

/** Who is meant, by one kind of addressing; a list that is empty means nobody. */
export type Addressees =
  | { readonly all: true }
  /** Subscribers of any of these. */
  | { readonly topics: readonly string[] }
  /** `proved`: only devices whose user was proved by a signed token. */
  | { readonly users: readonly string[]; readonly proved?: boolean }
  /** By the ids that the dialect knows them by. */
  | { readonly devices: readonly string[] }
  /** By push tokens, compared as in identity R18. */
  | { readonly tokens: readonly string[] }
  /** By either. */
  | { readonly devicesOrTokens: readonly string[] }

/** The phones that a message is for. */
export interface Audience {
  readonly to: Addressees
  /** Absent: every one. An empty list: none. */
  readonly platforms?: readonly Platform[]
  /** The platform as the dialect itself calls or numbers it, in a member of a device's details that the dialect names. Absent: every one. */
  readonly platformNames?: readonly string[]
  readonly filter?: Filter
}

/** What an audience says without anybody's id, kept once it is planned: how many were named. */
export function withoutIds({ to, ...rest }: Audience): Json & { readonly to: Json } {
  const named = Object.entries(to).map(([kind, list]) => [kind, Array.isArray(list) ? list.length : list])
  return 'topics' in to ? { to, ...rest } : { to: Object.fromEntries(named), ...rest }
}

/** Most entries of one list of addressees. */
export const AUDIENCE_LIMITS = { entries: 1000, tokenLength: 4096 } as const

/** When a message is sent; absent members: at once, and once. */
export interface Schedule {
  readonly at?: Date
  /** The wall-clock time of `at` in UTC, taken in each device's own time zone; where that is unknown, in UTC. */
  readonly local?: boolean
  /** Repeats it every so many seconds. */
  readonly every?: number
  readonly until?: Date
}

/** A message that a dialect accepted. */
export interface MessageDraft {
  /** What the dialect answers, and what phones report: unique within app and dialect. */
  readonly externalId: string
  /** The checked message in the dialect's own form: only its renderer reads it. */
  readonly body: Json
  readonly audience: Audience
  readonly schedule?: Schedule
  /** Seconds for which a push service may keep trying, if the same for all providers; else the renderer says so. */
  readonly ttl?: number
  readonly priority: 'high' | 'normal'
  /** Accepted once for as long as it is kept; a repetition answers the first message. */
  readonly idempotency?: { readonly key: string; readonly days: number; readonly hash?: string }
  /** The members of the request that have no effect here, as paths; shown to operators. */
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
  /** When the audience was fixed; null while it waits for its time. */
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly counts: TargetCounts
}

/** The part of a message that means the same in every dialect (contracts/sending.md 8). */
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
  /** Merged into what is sent (RFC 7396), before the envelope of the dialect. */
  readonly overrides?: Readonly<Partial<Record<Provider, Json>>>
}
export type LocalText = string | Readonly<Record<string, string>>

/** Seconds for which a message is kept where nobody says otherwise: 28 days (contracts/sending.md 2.3). */
export const DEFAULT_TTL = 2_419_200

/** One device, as far as a message may depend on it. */
export interface Recipient {
  readonly provider: Provider
  readonly token: string
  readonly platform: Platform
  readonly externalId: string
  readonly language: string | null
  readonly timezone: string | null
  readonly user: string | null
  readonly details: Json
  /** Only those that the renderer asked for. */
  readonly tags: Json
}
