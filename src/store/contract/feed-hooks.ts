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
  /** Null: all. */
  readonly kinds?: readonly EventKind[] | null | undefined
  /** Whether an operator stops it; false also ends a stop that has another reason. */
  readonly stopped?: boolean | undefined
}

/** A claimed hook: nobody else tells this receiver anything until it is settled. */
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

/** What became of a claimed hook. */
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
  /** When to look again. */
  readonly dueAt: Date
  /** New ones, and those that were tried once more. */
  readonly parked: readonly Letter[]
  /** Letters that were delivered, or whose events are kept no more. */
  readonly arrived: readonly (LetterRef & { readonly device: string })[]
}

type LetterPage = readonly [event: number, part: string]

/**
 * Receivers of an app's feed. Each has one place in the history, so that an event is stored once; what a receiver did not
 * take waits by its place alone.
 */
export interface FeedHookStore {
  /** `gone`: there is no such app; `taken`: it has one of this name; `full`: it has as many as there may be. */
  create(draft: FeedHookDraft, now: Date, entry?: AuditEntry): Promise<FeedHook | 'gone' | 'taken' | 'full'>
  /** Oldest first. */
  list(appId: string): Promise<readonly FeedHook[]>
  /** The encrypted secret of one; null for an unknown one. */
  secret(appId: string, id: string): Promise<string | null>
  /** Null for an unknown one. */
  change(
    appId: string,
    id: string,
    patch: FeedHookPatch,
    now: Date,
    entry?: AuditEntry,
  ): Promise<FeedHook | null>
  /** False for an unknown one. */
  remove(appId: string, id: string, entry?: AuditEntry): Promise<boolean>
  /** Tells everything behind a place again; what waits or is dead behind it goes. Null for an unknown one. */
  replay(appId: string, id: string, place: FeedPlace, now: Date, entry?: AuditEntry): Promise<FeedHook | null>
  /** Whether a claim would find anything. */
  due(claim: Pick<Claim, 'horizon'>, now: Date): Promise<boolean>
  claim(claim: Claim, now: Date): Promise<readonly TakenHook[]>
  settle(settlement: FeedSettlement): Promise<void>
  /** Letters that are due, at most one of each device. */
  letters(hook: string, horizon: Date, limit: number, now: Date): Promise<readonly Letter[]>
  /** Which of these devices have letters that wait. */
  held(hook: string, devices: readonly string[]): Promise<ReadonlySet<string>>
  /** An event with its device as it is by now; null where it is not kept any more. */
  item(appId: string, of: LetterRef & { readonly device: string }, now: Date): Promise<FeedItem | null>
  /** By event; those that wait, or are dead. */
  deliveries(
    hook: string,
    dead: boolean,
    page: { readonly after: LetterPage | null; readonly limit: number },
  ): Promise<Page<Letter, LetterPage>>
  /** Tries a dead letter once more, behind those of its device that wait; false for an unknown one. */
  retry(hook: string, of: LetterRef, now: Date, entry?: AuditEntry): Promise<boolean>
  /** The place behind which nothing is older than a time. */
  since(at: Date): Promise<FeedPlace>
  /** Drops letters of events that are kept no more, and of hooks that have gone: a batch. */
  dropStrays(batch: number): Promise<number>
}
