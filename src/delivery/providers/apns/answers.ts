import { FLOOR, type Outcome, reasonOf } from '../../outcome.ts'
import { retryAfterOf } from '../../retry.ts'
import type { Answer } from '../../transport/transport.ts'

/** The meaning of an answer, and the lane's reaction. */
export interface Reply {
  readonly outcome: Outcome
  /** The token (`token`) or the credential (`credential`) may belong to the other environment. */
  readonly elsewhere?: 'token' | 'credential'
  /** The connection cannot be used any longer. */
  readonly reconnect?: boolean
}

interface Words {
  readonly reason: string
  /** The Retry-After of the answer. */
  readonly wait: { readonly retryAfter?: number }
  /** Since when a token is dead, if the answer contains it. */
  readonly since: { readonly at?: Date }
}

type Meaning = (words: Words) => Reply

/** Milliseconds for which APNs expects the same provider token. */
const UPDATES_MILLISECONDS = 20 * 60_000

const mismatch: Meaning = ({ reason }) => ({ outcome: { class: 'mismatch', reason } })
const payload: Meaning = ({ reason }) => ({ outcome: { class: 'payload', reason } })
const credential: Meaning = ({ reason }) => ({ outcome: { class: 'credential', reason, scope: 'lane' } })
const wrongPlace: Meaning = (words) => ({ ...credential(words), elsewhere: 'credential' })
const dead: Meaning = ({ reason, since }) => ({ outcome: { class: 'dead', reason, certain: true, ...since } })
const temporary: Meaning = ({ reason, wait }) => ({
  outcome: { class: 'temporary', reason, floor: FLOOR, ...wait },
})
const lost: Meaning = (words) => ({ ...temporary(words), reconnect: true })
const tooMany: Meaning = ({ reason, wait }) => ({
  outcome: { class: 'throttled', reason, scope: 'device', floor: FLOOR, ...wait },
})

/** delivery.md 4.5. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  BadDeviceToken: (words) => ({ ...mismatch(words), elsewhere: 'token' }),
  DeviceTokenNotForTopic: mismatch,
  TopicDisallowed: mismatch,
  BadTopic: mismatch,
  MissingTopic: mismatch,

  BadCollapseId: payload,
  BadExpirationDate: payload,
  BadMessageId: payload,
  BadPriority: payload,
  InvalidPushType: payload,
  DuplicateHeaders: payload,
  PayloadEmpty: payload,
  MissingDeviceToken: payload,
  BadPath: payload,
  MethodNotAllowed: payload,
  PayloadTooLarge: payload,

  ExpiredProviderToken: credential,
  InvalidProviderToken: credential,
  MissingProviderToken: credential,
  UnrelatedKeyIdInToken: credential,
  BadCertificate: credential,
  Forbidden: credential,
  // Reasons that are documented or observed.
  BadEnvironmentKeyIdInToken: wrongPlace,
  BadEnvironmentKeyInToken: wrongPlace,
  BadCertificateEnvironment: wrongPlace,

  Unregistered: dead,
  ExpiredToken: dead,

  TooManyRequests: tooMany,
  TooManyProviderTokenUpdates: ({ reason, wait: { retryAfter = UPDATES_MILLISECONDS } }) => ({
    outcome: { class: 'throttled', reason, scope: 'lane', floor: FLOOR, retryAfter },
    reconnect: true,
  }),

  IdleTimeout: lost,
  InternalServerError: temporary,
  ServiceUnavailable: temporary,
  Shutdown: lost,
}

/** For unknown reasons, and for answers that do not come from APNs itself. */
function byStatus(status: number): Meaning {
  if (status === 410) return dead
  if (status === 429) return tooMany
  if (status >= 500) return temporary
  return status < 400 || status === 401 || status === 403 ? credential : payload
}

/** The meaning of an answer; `hidden` are texts to hide. */
export function replyOf({ status, headers, text }: Answer, now: Date, hidden: readonly string[]): Reply {
  if (status >= 200 && status < 300) {
    const id = headers['apns-id']
    return { outcome: { class: 'accepted', ...(id !== undefined && { messageId: id.slice(0, 100) }) } }
  }
  const { reason, timestamp } = bodyOf(text)
  const retryAfter = retryAfterOf(headers['retry-after'], now)
  const meaning = (reason !== undefined && MEANINGS[reason]) || byStatus(status)
  return meaning({
    reason: reasonOf(reason ?? `HTTP ${status}`, hidden),
    wait: retryAfter === undefined ? {} : { retryAfter },
    // Capped at now, so that it does not postdate a later registration.
    since: timestamp === undefined ? {} : { at: new Date(Math.min(timestamp, now.getTime())) },
  })
}

/** Whether the provider token had expired. */
export const tokenIsOld = ({ status, text }: Answer): boolean =>
  status === 403 && bodyOf(text).reason === 'ExpiredProviderToken'

function bodyOf(text: string): { readonly reason?: string; readonly timestamp?: number } {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null) return {}
    const reason = 'reason' in body && typeof body.reason === 'string' && body.reason
    const timestamp = 'timestamp' in body && typeof body.timestamp === 'number' && body.timestamp
    return { ...(reason && { reason }), ...(timestamp && timestamp > 0 && { timestamp }) }
  } catch {
    return {}
  }
}
