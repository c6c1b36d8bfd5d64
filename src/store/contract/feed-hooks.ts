import type { EventKind } from '../../domain/event.ts'
import type { FeedItem, FeedPlace } from '../../domain/feed.ts'
import type { FeedHook, LastCall, Letter, LetterRef, Stop } from '../../domain/feed-hook.ts'
import type { Page } from '../../domain/page.ts'
import type { AuditEntry } from './audit.ts'
import type { Claim } from './queue.ts'

export interface FeedHookDraft {
  readonly id: string
  readonly appId: string
  readonly name: string
  readonly url: string
  readonly kinds: readonly EventKind[] | null
  /** The secret that signs its calls, encrypted. */
  readonly sealed: string
  readonly place: FeedPlace
}

export interface FeedHookPatch {
  readonly url?: string | undefined
  /** Null for all kinds. */
  readonly kinds?: readonly EventKind[] | null | undefined
  /** True stops the receiver; false also ends a stop for any other reason. */
  readonly stopped?: boolean | undefined
}

/** A claimed receiver; no other process sends to it until it is settled. */
export interface TakenHook {
  readonly id: string
  readonly appId: string
  readonly url: string
  readonly kinds: readonly EventKind[] | null
  readonly sealed: string
  readonly place: FeedPlace
  readonly epoch: number
  readonly failures: number
  readonly failingSince: Date | null
  readonly tries: number
  readonly waiting: number
}

/** The result of a claimed receiver's turn. */
export interface FeedSettlement {
  readonly lease: string
  readonly hook: TakenHook
  readonly place: FeedPlace
  readonly failures: number
  readonly failingSince: Date | null
  readonly tries: number
  readonly stopped: Stop | null
  readonly delivered: number
  readonly last: LastCall | null
  readonly at: Date
  /** When to check again. */
  readonly dueAt: Date
  /** New letters, and retried ones. */
  readonly parked: readonly Letter[]
  /** Letters that were delivered, or whose events were deleted. */
  readonly arrived: readonly (LetterRef & { readonly device: string })[]
}

type LetterPage = readonly [event: number, part: string]

/**
 * Receivers of an app's feed. Each has one position in the history, so that an event is stored once; an event that a receiver
 * did not accept is referenced by its id.
 */
export interface FeedHookStore {
  /** `gone`: the app does not exist; `taken`: the name is in use; `full`: the app has the most receivers allowed. */
  create(draft: FeedHookDraft, now: Date, entry?: AuditEntry): Promise<FeedHook | 'gone' | 'taken' | 'full'>
  /** Oldest first. */
  list(appId: string): Promise<readonly FeedHook[]>
  /** The encrypted secret of a receiver; null for an unknown one. */
  secret(appId: string, id: string): Promise<string | null>
  /** Null for an unknown receiver. */
  change(
    appId: string,
    id: string,
    patch: FeedHookPatch,
    now: Date,
    entry?: AuditEntry,
  ): Promise<FeedHook | null>
  /** False for an unknown receiver. */
  remove(appId: string, id: string, entry?: AuditEntry): Promise<boolean>
  /** Moves the position back and deletes the letters after it. Null for an unknown receiver. */
  replay(appId: string, id: string, place: FeedPlace, now: Date, entry?: AuditEntry): Promise<FeedHook | null>
  /** Whether a claim would return any receiver. */
  due(claim: Pick<Claim, 'horizon'>, now: Date): Promise<boolean>
  claim(claim: Claim, now: Date): Promise<readonly TakenHook[]>
  settle(settlement: FeedSettlement): Promise<void>
  /** Due letters, at most one per device. */
  letters(hook: string, horizon: Date, limit: number, now: Date): Promise<readonly Letter[]>
  /** Which of these devices have waiting letters. */
  held(hook: string, devices: readonly string[]): Promise<ReadonlySet<string>>
  /** An event with its device's current state; null if it was deleted. */
  item(appId: string, of: LetterRef & { readonly device: string }, now: Date): Promise<FeedItem | null>
  /** Waiting and dead letters, by event. */
  deliveries(
    hook: string,
    dead: boolean,
    page: { readonly after: LetterPage | null; readonly limit: number },
  ): Promise<Page<Letter, LetterPage>>
  /** Retries a dead letter after the device's waiting ones; false for an unknown letter. */
  retry(hook: string, of: LetterRef, now: Date, entry?: AuditEntry): Promise<boolean>
  /** The position after which all events are at or after a time. */
  since(at: Date): Promise<FeedPlace>
  /** Deletes a batch of letters whose events or receivers were deleted. */
  dropStrays(batch: number): Promise<number>
}
