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
  readonly id: string
  readonly name: string
  readonly url: string
  /** As chosen, in order. */
  readonly events: readonly EventKind[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A webhook as its operator sees it. */
export interface WebhookState extends Webhook {
  readonly dialect: string
  /** Calls that wait for it, counted up to ten thousand. */
  readonly waiting: number
  /** Failures since the last call that arrived. */
  readonly failures: number
  /** Until when nothing is sent, since too many calls failed; in the past or 1970 where calls are made. */
  readonly restingUntil: Date
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
  /** The same at each attempt. */
  readonly id: string
  readonly dialect: string
  /** The app's identifier in the dialect. */
  readonly identifier: string
  readonly url: string
  readonly event: WebhookEvent
  /** How often it was tried, this time included. */
  readonly attempts: number
  /** Signs the call, as Standard Webhooks has it: `whsec_` and base64. */
  readonly secret: string
  /** When it is made. */
  readonly at: Date
}
