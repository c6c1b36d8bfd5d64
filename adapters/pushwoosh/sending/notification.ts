import type { MessageDraft } from '../../../src/domain/message.ts'
import { ignoredData } from '../../../src/domain/payload.ts'
import { isStorableDocument } from '../../../src/domain/text.ts'
import { isObject, type Json, mapOf, parseJsonText } from '../../../src/wire/json.ts'
import { argument } from '../errors.ts'
import { text } from '../request.ts'
import { type Addressed, addressedBy } from './audience.ts'
import { sendDate } from './dates.ts'
import { randomCode } from './hash.ts'
import { localText, TEXTS } from './texts.ts'

/** Members that select the audience and the time; all others are content. */
const ENVELOPE = [
  ...['send_date', 'timezone', 'ignore_user_timezone', 'platforms', 'devices', 'users', 'conditions'],
  ...['conditions_operator', 'transactionId'],
] as const

const ROOT_PARAMS = ['ios', 'mac', 'android', 'adm', 'huawei', 'chrome', 'firefox'].map(
  (one) => `${one}_root_params`,
)

/** Members that are sent to the phone besides texts and root parameters (sending.md 5.4). */
const SHOWN: ReadonlySet<string> = new Set([
  ...[
    'link',
    'ios_badges',
    'ios_sound',
    'ios_ttl',
    'ios_category_id',
    'ios_thread_id',
    'ios_silent',
    'ios_attachment',
  ],
  ...['apns_collapse_id', 'apns_trim_content', 'ios_trim_content', 'mac_badges', 'mac_sound', 'mac_ttl'],
  ...[
    'android_icon',
    'android_custom_icon',
    'android_banner',
    'android_badges',
    'android_sound',
    'android_vibration',
  ],
  ...[
    'android_led',
    'android_ibc',
    'android_priority',
    'android_silent',
    'android_group_id',
    'android_gcm_ttl',
  ],
  ...[
    'android_delivery_priority',
    'adm_ttl',
    'chrome_icon',
    'chrome_image',
    'chrome_gcm_ttl',
    'chrome_duration',
  ],
  ...[
    'chrome_button_text1',
    'chrome_button_url1',
    'chrome_button_text2',
    'chrome_button_url2',
    'firefox_icon',
  ],
])

/** A valid notification. */
export interface Checked extends Omit<Addressed, 'audience'> {
  readonly draft: MessageDraft
}

/** Validates a notification completely. Throws an argument error for the first fault. */
export function checkedNotification(given: unknown): Checked {
  if (!isObject(given)) throw argument('a notification must be an object')
  if (!isStorableDocument(given)) throw argument('a notification has characters that cannot be stored')
  const ignored: string[] = []
  const body = bodyOf(given, ignored)
  if (given.preset !== undefined && given.preset !== null && body.content === undefined)
    throw argument('Preset not found')
  const { audience, devices } = addressedBy(given, ignored)
  const at = sendDate(given.send_date, given.timezone)
  const transaction = text(given, 'transactionId', 255)
  const draft: MessageDraft = {
    externalId: randomCode(),
    body,
    audience,
    priority: 'high',
    ...(at && { schedule: { at, ...(isFalse(given.ignore_user_timezone) && { local: true }) } }),
    ...(transaction !== undefined && { idempotency: { key: transaction, days: 1 } }),
    ignored: [...new Set(ignored)],
  }
  return { draft, devices }
}

const isFalse = (value: unknown): boolean =>
  value === false || value === 0 || value === 'false' || value === '0'

/** The content for phones, with the vendor's member names. */
function bodyOf(given: Json, ignored: string[]): Json {
  const body: Record<string, unknown> = {}
  const texts: readonly string[] = TEXTS
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || (ENVELOPE as readonly string[]).includes(name)) continue
    const kept = texts.includes(name) ? localText(value, name, ignored) : member(name, value, ignored)
    if (kept !== undefined) body[name] = kept
  }
  return body
}

function member(name: string, value: unknown, ignored: string[]): unknown {
  if (ROOT_PARAMS.includes(name)) {
    const params = mapOf(value)
    if (!params) throw argument(`${name} must be key-value object`)
    if (/^(?:android|adm|huawei)/.test(name)) {
      const { collapse_key: _, ...others } = params
      ignored.push(...ignoredData(others, name))
    } else if (/^(?:chrome|firefox)/.test(name) && 'data' in params) ignored.push(`${name}.data`)
    return params
  }
  if (name === 'data') return customData(value)
  if (name === 'dynamic_content_placeholders') {
    const values = mapOf(value)
    if (!values) throw argument(`${name} must be key-value object`)
    return values
  }
  if (SHOWN.has(name)) return value
  // Members whose absence would change the meaning of the request were refused before.
  if (name !== 'filter') ignored.push(name)
  return undefined
}

/** Custom data as JSON text, the form in which phones receive it. */
function customData(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    if (!isObject(value) && !Array.isArray(value)) throw argument('data must be an object or JSON text')
    return JSON.stringify(value)
  }
  if (value === '') return undefined
  if (parseJsonText(value) === undefined) throw argument('data must be an object or JSON text')
  return value
}
