import { objectOf } from '../../json.ts'
import type { Delivery, Push } from '../../provider.ts'

type Json = Readonly<Record<string, unknown>>

const BYTES = 4096
/** Fifteen days. */
const LONGEST_TTL = 1_296_000
const OPEN_THE_APP = { type: 3 }

const messages = new WeakMap<Push, Json | null>()

/** The message of a push, parsed once; null if it is not a JSON object. */
function messageOf(push: Push): Json | null {
  const known = messages.get(push)
  if (known !== undefined) return known
  const message = objectOf(push.body)
  const made = message ? cleaned(message) : null
  messages.set(push, made)
  return made
}

/** The message without its target; `data` is one string, while FCM has a map. */
function cleaned({ token: _, topic: __, condition: ___, data, ...message }: Json): Json {
  if (data === undefined || data === null) return message
  return { ...message, data: typeof data === 'string' ? data : JSON.stringify(data) }
}

/** Why Huawei would refuse the message for any target. */
export function fault(push: Push): string | undefined {
  const message = messageOf(push)
  if (!message) return 'not-an-object'
  return new TextEncoder().encode(JSON.stringify(message)).byteLength > BYTES ? 'too-large' : undefined
}

/** The body of a request to a list of tokens. */
export function bodyOf({ push, ttl }: Delivery, token: readonly string[]): string {
  const { android, ...message } = messageOf(push) ?? {}
  const { notification, ...given } = membersOf(android)
  return JSON.stringify({
    validate_only: false,
    message: {
      ...message,
      android: {
        // Collapse keys are numbers at this service; a text cannot be converted.
        collapse_key: -1,
        urgency: push.priority === 'high' ? 'HIGH' : 'NORMAL',
        ...given,
        // A notification must define the action of a tap.
        ...(notification !== undefined && {
          notification: { click_action: OPEN_THE_APP, ...membersOf(notification) },
        }),
        ttl: `${Math.min(ttl, LONGEST_TTL)}s`,
      },
      token,
    },
  })
}

const membersOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
