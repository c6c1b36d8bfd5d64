import type { Rendered, Sending, Sent } from '../../../src/delivery/rendering.ts'
import { DEFAULT_TTL, type Recipient } from '../../../src/domain/message.ts'
import { asText, fcmData, mergePatch, present } from '../../../src/domain/payload.ts'
import type { Provider } from '../../../src/domain/push-token.ts'
import { type Json, mapOf, parseJsonText } from '../../../src/wire/json.ts'
import { ENVELOPE } from './check.ts'
import { compose } from './compose.ts'

/** The ids with which the SDKs report deliveries and opens. */
interface Ids {
  readonly instanceId: string
  readonly publishId: string
}

/** The body for one platform, the operator's overrides, and the ids for the SDK. */
type Renderer = (part: Json, override: Json | undefined, ids: Ids, at: Date) => Rendered

const objectOf = (value: unknown): Json => mapOf(value) ?? {}
const isGiven = (value: unknown) => value !== undefined && value !== null
const without = (document: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)))
const isEmpty = (document: Json) => Object.keys(document).length === 0

/** A time to live in seconds; the maximum if none is given. */
const seconds = (value: unknown): number =>
  isGiven(value) && value !== '' && Number(value) >= 0
    ? Math.min(Math.floor(Number(value)), DEFAULT_TTL)
    : DEFAULT_TTL

const collapsing = (key: unknown) => (isGiven(key) && key !== '' ? { collapse: asText(key) } : {})

/** Members of a legacy Android notification, mapped to their newer names. */
const ANDROID = {
  android_channel_id: 'channel_id',
  icon: 'icon',
  sound: 'sound',
  tag: 'tag',
  color: 'color',
  image: 'image',
  title_loc_key: 'title_loc_key',
  body_loc_key: 'body_loc_key',
} as const
const ARGUMENTS = ['title_loc_args', 'body_loc_args'] as const
/** The action through which the Android SDK detects an open; the customer's own action is in the envelope. */
const OPEN_TRACKING = 'com.pusher.pushnotifications.OPEN_TRACKING'

/** A list, or a text with its JSON. */
function list(value: unknown): readonly string[] {
  const parsed = typeof value === 'string' ? (parseJsonText(value) ?? value) : value
  return (Array.isArray(parsed) ? parsed : [parsed]).map(asText)
}

function androidNotification(given: Json): Json {
  const named = Object.entries(ANDROID).map(([old, name]) => [name, given[old]])
  const texts = fcmData(Object.fromEntries(named))
  const lists = ARGUMENTS.filter((name) => isGiven(given[name])).map((name) => [name, list(given[name])])
  return { ...texts, ...Object.fromEntries(lists) }
}

const fcm: Renderer = (part, override, ids) => {
  const given = mapOf(part.notification)
  const form = present({
    notification: given && fcmData({ title: given.title, body: given.body }),
    android: given && { notification: androidNotification(given) },
    data: mapOf(part.data),
  })
  const { data: merged, android, ...message } = mergePatch(form, override)
  const data = fcmData(without(objectOf(merged), ENVELOPE))
  const shown = isGiven(message.notification)
  const action = given?.click_action
  const pusher = {
    ...ids,
    ...(isGiven(action) && { clickAction: asText(action) }),
    hasDisplayableContent: shown,
    hasData: !isEmpty(data),
  }
  const opening = { ...objectOf(objectOf(android).notification), click_action: OPEN_TRACKING }
  const forAndroid = shown ? { ...objectOf(android), notification: opening } : objectOf(android)
  const document = {
    ...message,
    ...(!isEmpty(forAndroid) && { android: forAndroid }),
    data: { ...data, pusher: JSON.stringify(pusher) },
  }
  const priority = part.priority === 'high' || (shown && part.priority !== 'normal') ? 'high' : 'normal'
  return {
    push: { body: JSON.stringify(document), priority, ...collapsing(part.collapse_key) },
    ttl: seconds(part.time_to_live),
  }
}

const apns: Renderer = (part, override, ids, at) => {
  const { aps, data, ...rest } = mergePatch(
    { aps: present(objectOf(part.aps)), data: objectOf(part.data) },
    override,
  )
  const shown = objectOf(aps)
  // Wakes the app for a delivery report; the SDK hides this from the app.
  const forced =
    shown['content-available'] === undefined && objectOf(part.pusher).disable_delivery_tracking !== true
  const document = {
    ...rest,
    aps: forced ? { ...shown, 'content-available': 1 } : shown,
    data: { ...objectOf(data), pusher: { ...ids, ...(forced && { userShouldIgnore: true }) } },
  }
  const { expiration, collapse_id: collapse, ttl } = part
  const expires = isGiven(expiration) ? Math.floor(Number(expiration)) : Number.NaN
  const headers = expires >= 0 && { headers: { 'apns-expiration': String(expires) } }
  const priority = Number(part.priority) === 5 ? 'normal' : 'high'
  return {
    push: { body: JSON.stringify(document), priority, ...headers, ...collapsing(collapse) },
    ttl: seconds(headers ? Math.max(0, expires - Math.floor(at.getTime() / 1000)) : ttl),
  }
}

const web: Renderer = (part, override, ids) => {
  const given = mapOf(part.notification)
  const form = { notification: given ?? {}, data: objectOf(part.data) }
  const { notification, data: merged, ...rest } = mergePatch(form, override)
  const data = without(objectOf(merged), ['pusher'])
  const hasDisplayableContent = given !== undefined || !isEmpty(objectOf(notification))
  const pusher = { ...ids, hasDisplayableContent, hasData: !isEmpty(data) }
  // The service worker throws if `notification` is missing.
  const document = { ...rest, notification: objectOf(notification), data: { ...data, pusher } }
  const priority = hasDisplayableContent && part.priority !== 'normal' ? 'high' : 'normal'
  return { push: { body: JSON.stringify(document), priority }, ttl: seconds(part.time_to_live) }
}

const RENDERERS: Readonly<Partial<Record<Provider, readonly [part: string, Renderer]>>> = {
  fcm: ['fcm', fcm],
  apns: ['apns', apns],
  webpush: ['web', web],
}

function render(body: Json, { provider }: Pick<Recipient, 'provider'>, sent: Sent): Rendered | null {
  const [name, renderer] = RENDERERS[provider] ?? []
  const part = name === undefined ? undefined : mapOf(body[name])
  if (!part || !renderer) return null
  const ids = { instanceId: sent.identifier, publishId: sent.externalId }
  return renderer(part, mapOf(objectOf(body.overrides)[provider]), ids, sent.at)
}

/** A message depends on the phone's push service only (contracts/sending.md 3.3). */
export const beamsSending: Sending = { compose, variant: (_, { provider }) => provider, render }
