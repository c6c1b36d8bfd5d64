import { sha256Hex } from '../../../secrets/hash.ts'
import type { Delivery, Push } from '../../provider.ts'

interface PushType {
  /** Suffixes added to the app's bundle id for a topic. */
  readonly suffix: string
  /** The priorities that APNs accepts, the default first. */
  readonly priorities: readonly string[]
  readonly bytes: number
  /** Push types that a certificate cannot send. */
  readonly keyOnly?: boolean
}

const BYTES = 4096
const type = (suffix: string, priorities = ['10', '5'], more: Partial<PushType> = {}): PushType => ({
  ...{ suffix, priorities, bytes: BYTES },
  ...more,
})

/** Push types of delivery.md 4.2; device management (`mdm`) is not offered. */
const TYPES: Readonly<Record<string, PushType>> = {
  alert: type('', ['10', '5', '1']),
  background: type('', ['5']),
  voip: type('.voip', ['10'], { bytes: 5120 }),
  liveactivity: type('.push-type.liveactivity', ['10', '5'], { keyOnly: true }),
  location: type('.location-query', ['10', '5'], { keyOnly: true }),
  complication: type('.complication'),
  fileprovider: type('.pushkit.fileprovider'),
  pushtotalk: type('.voip-ptt'),
  widgets: type('.push-type.widgets', ['5']),
  controls: type('.push-type.controls', ['5']),
}

type Json = Readonly<Record<string, unknown>>
const LONGEST_TTL = 2_419_200

/** Values common to all targets of a push, computed once. */
interface Form {
  readonly fault: string | undefined
  readonly keyOnly: boolean
  headers(topic: string): Readonly<Record<string, string>>
}

const forms = new WeakMap<Push, Form>()

/** Validates the settings of a push. */
export function formOf(push: Push): Form {
  const known = forms.get(push)
  if (known) return known
  const payload = objectOf(push.body)
  const name = push.headers?.['apns-push-type'] ?? (isBackground(payload?.aps) ? 'background' : 'alert')
  const found = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
  let made: { readonly topic: string; readonly headers: Readonly<Record<string, string>> } | undefined
  const common = {
    'apns-push-type': name,
    'apns-priority': priorityOf(push, found?.priorities ?? []),
    ...collapsing(push),
    'content-type': 'application/json',
  }
  const form: Form = {
    fault: faultOf(push, payload, found),
    keyOnly: found?.keyOnly === true,
    headers(topic) {
      if (made?.topic !== topic) {
        const whole = push.headers?.['apns-topic'] ?? suffixed(topic, found?.suffix ?? '')
        made = { topic, headers: { ...common, 'apns-topic': whole } }
      }
      return made.headers
    },
  }
  forms.set(push, form)
  return form
}

/** Why APNs would refuse the message for any target. */
export const fault = (push: Push): string | undefined => formOf(push).fault

function faultOf(push: Push, payload: Json | null, found: PushType | undefined): string | undefined {
  if (!payload) return 'not-an-object'
  if (!found) return 'no-such-push-type'
  if (!/^[A-Za-z0-9.-]+$/.test(push.headers?.['apns-topic'] ?? 'none')) return 'bad-topic'
  return new TextEncoder().encode(push.body).byteLength > found.bytes ? 'too-large' : undefined
}

interface From {
  /** The app's bundle id. */
  readonly topic: string
  /** Undefined with a certificate, which identifies the sender itself. */
  readonly authorization: string | undefined
  readonly now: Date
}

/** The headers of one request. */
export function headersOf(
  { push, ttl, id }: Delivery,
  { topic, authorization, now }: From,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    ...formOf(push).headers(topic),
    // Always sent, because the meaning of its absence has changed over the years.
    'apns-expiration': push.headers?.['apns-expiration'] ?? expirationOf(ttl, now),
    'apns-id': id,
  }
  if (authorization !== undefined) headers.authorization = authorization
  return headers
}

const expirationOf = (ttl: number, now: Date): string =>
  ttl === 0 ? '0' : String(Math.floor(now.getTime() / 1000) + Math.min(ttl, LONGEST_TTL))

/** iOS treats a push without visible content only as a background push. */
function isBackground(aps: unknown): boolean {
  if (typeof aps !== 'object' || aps === null) return false
  const { 'content-available': available, alert, sound, badge } = aps as Json
  if (available !== 1 && available !== '1' && available !== true) return false
  return [alert, sound, badge].every((one) => one === undefined || one === null)
}

function priorityOf({ headers, priority }: Push, taken: readonly string[]): string {
  const wanted = headers?.['apns-priority'] ?? (priority === 'high' ? '10' : '5')
  return taken.includes(wanted) ? wanted : (taken[0] ?? wanted)
}

/** A key that fits the header is used unchanged; any other as its hash of 64 characters. */
function collapsing({ headers, collapse }: Push): Readonly<Record<string, string>> {
  const key = headers?.['apns-collapse-id'] ?? collapse ?? ''
  if (key === '') return {}
  return { 'apns-collapse-id': /^[\x21-\x7e]{1,64}$/.test(key) ? key : sha256Hex(key) }
}

const suffixed = (topic: string, suffix: string): string => (topic.endsWith(suffix) ? topic : topic + suffix)

function objectOf(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null
  } catch {
    return null
  }
}
