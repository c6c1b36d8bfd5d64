import type { Device } from '../../domain/device.ts'
import type { Json, Message, MessageDraft, MessageState, TargetOutcome } from '../../domain/message.ts'
import type { Page, PageRequest, TextPlace } from '../../domain/page.ts'
import type { Environment, Provider, WebPushKeys } from '../../domain/push-token.ts'
import type { WebhookKind } from '../../domain/webhook.ts'
import type { AuditEntry } from './audit.ts'
import type { Occasion } from './occasion.ts'
import type { LaneClaim } from './queue.ts'

/** Where a message comes from: a dialect, or null for an operator's message to devices of all dialects. */
export interface MessageScope {
  readonly appId: string
  readonly dialect: string | null
}

/** A message to be kept. `dialects`: whose devices are meant. */
export interface StoredDraft extends MessageDraft {
  readonly id: string
  readonly dialects: readonly string[]
  /** Its audience, in parts that are looked up one after the other. */
  readonly parts: readonly Part[]
}

/** What was kept: a new message, or the earlier one with the same idempotency key. */
export interface Accepted {
  readonly id: string
  readonly externalId: string
  readonly repeated: boolean
  /** Whether an earlier one had the same `hash`. */
  readonly same: boolean
}

/** Position in the planning of an audience: the part, and the last device looked at in it. */
export interface Cursor {
  readonly part: number
  readonly after: string
}

/** A message whose audience is being looked up. */
export interface Planning {
  readonly message: Message
  readonly dialects: readonly string[]
  readonly parts: readonly Part[]
  /** Which repeat this is, from 0. */
  readonly run: number
  /** When it became due. */
  readonly at: Date
  readonly cursor: Cursor
  /** Pages planned in this run. */
  readonly pages: number
}

/** One part of an audience: devices that one step through one index finds. */
export type Part =
  | { readonly by: 'dialect'; readonly dialect: string }
  | { readonly by: 'topic'; readonly topic: string; readonly earlier: readonly string[] }
  | { readonly by: 'user'; readonly dialect: string; readonly user: string; readonly proved: boolean }
  | { readonly by: 'ids'; readonly dialect: string; readonly ids: readonly string[] }
  | {
      readonly by: 'hashes'
      readonly hashes: readonly { readonly provider: Provider; readonly hash: string }[]
      /** Devices that an earlier part has found, by their ids in the dialect. */
      readonly except: readonly string[]
    }

/** What an audience looks like to the search for one phone's other devices. */
export interface PartSearch {
  readonly appId: string
  readonly dialects: readonly string[]
  readonly part: Part
  /** All topics, users or ids of the audience, whichever its parts are by. */
  readonly all: readonly string[]
  /** Registrations and subscriptions after this time do not count. */
  readonly at: Date
  readonly now: Date
  readonly after: string
  /** Rows to look at. */
  readonly limit: number
  /** Tags and topics that a filter reads. */
  readonly tags: readonly string[]
  readonly topics: readonly string[]
  /** The member of a device's details that holds its `platformName`; by default that one. */
  readonly platformMember?: string | undefined
}

/** A device that an audience may mean. */
export interface Candidate {
  readonly deviceId: string
  readonly tokenId: string
  readonly provider: Provider
  readonly platform: Device['platform']
  readonly platformName: string | null
  readonly timezone: string | null
  readonly tags: Json
  readonly topics: readonly string[]
}

/** The devices of one step, and where the next one begins; null at the end of the part. */
export interface CandidateStep {
  readonly candidates: readonly Candidate[]
  readonly after: string | null
}

/** Push tokens of one provider that are due together. */
export interface PageDraft {
  readonly provider: Provider
  readonly tokens: readonly string[]
  readonly dueAt: Date
}

/** How far a step of planning came. `done`: the run's whole audience is planned. */
export interface Advance {
  readonly id: string
  readonly appId: string
  readonly priority: 'high' | 'normal'
  /** When the next run is due, if there is one. */
  readonly next: Date | null
  /** What is kept of the audience after the last run: nobody's id. */
  readonly audience: Json
  readonly run: number
  readonly from: Cursor
  readonly to: Cursor
  readonly done: boolean
  readonly pages: readonly PageDraft[]
  /** Outcomes of targets that are settled without an attempt, such as `unconfigured`. */
  readonly settled: readonly CountDraft[]
  /** The phones of which that is. */
  readonly failures?: readonly (FailureDraft & { readonly provider: Provider })[]
  /** At the end: the users that it named, of whom webhooks are told. */
  readonly users?: readonly string[]
}

/** Numbers for the report of a message. `hour`: whole hours since 1970. */
export interface CountDraft {
  readonly provider: Provider
  readonly platform: string
  readonly outcome: TargetOutcome
  readonly hour: number
  readonly count: number
}

/** A page that is being sent. */
export interface LeasedPage {
  readonly send: string
  readonly run: number
  readonly number: number
  readonly appId: string
  readonly dialects: readonly string[]
  readonly provider: Provider
  readonly tokens: readonly string[]
  /** One character a token (`characterOf`). */
  readonly result: string
  /** The attempts of each waiting token, where it is more than none. */
  readonly attempts: Readonly<Record<string, number>>
  /** What webhooks of the app want to know of results. */
  readonly told: readonly WebhookKind[]
  readonly message: Message
}

/** A phone of a page, as it is now; null for one that may not be reached any more. */
export interface Phone {
  readonly tokenId: string
  readonly token: string
  readonly provider: Provider
  readonly environment: Environment
  readonly keys: WebPushKeys | null
  readonly dialect: string
  readonly deviceId: string
  readonly externalId: string
  readonly platform: Device['platform']
  readonly language: string | null
  readonly timezone: string | null
  readonly user: string | null
  readonly details: Json
  readonly tags: Json
  readonly lastSeenAt: Date
}

/** What came of attempts, written together. */
export interface Settlement {
  readonly page: Pick<LeasedPage, 'send' | 'appId' | 'run' | 'number' | 'provider'>
  readonly lease: string
  readonly result: string
  readonly attempts: Readonly<Record<string, number>>
  readonly counts: readonly CountDraft[]
  readonly failures: readonly FailureDraft[]
  /** Push tokens that the service knows no more (identity R11), with the start of the attempt or the service's time. */
  readonly dead: readonly DeadDraft[]
  /** Tokens that a service accepted: last used now. */
  readonly accepted: readonly string[]
  /** Environments that tokens turned out to have (APNs). */
  readonly environments: readonly { readonly tokenId: string; readonly environment: Environment }[]
  /** Tokens by which a service replaced others; one that somebody has already replaces none. */
  readonly replaced?: readonly Replacement[]
  /** What webhooks are told of devices. */
  readonly told?: readonly ToldDraft[]
  /** Whether webhooks wait for the end of the message. */
  readonly hasten?: boolean
  /** Ends the lease: the page is due again then, or is settled whole if null. */
  readonly ends?: Date | null
  /** Renews the lease, if it does not end. */
  readonly until: Date
}

/** Another text of the same push token (identity R4). */
export interface Replacement {
  readonly tokenId: string
  readonly token: string
  readonly hash: string
}

/** `reason` null: the push service took the message. */
export interface ToldDraft {
  readonly deviceId: string
  readonly kind: WebhookKind
  readonly reason: string | null
}

/** `tolerance`: how much later than the last registration `at` must be, in milliseconds. */
export interface DeadDraft {
  readonly tokenId: string
  readonly at: Date
  readonly reason: string
  readonly tolerance?: number
}

export interface FailureDraft {
  readonly tokenId: string
  readonly deviceId: string | null
  readonly outcome: TargetOutcome
  readonly reason: string
  readonly attempts: number
}

/** A failed target of a message. */
export interface MessageFailure extends FailureDraft {
  readonly provider: Provider
  readonly at: Date
}

/** Counts of a message by what they are of. */
export interface MessageReport {
  readonly message: Message
  readonly counts: readonly CountDraft[]
  /** Reports of phones: delivered and opened, each counted once a device. */
  readonly delivered: number
  readonly opened: number
}

/** Messages on their way to phones: what was accepted, who gets it, and what became of it. */
export interface MessageStore {
  /** Keeps messages, all or none. Null if the app speaks the dialect no more. `entry`: written if one is new. */
  accept(
    scope: MessageScope,
    drafts: readonly StoredDraft[],
    now: Date,
    entry?: AuditEntry,
  ): Promise<readonly Accepted[] | null>
  find(scope: MessageScope, externalId: string): Promise<Message | null>
  /** Whether any app has a message of the name in the dialect. */
  known(dialect: string, externalId: string): Promise<boolean>
  get(appId: string, id: string): Promise<Message | null>
  report(appId: string, id: string): Promise<MessageReport | null>
  list(appId: string, states: readonly MessageState[] | null, page: PageRequest): Promise<Page<Message>>
  failures(appId: string, id: string, page: PageRequest<TextPlace>): Promise<Page<MessageFailure, TextPlace>>
  /** What waits is not sent any more. Null for an unknown message, false for one that is over. */
  cancel(appId: string, id: string, now: Date, entry?: AuditEntry): Promise<boolean | null>
  /** Removes a message; what waits is not sent. False for an unknown one. */
  forget(scope: MessageScope, externalId: string): Promise<boolean>

  /** The message whose audience is to be looked up next: those due become `planning`, repeats their next run. */
  planning(now: Date): Promise<Planning | null>
  candidates(search: PartSearch): Promise<CandidateStep>
  /** Moves on, unless somebody else did. */
  advance(step: Advance, now: Date): Promise<boolean>

  /** Claims due pages, by lanes of an app's push services; those that rest, as `app/provider`, are left out. */
  claim(claim: LaneClaim & { readonly resting: readonly string[] }, now: Date): Promise<readonly LeasedPage[]>
  /** Pages that somebody has are due at once: for the only process on a database, before it begins. */
  endLeases(now: Date): Promise<void>
  /** The phones of tokens, as they are now. */
  phones(
    page: Pick<LeasedPage, 'appId' | 'dialects'>,
    tokens: readonly string[],
    tags: readonly string[],
    now: Date,
  ): Promise<readonly Phone[]>
  /** False if the lease has gone to somebody else; then nothing is written. */
  settle(settlement: Settlement, occasion: Occasion): Promise<boolean>
  /** Deletes a batch of messages that ended before a time, with all that belongs to them. */
  prune(before: Date, limit: number): Promise<boolean>
}
