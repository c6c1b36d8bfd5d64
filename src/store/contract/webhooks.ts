import type { PendingCall, Webhook, WebhookKind, WebhookState } from '../../domain/webhook.ts'
import type { Scope } from './listing.ts'
import type { LaneClaim } from './queue.ts'

export interface WebhookDraft {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly events: readonly WebhookKind[]
}

export interface WebhookStore {
  /** Null if the name is taken; `gone` if the app no longer has the dialect. */
  create(scope: Scope, draft: WebhookDraft, now: Date): Promise<Webhook | 'gone' | null>
  /** Also drops waiting calls for events that are no longer chosen. Null for an unknown webhook. */
  update(
    scope: Scope,
    name: string,
    change: { readonly url?: string | undefined; readonly events?: readonly WebhookKind[] | undefined },
    now: Date,
  ): Promise<Webhook | null>
  /** Also drops its waiting calls. False for an unknown webhook. */
  remove(scope: Scope, name: string): Promise<boolean>
  find(scope: Scope, name: string): Promise<Webhook | null>
  /** Oldest first. */
  list(scope: Scope): Promise<readonly Webhook[]>
  /** The app's webhooks in all dialects, oldest first. */
  states(appId: string): Promise<readonly WebhookState[]>
  /** Stores an encrypted secret unless there is one; returns the webhook's secret, null for an unknown webhook. */
  keepSecret(id: string, sealed: string): Promise<string | null>
}

/** A claimed call; its webhook's secret is still encrypted, or null if not created yet. */
export interface TakenCall extends Omit<PendingCall, 'secret'> {
  readonly appId: string
  readonly sealed: string | null
  /** Whether the webhook still subscribes to events of this kind. */
  readonly wanted: boolean
  /** The webhook's failures so far; from the threshold on, this call is a probe. */
  readonly failures: number
}

/** The outcome of calls of one app; a settlement for several apps would block all of them. */
export interface Settlement {
  readonly appId: string
  /** Calls that were delivered or given up. */
  readonly done: readonly string[]
  /** Webhooks with a delivered call. */
  readonly arrived: readonly string[]
  /** Calls to retry; if `counted`, the attempt counts towards giving the call up. */
  readonly again: readonly { readonly id: string; readonly dueAt: Date; readonly counted: boolean }[]
  /** Failures to add, per webhook. */
  readonly failing: readonly { readonly id: string; readonly failures: number; readonly probes: number }[]
}

/** When a webhook's circuit opens, and for how long. */
export interface Circuit {
  /** Failures that open the circuit. */
  readonly threshold: number
  /** The longest pause, in milliseconds. */
  readonly longestWait: number
}

/**
 * Pending webhook calls. They are written in the transaction of the change that they report, so every committed change
 * has its calls and no other call exists.
 */
export interface OutboxStore {
  /** Whether a claim would return any call; cheaper than an empty claim. */
  due(claim: Pick<LaneClaim, 'horizon' | 'each'>, now: Date): Promise<boolean>
  /**
   * Claims due calls, a lane for each webhook. At most `each` calls of one webhook run at the same time, and only one of a
   * webhook whose last call failed.
   */
  claim(claim: LaneClaim, now: Date): Promise<readonly TakenCall[]>
  settle(settlement: Settlement, circuit: Circuit, now: Date): Promise<void>
  /**
   * Drops a batch of calls that waited through more than `most` failed probes of their webhook, or whose webhook is
   * gone. Returns their number.
   */
  dropAbandoned(most: number, limit: number, now: Date): Promise<number>
}
