import { fcmData } from '../../../domain/payload.ts'
import type { Delivery, Push } from '../../provider.ts'

type Json = Readonly<Record<string, unknown>>

/** Bytes of the payload, and seconds of an Android message's lifetime. */
const MOST_BYTES = 4096
const LONGEST_TTL = 2_419_200

/** Members of `message` that name the target; only the lane may set them. */
const TARGETS = ['token', 'topic', 'condition', 'fid', 'name']

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** The same message with `data` in the form that FCM accepts. */
function cleaned(message: Json): Json {
  const left = Object.entries(message).filter(([name]) => !TARGETS.includes(name))
  const cleanedPart = (part: unknown) =>
    'data' in objectOf(part) ? { ...objectOf(part), data: fcmData(objectOf(objectOf(part).data)) } : part
  return Object.fromEntries(
    left.map(([name, part]) => {
      if (name === 'data') return [name, fcmData(objectOf(part))]
      return [name, name === 'android' || name === 'webpush' ? cleanedPart(part) : part]
    }),
  )
}

const read = new WeakMap<Push, Json | null>()
/** The message of a push, parsed once; null if it is not a JSON object. */
function messageOf(push: Push): Json | null {
  const known = read.get(push)
  if (known !== undefined) return known
  const message = parsed(push.body)
  read.set(push, message)
  return message
}

function parsed(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? cleaned(value as Json)
      : null
  } catch {
    return null
  }
}

/** Why FCM would refuse the message for any target. */
export function fault(push: Push): string | undefined {
  const message = messageOf(push)
  if (!message) return 'not-an-object'
  const { data, notification, android } = message
  const forAndroid = objectOf(android)
  const common = sizeOf(data) + sizeOf(notification)
  const ofAndroid = sizeOf(forAndroid.data ?? data) + sizeOf(forAndroid.notification ?? notification)
  return Math.max(common, ofAndroid) > MOST_BYTES ? 'too-large' : undefined
}

/** Bytes of keys and values. */
function sizeOf(value: unknown): number {
  if (value === undefined || value === null) return 0
  if (typeof value !== 'object') return new TextEncoder().encode(String(value)).byteLength
  return Object.entries(value).reduce((sum, [key, one]) => sum + sizeOf(key) + sizeOf(one), 0)
}

type Addressing = Pick<Delivery, 'push' | 'target' | 'ttl'>
/**
 * The part of a body that all targets of a platform share, up to the token. Only the latest TTL is cached.
 */
const heads = new WeakMap<Push, Map<string, { readonly ttl: number; readonly text: string }>>()

/** The body of the request for one target. */
export function bodyOf({ push, target, ttl }: Addressing, now: Date): string {
  const platform = target.platform ?? 'android'
  const known = heads.get(push) ?? new Map()
  heads.set(push, known)
  let head = known.get(platform)
  if (head?.ttl !== ttl || platform === 'ios') {
    const message = { ...messageOf(push), ...PLATFORMS[platform](push, Math.min(ttl, LONGEST_TTL), now) }
    head = { ttl, text: `{"message":${JSON.stringify(message).slice(0, -1)},"token":` }
    known.set(platform, head)
  }
  return `${head.text}${JSON.stringify(target.token)}}}`
}

/**
 * TTL, priority and collapse key in the form of each platform behind FCM; values that the renderer set take
 * precedence.
 */
const PLATFORMS = {
  android(push: Push, ttl: number) {
    const given = objectOf(messageOf(push)?.android)
    const android = {
      priority: push.priority === 'high' ? 'HIGH' : 'NORMAL',
      ...(push.collapse !== undefined && { collapse_key: push.collapse }),
      ...given,
      ttl: `${ttl}s`,
    }
    return { android }
  },

  ios(push: Push, ttl: number, now: Date) {
    const { notification, apns } = messageOf(push) ?? {}
    const given = objectOf(apns)
    const shown = notification ?? shownBy(objectOf(objectOf(given.payload).aps))
    const expires = ttl === 0 ? 0 : Math.floor(now.getTime() / 1000) + ttl
    const headers = {
      'apns-priority': shown && push.priority === 'high' ? '10' : '5',
      ...(push.collapse !== undefined && { 'apns-collapse-id': push.collapse }),
      ...objectOf(given.headers),
      'apns-expiration': String(expires),
    }
    return { apns: { ...given, headers } }
  },

  web(push: Push, ttl: number) {
    const given = objectOf(messageOf(push)?.webpush)
    const headers = { Urgency: push.priority, ...objectOf(given.headers), TTL: String(ttl) }
    return { webpush: { ...given, headers } }
  },
}

const shownBy = ({ alert, sound, badge }: Json): unknown => alert ?? sound ?? badge
