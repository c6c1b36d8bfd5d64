/** What may happen to an app's devices that its back end can be told of. */
export const EVENT_KINDS = [
  'deviceRegistered',
  'deviceUpdated',
  'deviceUnregistered',
  'subscribed',
  'unsubscribed',
  'messageStatusChanged',
  'messageFailed',
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** An address of the app's back end that is told of events of the kinds it chose. */
export interface Webhook {
  readonly name: string
  readonly url: string
  /** As chosen, in order. */
  readonly events: readonly EventKind[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** An event as it was when it happened. */
export interface WebhookEvent {
  readonly kind: EventKind
  /** Epoch milliseconds. */
  readonly at: number
  readonly device: {
    readonly id: string
    readonly externalId: string
    readonly userId: string | null
    readonly token: string | null
    readonly platform: string
    /** The dialect's own name of the platform, where it keeps one. */
    readonly platformName: string | null
  }
  readonly topic?: string
  readonly subscriptionId?: string
}

/** A call that is to be made now. */
export interface PendingCall {
  readonly id: string
  readonly dialect: string
  /** The app's identifier in the dialect. */
  readonly identifier: string
  readonly url: string
  readonly event: WebhookEvent
  /** How often it was tried, this time included. */
  readonly attempts: number
}
