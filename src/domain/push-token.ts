/** A push service, or a channel such as e-mail. */
export const PROVIDERS = [
  'apns',
  'fcm',
  'webpush',
  'wns',
  'adm',
  'hms',
  'email',
  'sms',
  'whatsapp',
  'other',
] as const
export type Provider = (typeof PROVIDERS)[number]

/** APNs has separate tokens for development builds; all others are `unknown` unless a dialect states it. */
export type Environment = 'production' | 'sandbox' | 'unknown'

/** `dead`: rejected by the push service. `gone`: no device has it, and its text is erased. */
export type TokenState = 'live' | 'dead' | 'gone'

/** The keys of a browser's push subscription, base64url (RFC 8291). */
export interface WebPushKeys {
  readonly p256dh: string
  readonly auth: string
}

/**
 * `registeredAt` is updated at most this often (identity R1), so a push service's timestamp less than this much later
 * does not prove that the token died after its last registration.
 */
export const NOTED_EVERY = 3_600_000

/** A push token in a request. */
export interface PushTokenDraft {
  readonly provider: Provider
  /** Exactly as sent: SDKs compare it with the answer (identity R18). */
  readonly token: string
  /** The endpoint URL inside a web push token, if its format was understood. */
  readonly endpoint?: string | undefined
  readonly keys?: WebPushKeys | undefined
  readonly environment?: Environment | undefined
}

/** A stored push token. */
export interface PushToken {
  readonly id: string
  readonly provider: Provider
  readonly token: string
  readonly environment: Environment
  readonly keys: WebPushKeys | null
  readonly state: TokenState
  /** When `state` last changed. */
  readonly stateAt: Date
  /** The last registration with this token, up to an hour behind (identity R11). */
  readonly registeredAt: Date
  /** The last reported delivery to it. */
  readonly deliveredAt: Date | null
}

/** An APNs token without separators between its digits, in lower case; null if it is not hexadecimal. */
function bareHex(token: string): string | null {
  const bare = token.replace(/[\s<>-]/g, '')
  return /^[0-9a-f]+$/i.test(bare) ? bare.toLowerCase() : null
}

/** Whether a token looks like an APNs token: hexadecimal, in any notation. */
export const isHexToken = (token: string): boolean => bareHex(token) !== null

/**
 * Whether a text is a description of a token's bytes instead of a token: an abbreviated dump or a byte count, which iOS
 * 13 and Swift produce in apps that use `description`. No message can be sent to it.
 */
export const isDescription = (token: string): boolean =>
  /^\s*(\{\s*length\s*=\s*[0-9]+\s*,|[0-9]+ bytes\s*$)/i.test(token)

/**
 * The form in which tokens are compared (identity R18): APNs tokens that are hexadecimal without spaces, angle brackets
 * and dashes, in lower case without these; web push subscriptions by endpoint; e-mail addresses with ASCII letters in
 * lower case; everything else unchanged.
 */
export function comparedForm(draft: Pick<PushTokenDraft, 'provider' | 'token' | 'endpoint'>): string {
  switch (draft.provider) {
    case 'apns':
      return bareHex(draft.token) ?? draft.token
    case 'webpush':
      return draft.endpoint ?? draft.token
    case 'email':
      return asciiLower(draft.token)
    default:
      return draft.token
  }
}

/** Lower-cases only A to Z; `toLowerCase` would also turn a Kelvin sign into a k. */
export const asciiLower = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/**
 * The endpoint of a serialized browser push subscription, as plain JSON or in base64; undefined if there is none.
 * Dialects wrap subscriptions differently, and operators may search for any form.
 */
export function wrappedEndpoint(text: string): string | undefined {
  for (const unwrap of [(wrapped: string) => wrapped, decodeBase64]) {
    try {
      const subscription: unknown = JSON.parse(unwrap(text))
      if (typeof subscription !== 'object' || subscription === null || !('endpoint' in subscription)) continue
      if (typeof subscription.endpoint === 'string') return subscription.endpoint
    } catch {
      // Try the next form.
    }
  }
  return undefined
}

const decodeBase64 = (text: string): string => atob(text.replaceAll('-', '+').replaceAll('_', '/'))
