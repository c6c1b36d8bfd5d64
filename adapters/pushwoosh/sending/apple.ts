import type { Rendered } from '../../../src/delivery/rendering.ts'
import type { Json, Recipient } from '../../../src/domain/message.ts'
import { asText, mergePatch, present } from '../../../src/domain/payload.ts'
import { wholeNumber } from '../request.ts'
import { type Envelope, isOn, objectOf, overrideOf, ttlOf } from './body.ts'
import { shown } from './texts.ts'

const MOST_BYTES = 4096

/** A badge change such as `+1`, which depends on the device's current badge. */
export function badgeChange(body: Json): string | undefined {
  const badge = body.ios_badges
  return typeof badge === 'string' && /^[+-]\d{1,9}$/.test(badge) ? badge : undefined
}

/** APNs, for iOS and macOS. */
export function apple(body: Json, to: Recipient, envelope: Envelope): Rendered {
  const mac = to.platform === 'macos'
  const of = (name: string) => body[`${mac ? 'mac' : 'ios'}_${name}`]
  const { aps, ...root } = objectOf(of('root_params'))
  const content = shown(body, to, 'ios_content', 'content')
  const values = {
    aps: mergePatch(
      isOn(of('silent')) ? { 'content-available': 1 } : alerting(body, to, content),
      objectOf(aps),
    ),
    ...present({ l: body.link, u: body.data, attachment: of('attachment') }),
    ...root,
  }
  const payload = { ...mergePatch(values, overrideOf(body, 'apns')), pw_msg: '1', ...envelope }
  const trims = [body.apns_trim_content, body.ios_trim_content].some(isOn)
  const collapse = body.apns_collapse_id
  return {
    push: {
      body: trims ? trimmed(payload) : JSON.stringify(payload),
      priority: body.priority === 'normal' ? 'normal' : 'high',
      ...(collapse !== undefined && { collapse: asText(collapse) }),
    },
    ttl: ttlOf(body, mac ? 'mac_ttl' : 'ios_ttl', 'ttl'),
  }
}

function alerting(body: Json, to: Recipient, content: string | undefined): Json {
  const mac = to.platform === 'macos'
  const of = (name: string) => body[`${mac ? 'mac' : 'ios'}_${name}`]
  const title = shown(body, to, 'ios_title', 'title')
  const subtitle = shown(body, to, 'ios_subtitle', 'subtitle')
  const titled = title !== undefined || subtitle !== undefined
  const alert = titled ? present({ title, subtitle, body: content }) : content
  const sound = of('sound') ?? 'default'
  return present({
    alert,
    ...badges(of('badges'), to),
    sound: sound === '' ? undefined : sound,
    category: of('category_id'),
    'thread-id': of('thread_id'),
    // The app's extension reports the delivery, and runs only with this member.
    'mutable-content': alert === undefined ? undefined : 1,
  })
}

/**
 * A number, or a change. The extension applies a change itself; apps without one get the sum computed here.
 */
function badges(given: unknown, to: Recipient): Json {
  const number = wholeNumber(given)
  if (number === undefined) return {}
  if (typeof given !== 'string' || !/^[+-]/.test(given)) return { badge: number }
  const stored = wholeNumber(to.details.badge) ?? 0
  return { badge: Math.max(0, stored + number), pw_badge: given }
}

/** Shortens the text until the whole payload fits (`apns_trim_content`). */
function trimmed(payload: Json): string {
  const { alert } = objectOf(payload.aps)
  const body = typeof alert === 'string' ? alert : objectOf(alert).body
  if (typeof body !== 'string') return JSON.stringify(payload)
  const characters = [...body]
  const withText = (length: number) => {
    const text = characters.slice(0, length).join('')
    const shorter = typeof alert === 'string' ? text : { ...objectOf(alert), body: text }
    return JSON.stringify({ ...payload, aps: { ...objectOf(payload.aps), alert: shorter } })
  }
  const fits = (length: number) => new TextEncoder().encode(withText(length)).byteLength <= MOST_BYTES
  if (fits(characters.length)) return JSON.stringify(payload)
  let [low, high] = [0, characters.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fits(middle)) low = middle
    else high = middle
  }
  return withText(low)
}
