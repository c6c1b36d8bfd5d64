import type { EventKind, PendingCall, Webhook } from '../../domain/webhook.ts'
import type { Scope } from './listing.ts'

export interface WebhookDraft {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly events: readonly EventKind[]
}

export interface WebhookStore {
  /** Null where the name is taken. */
  create(scope: Scope, draft: WebhookDraft, now: Date): Promise<Webhook | null>
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
}

/** Calls to be made. They are written by the plans of what they tell of, so none is lost and none is made up. */
export interface OutboxStore {
  /** Whether any call is due: cheaper than taking none. */
  due(now: Date): Promise<boolean>
  /** Takes due calls, oldest first, for `leaseUntil`: whoever takes them and dies has them tried again then. */
  claim(of: { now: Date; leaseUntil: Date; limit: number }): Promise<readonly PendingCall[]>
  /** They arrived, or are given up. */
  settle(ids: readonly string[]): Promise<void>
  /** They are to be tried again. */
  postpone(calls: readonly { readonly id: string; readonly dueAt: Date }[]): Promise<void>
}
