import { type Outcome, reasonOf } from '../../outcome.ts'
import { retryAfterOf } from '../../retry.ts'
import type { Answer } from '../../transport/transport.ts'

/** Google's minimum wait before a retry, and after a 429 without a Retry-After. */
export const FLOOR_MILLISECONDS = 10_000
const QUOTA_FLOOR = 60_000

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError'
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest'

/** The informative parts of an error answer. */
interface Fault {
  /** FCM's own code, otherwise the general code of Google's APIs, otherwise empty. */
  readonly code: string
  readonly own: boolean
  readonly message: string
  /** The first field that is reported as invalid. */
  readonly field: string | undefined
}

/** The meaning of a refusal; `wait` is the wait that the answer requests. */
type Meaning = (reason: string, wait: { readonly retryAfter?: number }) => Outcome

const credential: Meaning = (reason) => ({ class: 'credential', reason, scope: 'lane' })
const behind: Meaning = (reason) => ({ class: 'credential', reason, scope: 'part' })
const payload: Meaning = (reason) => ({ class: 'payload', reason })
const throttled: Meaning = (reason, wait) => ({
  ...{ class: 'throttled', reason, scope: 'lane', floor: QUOTA_FLOOR },
  ...wait,
})
const temporary: Meaning = (reason, wait) => ({
  ...{ class: 'temporary', reason, floor: FLOOR_MILLISECONDS },
  ...wait,
})

/** delivery.md 3.2. An invalid argument never marks a token as dead, because the message may be invalid. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  UNREGISTERED: (reason) => ({ class: 'dead', reason, certain: true }),
  NOT_FOUND: credential,
  INVALID_ARGUMENT: payload,
  SENDER_ID_MISMATCH: (reason) => ({ class: 'mismatch', reason }),
  PERMISSION_DENIED: credential,
  UNAUTHENTICATED: credential,
  // The APNs or Web Push key stored in Firebase; concerns that platform only.
  THIRD_PARTY_AUTH_ERROR: behind,
  APNS_AUTH_ERROR: behind,
  QUOTA_EXCEEDED: throttled,
  RESOURCE_EXHAUSTED: throttled,
  INTERNAL: temporary,
  UNAVAILABLE: temporary,
  UNIMPLEMENTED: payload,
}

/** Answers that come not from FCM itself, but from the front end or a proxy. */
function byStatus(status: number): Meaning {
  if (status === 429) return throttled
  if (status >= 500) return temporary
  // A wrong project, URL or proxy: the operator's fault, not a phone's.
  if (status < 400 || [401, 403, 404].includes(status)) return credential
  return payload
}

/** The outcome of an answer; `hidden` are texts to hide. */
export function outcomeOf(answer: Answer, now: Date, hidden: readonly string[]): Outcome {
  const { status, text } = answer
  if (status >= 200 && status < 300) {
    const name = memberOf(jsonOf(text), 'name')
    return { class: 'accepted', ...(typeof name === 'string' && { messageId: name.slice(0, 200) }) }
  }
  const fault = faultOf(text)
  const retryAfter = retryAfterOf(answer.headers['retry-after'], now)
  const meaning = (fault && MEANINGS[fault.code]) ?? byStatus(status)
  const reason = fault ? wordsOf(fault) : `HTTP ${status}`
  return meaning(reasonOf(reason, hidden), retryAfter === undefined ? {} : { retryAfter })
}

/** Whether the access token itself was refused, so that a new one may be accepted. */
export const refusesToken = ({ status, text }: Answer): boolean => status === 401 && !faultOf(text)?.own

function wordsOf({ code, message, field }: Fault): string {
  if (code === 'INVALID_ARGUMENT' && /not a valid FCM registration token/i.test(message))
    return 'invalid-token'
  return [code, field, message].filter((one) => one).join(': ')
}

function faultOf(text: string): Fault | undefined {
  const error = memberOf(jsonOf(text), 'error')
  const [status, message] = [memberOf(error, 'status'), memberOf(error, 'message')]
  const listed = memberOf(error, 'details')
  const details: readonly unknown[] = Array.isArray(listed) ? listed : []
  const own = details.find((one) => memberOf(one, '@type') === FCM_ERROR)
  const violations = memberOf(
    details.find((one) => memberOf(one, '@type') === BAD_REQUEST),
    'fieldViolations',
  )
  const field: unknown = Array.isArray(violations) ? memberOf(violations[0], 'field') : undefined
  const code = memberOf(own, 'errorCode') ?? status
  if (typeof code !== 'string') return undefined
  return {
    code,
    own: own !== undefined,
    message: typeof message === 'string' ? message : '',
    field: typeof field === 'string' ? field : undefined,
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}
