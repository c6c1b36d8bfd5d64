/** A push service, or the channel that stands in for one. */
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

/** APNs keeps tokens of development builds apart; everything else is `unknown` unless a dialect says so. */
export type Environment = 'production' | 'sandbox' | 'unknown'

/** `dead`: the push service refused it. `gone`: no device points at it any more, and its text is erased. */
export type TokenState = 'live' | 'dead' | 'gone'

/** The keys of a browser's push subscription, base64url (RFC 8291). */
export interface WebPushKeys {
  readonly p256dh: string
  readonly auth: string
}

/** A push token as a request gives it. */
export interface PushTokenDraft {
  readonly provider: Provider
  /** Byte for byte as it was sent: SDKs compare it with what they get back (identity R18). */
  readonly token: string
  /** The endpoint URL that a web push token wraps, where its form was understood. */
  readonly endpoint?: string | undefined
  readonly keys?: WebPushKeys | undefined
  readonly environment?: Environment | undefined
}

/** A push token as it is stored. */
export interface PushToken {
  readonly id: string
  readonly provider: Provider
  readonly token: string
  readonly environment: Environment
  readonly keys: WebPushKeys | null
  readonly state: TokenState
  /** Since when. */
  readonly stateAt: Date
  /** The last registration that named it, at most an hour behind (identity R11). */
  readonly registeredAt: Date
  /** When a message to it last arrived, as far as whoever sends has told. */
  readonly deliveredAt: Date | null
}

/** An APNs token without what people and tools put between its digits; null where it is not hexadecimal. */
function bareHex(token: string): string | null {
  const bare = token.replace(/[\s<>-]/g, '')
  return /^[0-9a-f]+$/i.test(bare) ? bare.toLowerCase() : null
}

/** Whether a token is what Apple's push service hands out: hexadecimal, however it is written. */
export const isHexToken = (token: string): boolean => bareHex(token) !== null

/**
 * What iOS 13 and Swift made of a token in apps that describe its bytes instead of writing them: some of them, or how many
 * there are. It reaches nobody.
 */
export const isDescription = (token: string): boolean =>
  /^\s*(\{\s*length\s*=\s*[0-9]+\s*,|[0-9]+ bytes\s*$)/i.test(token)

/**
 * The form in which two tokens are compared (identity R18): an APNs token that is hexadecimal once spaces, angle brackets
 * and dashes are gone in lower case, a web push subscription by its endpoint, an e-mail address without the case of ASCII
 * letters, all else as it is.
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

/** Without the case of A to Z, and of nothing else: a Kelvin sign is no k. */
export const asciiLower = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/**
 * The endpoint in a text that wraps a browser's push subscription as the Push API serializes it, JSON as it is or in
 * base64; undefined where there is none. Dialects wrap it each in its way; an operator may look for any of them.
 */
export function wrappedEndpoint(text: string): string | undefined {
  for (const unwrap of [(wrapped: string) => wrapped, decodeBase64]) {
    try {
      const subscription: unknown = JSON.parse(unwrap(text))
      if (typeof subscription !== 'object' || subscription === null || !('endpoint' in subscription)) continue
      if (typeof subscription.endpoint === 'string') return subscription.endpoint
    } catch {
      // Not wrapped in this way.
    }
  }
  return undefined
}

const decodeBase64 = (text: string): string => atob(text.replaceAll('-', '+').replaceAll('_', '/'))
