import type { Json } from './message.ts'
import type { ReceiptKind } from './receipt.ts'

/** The kinds that webhooks can ask for. */
export const WEBHOOK_KINDS = [
  'deviceRegistered',
  'deviceUpdated',
  'deviceUnregistered',
  'subscribed',
  'unsubscribed',
  'messageStatusChanged',
  'messageFailed',
  'messageDelivered',
  'messageOpened',
  'usersAttempted',
] as const
export type WebhookKind = (typeof WEBHOOK_KINDS)[number]

/** A dialect's rules for its webhooks. */
export interface WebhookTerms {
  /** The webhooks receive no device events. */
  readonly messagesOnly?: true
  /** Delays in seconds before each retry, after which the call is dropped; by default retries last a day. */
  readonly retries?: readonly number[]
  /** How long a receiver may take to answer, in milliseconds; by default ten seconds. */
  readonly milliseconds?: number
}
/** The dialects that have webhooks. */
export type WebhookDialects = ReadonlyMap<string, WebhookTerms>

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
  /** Waiting calls, counted up to 10,000. */
  readonly waiting: number
  /** Failures since the last delivered call. */
  readonly failures: number
  /** Until when calls pause after too many failures; in the past (or 1970) if calls are being made. */
  readonly restingUntil: Date
}

/** Kinds that report results of push services; results are only looked up if a webhook chose one. */
export const RESULT_KINDS = [
  'messageStatusChanged',
  'messageFailed',
  'usersAttempted',
] as const satisfies readonly WebhookKind[]

interface Happened {
  readonly kind: WebhookKind
  /** Epoch milliseconds. */
  readonly at: number
}

/** An event of one device, with its state at the time. */
export interface DeviceEvent extends Happened {
  readonly device: {
    readonly id: string
    readonly externalId: string
    readonly userId: string | null
    readonly token: string | null
    readonly platform: string
    /** The dialect's own name for the platform, if it stores one. */
    readonly platformName: string | null
  }
  readonly topic?: string
  readonly subscriptionId?: string
  /** The id in the dialect of the message that the device reported, and the kind of report. */
  readonly message?: string
  readonly receipt?: ReceiptKind
}

/** A push service's answer for devices of one platform. */
export interface ResultEvent extends Happened {
  /** The message's id in the dialect. */
  readonly message: string
  /** Device ids in the dialect; devices removed since are omitted. */
  readonly devices: readonly string[]
  readonly platform: string
  /** Null if the push service accepted the message. */
  readonly reason: string | null
}

/** The first attempt to send a message to named users has ended. */
export interface AttemptEvent extends Happened {
  readonly message: string
  readonly users: readonly string[]
  /** For each user with a device that was tried: 1 if a push service accepted the message for at least one device. */
  readonly reached: Readonly<Record<string, 0 | 1>>
}

export type WebhookEvent = DeviceEvent | ResultEvent | AttemptEvent

/** A call that is due. */
export interface PendingCall {
  /** The same for every attempt. */
  readonly id: string
  readonly webhookId: string
  readonly dialect: string
  /** The app's identifier in the dialect. */
  readonly identifier: string
  readonly url: string
  readonly event: WebhookEvent
  /** Number of attempts, this one included. */
  readonly attempts: number
  /** The signing secret in the Standard Webhooks format, `whsec_` and base64, unless the operator gave another one. */
  readonly secret: string
  /** The time of this attempt. */
  readonly at: Date
}

/** A dialect's webhook calls. */
export interface WebhookForm extends WebhookTerms {
  /** `id`: a UUID, the same for every attempt. */
  body(call: PendingCall, id: string): Json
  /** Replaces the headers of Standard Webhooks. */
  headers?(call: PendingCall, body: string, id: string): Promise<Readonly<Record<string, string>>>
}
