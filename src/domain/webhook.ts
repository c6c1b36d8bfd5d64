/** The kinds that webhooks can ask for. */
export const WEBHOOK_KINDS = [
  'deviceRegistered',
  'deviceUpdated',
  'deviceUnregistered',
  'subscribed',
  'unsubscribed',
  'messageStatusChanged',
  'messageFailed',
] as const
export type WebhookKind = (typeof WEBHOOK_KINDS)[number]

/** An address of the app's back end that receives events of the chosen kinds. */
export interface Webhook {
  readonly id: string
  readonly name: string
  readonly url: string
  /** The chosen kinds, in order. */
  readonly events: readonly WebhookKind[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A webhook with its delivery state, for operators. */
export interface WebhookState extends Webhook {
  readonly dialect: string
  /** Waiting calls, counted up to ten thousand. */
  readonly waiting: number
  /** Failures since the last delivered call. */
  readonly failures: number
  /** Until when calls pause after too many failures; in the past (or 1970) if calls are being made. */
  readonly restingUntil: Date
}

/** An event, with the state at the time it happened. */
export interface WebhookEvent {
  readonly kind: WebhookKind
  /** Epoch milliseconds. */
  readonly at: number
  readonly device: {
    readonly id: string
    readonly externalId: string
    readonly userId: string | null
    readonly token: string | null
    readonly platform: string
    /** The dialect's own name of the platform, if it stores one. */
    readonly platformName: string | null
  }
  readonly topic?: string
  readonly subscriptionId?: string
}

/** A call that is due. */
export interface PendingCall {
  /** The same at each attempt. */
  readonly id: string
  readonly dialect: string
  /** The app's identifier in the dialect. */
  readonly identifier: string
  readonly url: string
  readonly event: WebhookEvent
  /** Number of attempts, this one included. */
  readonly attempts: number
  /** The signing secret in the Standard Webhooks format: `whsec_` and base64. */
  readonly secret: string
  /** The time of this attempt. */
  readonly at: Date
}
