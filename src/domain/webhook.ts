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

/** What a dialect's webhooks promise. */
export interface WebhookTerms {
  /** They are not told of changes of devices. */
  readonly messagesOnly?: true
  /** Seconds after which a call is made again, and then given up; by default for a day. */
  readonly retries?: readonly number[]
  /** How long a receiver may take to answer; by default ten seconds. */
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
  /** Waiting calls, counted up to ten thousand. */
  readonly waiting: number
  /** Failures since the last delivered call. */
  readonly failures: number
  /** Until when calls pause after too many failures; in the past (or 1970) if calls are being made. */
  readonly restingUntil: Date
}

/** Kinds that tell what became of a message at the push services: nobody looks for it where no webhook chose one. */
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

/** Something that a device did, with its state at the time. */
export interface DeviceEvent extends Happened {
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
  /** The id of the message that it reported, in its dialect, and what it reported. */
  readonly message?: string
  readonly receipt?: ReceiptKind
}

/** What a push service answered for some devices of one platform. */
export interface ResultEvent extends Happened {
  /** The message's id in the dialect. */
  readonly message: string
  /** By their ids in the dialect; those that have gone since are left out. */
  readonly devices: readonly string[]
  readonly platform: string
  /** Null: it took the message. */
  readonly reason: string | null
}

/** The first attempt to reach named users has been made. */
export interface AttemptEvent extends Happened {
  readonly message: string
  readonly users: readonly string[]
  /** Of those with a device that it was sent to: whether a push service took it for any. */
  readonly reached: Readonly<Record<string, 0 | 1>>
}

export type WebhookEvent = DeviceEvent | ResultEvent | AttemptEvent

/** A call that is due. */
export interface PendingCall {
  /** The same at each attempt. */
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
  /** `id`: a UUID that the call has at each attempt. */
  body(call: PendingCall, id: string): Json
  /** Instead of those of Standard Webhooks. */
  headers?(call: PendingCall, body: string, id: string): Promise<Readonly<Record<string, string>>>
}
