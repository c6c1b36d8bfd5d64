import type { EventKind, PendingCall, Webhook, WebhookState } from '../../domain/webhook.ts'
import type { Scope } from './listing.ts'

export interface WebhookDraft {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly events: readonly EventKind[]
}

export interface WebhookStore {
  /** Null where the name is taken; `gone` where the app no longer speaks the dialect. */
  create(scope: Scope, draft: WebhookDraft, now: Date): Promise<Webhook | 'gone' | null>
  /** Takes what waits for it and is no longer chosen. Null for an unknown one. */
  update(
    scope: Scope,
    name: string,
    change: { readonly url?: string | undefined; readonly events?: readonly EventKind[] | undefined },
    now: Date,
  ): Promise<Webhook | null>
  /** With all that waits for it. False for an unknown one. */
  remove(scope: Scope, name: string): Promise<boolean>
  find(scope: Scope, name: string): Promise<Webhook | null>
  /** By creation. */
  list(scope: Scope): Promise<readonly Webhook[]>
  /** Those of an app in all of its dialects, by creation. */
  states(appId: string): Promise<readonly WebhookState[]>
  /** Keeps a sealed secret where there is none yet. The one that the webhook has; null for an unknown one. */
  keepSecret(id: string, sealed: string): Promise<string | null>
}

/** A call as it was taken; its webhook's secret is still sealed, or not made yet. */
export interface TakenCall extends Omit<PendingCall, 'secret'> {
  readonly webhookId: string
  readonly sealed: string | null
  /** Whether the webhook still chooses events of this kind. */
  readonly wanted: boolean
  /** The webhook's failures so far: from the threshold on, this call is a probe. */
  readonly failures: number
}

/** What became of calls, and what follows from it. */
export interface Settlement {
  /** They arrived, or are given up. */
  readonly done: readonly string[]
  /** Webhooks that a call arrived at. */
  readonly arrived: readonly string[]
  /** They are to be tried again; what is `counted` is one attempt nearer to being given up. */
  readonly again: readonly { readonly id: string; readonly dueAt: Date; readonly counted: boolean }[]
  /** What is held against each webhook. */
  readonly failing: readonly { readonly id: string; readonly failures: number; readonly probes: number }[]
}

/** What is held against a webhook, and how long its circuit stays open. */
export interface Circuit {
  /** From so many failures on nothing is sent for a while. */
  readonly threshold: number
  readonly longestWait: number
}

/** Calls to be made. They are written by the plans of what they tell of, so none is lost and none is made up. */
export interface OutboxStore {
  /** Whether a claim would take any: cheaper than taking none. */
  due(of: ClaimTimes & { readonly each: number }): Promise<boolean>
  /**
   * Takes due calls until `leaseUntil`: whoever takes them and dies has them tried again then. At most `each` of one
   * webhook are under way at once, and one of a webhook that failed last.
   */
  claim(
    of: ClaimTimes & { readonly leaseUntil: Date; readonly each: number; readonly limit: number },
  ): Promise<readonly TakenCall[]>
  settle(settlement: Settlement, circuit: Circuit, now: Date): Promise<void>
  /**
   * Drops a batch of what waited through more than `most` failed probes of its webhook, or whose webhook has gone. How
   * many it dropped.
   */
  dropAbandoned(most: number, limit: number): Promise<number>
}

export interface ClaimTimes {
  readonly now: Date
  /** No time is further ahead but where the clock was set back: such a one counts as over. */
  readonly horizon: Date
}
