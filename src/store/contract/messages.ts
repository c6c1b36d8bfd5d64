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

/** A message to store. `dialects`: the dialects whose devices may receive it. */
export interface StoredDraft extends MessageDraft {
  readonly id: string
  readonly dialects: readonly string[]
  /** The audience, in parts that are looked up one after the other. */
  readonly parts: readonly Part[]
}

/** The stored message: a new one, or an earlier one with the same idempotency key. */
export interface Accepted {
  readonly id: string
  readonly externalId: string
  readonly repeated: boolean
  /** Whether the earlier message had the same `hash`. */
  readonly same: boolean
}

/** The position in the planning of an audience: the part, and the last device examined in it. */
export interface Cursor {
  readonly part: number
  readonly after: string
}

/** A message whose audience is being looked up. */
export interface Planning {
  readonly message: Message
  readonly dialects: readonly string[]
  readonly parts: readonly Part[]
  /** The number of the repeat, from 0. */
  readonly run: number
  /** When it became due. */
  readonly at: Date
  readonly cursor: Cursor
  /** Pages planned in this run. */
  readonly pages: number
}

/** A part of an audience whose devices can be found by one index. */
export type Part =
  | { readonly by: 'dialect'; readonly dialect: string }
  | { readonly by: 'topic'; readonly topic: string; readonly earlier: readonly string[] }
  | { readonly by: 'user'; readonly dialect: string; readonly user: string; readonly proved: boolean }
  | { readonly by: 'ids'; readonly dialect: string; readonly ids: readonly string[] }
  | {
      readonly by: 'hashes'
      readonly hashes: readonly { readonly provider: Provider; readonly hash: string }[]
      /** Devices that an earlier part has already found, by their ids in the dialect. */
      readonly except: readonly string[]
    }

/** The properties of an audience that the search for one phone's other devices needs. */
export interface PartSearch {
  readonly appId: string
  readonly dialects: readonly string[]
  readonly part: Part
  /** All topics, users or ids of the audience, depending on the kind of its parts. */
  readonly all: readonly string[]
  /** Registrations and subscriptions after this time are ignored. */
  readonly at: Date
  readonly now: Date
  readonly after: string
  /** The number of rows to examine. */
  readonly limit: number
  /** Tags and topics that the filter reads. */
  readonly tags: readonly string[]
  readonly topics: readonly string[]
  /** The member of a device's details that contains its `platformName`; absent for the default member, null if it is not needed. */
  readonly platformMember?: string | null | undefined
}

/** A device that may belong to an audience. */
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

/** The devices of one step, and the position of the next one; null at the end of the part. */
export interface CandidateStep {
  readonly candidates: readonly Candidate[]
  readonly after: string | null
}

/** Push tokens of one provider that are due at the same time. */
export interface PageDraft {
  readonly provider: Provider
  readonly tokens: readonly string[]
  readonly dueAt: Date
}

/** The result of a planning step. `done`: the whole audience of the run is planned. */
export interface Advance {
  readonly id: string
  readonly appId: string
  readonly priority: 'high' | 'normal'
  /** When the next run is due; null if there is none. */
  readonly next: Date | null
  /** The audience to keep after the last run, without ids of devices or users. */
  readonly audience: Json
  readonly run: number
  readonly from: Cursor
  readonly to: Cursor
  readonly done: boolean
  readonly pages: readonly PageDraft[]
  /** Outcomes of targets that need no attempt, such as `unconfigured`. */
  readonly settled: readonly CountDraft[]
  /** The phones with these outcomes. */
  readonly failures?: readonly (FailureDraft & { readonly provider: Provider })[]
  /** At the end: the users in the audience, for whose results webhooks are called. */
  readonly users?: readonly string[]
}

/** Counts for the report of a message. `hour`: whole hours since 1970. */
export interface CountDraft {
  readonly provider: Provider
  readonly platform: string
  readonly outcome: TargetOutcome
  readonly hour: number
  readonly count: number
}

/** A page in progress. */
export interface LeasedPage {
  readonly send: string
  readonly run: number
  readonly number: number
  readonly appId: string
  readonly dialects: readonly string[]
  readonly provider: Provider
  readonly tokens: readonly string[]
  /** One character per token (`characterOf`). */
  readonly result: string
  /** The number of attempts of each waiting token, if above 0. */
  readonly attempts: Readonly<Record<string, number>>
  /** The results that the app's webhooks need. */
  readonly told: readonly WebhookKind[]
  readonly message: Message
}

/** A phone of a page in its current state; null if it may no longer receive messages. */
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

/** The results of attempts, to be written together. */
export interface Settlement {
  readonly page: Pick<LeasedPage, 'send' | 'appId' | 'run' | 'number' | 'provider'>
  readonly lease: string
  readonly result: string
  readonly attempts: Readonly<Record<string, number>>
  readonly counts: readonly CountDraft[]
  readonly failures: readonly FailureDraft[]
  /** Push tokens that the service no longer knows (identity R11), with its time or the start of the attempt. */
  readonly dead: readonly DeadDraft[]
  /** Tokens that a service accepted: sets the time of their last use. */
  readonly accepted: readonly string[]
  /** APNs environments in which tokens turned out to be valid. */
  readonly environments: readonly { readonly tokenId: string; readonly environment: Environment }[]
  /** Tokens that a service replaced by others; ignored if another device already has the new token. */
  readonly replaced?: readonly Replacement[]
  /** Results of devices for webhooks. */
  readonly told?: readonly ToldDraft[]
  /** Whether webhooks are waiting for the end of the message. */
  readonly hasten?: boolean
  /** Ends the lease: the page is due again at this time or, if null, is finished. */
  readonly ends?: Date | null
  /** Extends the lease, unless it ends. */
  readonly until: Date
}

/** A different form of the same push token (identity R4). */
export interface Replacement {
  readonly tokenId: string
  readonly token: string
  readonly hash: string
}

/** `reason` is null if the push service accepted the message. */
export interface ToldDraft {
  readonly deviceId: string
  readonly kind: WebhookKind
  readonly reason: string | null
}

/** `tolerance`: by how many milliseconds `at` must be later than the last registration. */
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

/** The counts of a message, each with its properties. */
export interface MessageReport {
  readonly message: Message
  readonly counts: readonly CountDraft[]
  /** Reports from phones: delivered and opened, each counted once per device. */
  readonly delivered: number
  readonly opened: number
}

/** Accepted messages with their recipients and results. */
export interface MessageStore {
  /** Stores messages, all or none. Null if the app no longer speaks the dialect. `entry`: written if one is new. */
  accept(
    scope: MessageScope,
    drafts: readonly StoredDraft[],
    now: Date,
    entry?: AuditEntry,
  ): Promise<readonly Accepted[] | null>
  find(scope: MessageScope, externalId: string): Promise<Message | null>
  /** Whether any app has a message with this id in the dialect. */
  known(dialect: string, externalId: string): Promise<boolean>
  get(appId: string, id: string): Promise<Message | null>
  report(appId: string, id: string): Promise<MessageReport | null>
  list(appId: string, states: readonly MessageState[] | null, page: PageRequest): Promise<Page<Message>>
  failures(appId: string, id: string, page: PageRequest<TextPlace>): Promise<Page<MessageFailure, TextPlace>>
  /** Cancels what is still waiting. Null for an unknown message, false for a finished one. */
  cancel(appId: string, id: string, now: Date, entry?: AuditEntry): Promise<boolean | null>
  /** Removes a message and stops sending it. False for an unknown one. */
  forget(scope: MessageScope, externalId: string): Promise<boolean>

  /**
   * Claims the next message whose audience is to be looked up: due messages become `planning`, repeats start
   * their next run.
   */
  planning(now: Date): Promise<Planning | null>
  candidates(search: PartSearch): Promise<CandidateStep>
  /** Stores a planning step, unless another process has already done so. */
  advance(step: Advance, now: Date): Promise<boolean>

  /** Claims due pages, by lanes of an app's push services, except paused lanes (`app/provider`). */
  claim(claim: LaneClaim & { readonly resting: readonly string[] }, now: Date): Promise<readonly LeasedPage[]>
  /** Makes all claimed pages due; only for the sole process on a database, before it starts. */
  endLeases(now: Date): Promise<void>
  /** The current phones of tokens. */
  phones(
    page: Pick<LeasedPage, 'appId' | 'dialects'>,
    tokens: readonly string[],
    tags: readonly string[],
    now: Date,
  ): Promise<readonly Phone[]>
  /** False if another process has the lease; nothing is written then. */
  settle(settlement: Settlement, occasion: Occasion): Promise<boolean>
  /** Deletes a batch of messages that ended before a time, with all their data. */
  prune(before: Date, limit: number): Promise<boolean>
}
