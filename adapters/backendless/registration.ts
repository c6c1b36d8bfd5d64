import * as z from 'zod'
import { isNothing } from '../../src/domain/absent.ts'
import type { Platform } from '../../src/domain/device.ts'
import { LENGTHS } from '../../src/domain/lengths.ts'
import { isHexToken, type Provider } from '../../src/domain/push-token.ts'
import { isStorable } from '../../src/domain/text.ts'
import { allowedBy, type TopicPolicy } from '../../src/domain/topic.ts'
import { Digits, nearestNumber } from '../../src/wire/json.ts'
import { fault } from './errors.ts'

/** A validated registration from REST or a binary call (section 4.1). */
export interface RegistrationInput {
  readonly deviceToken: string
  readonly deviceId: string
  /** Upper case; empty if absent. */
  readonly os: string
  readonly osVersion: string
  readonly channels: readonly string[]
  readonly expiresAt: Date | null
}

export const DEFAULT_CHANNEL = 'default'
const LIMIT = 5000

/** Excludes names with a comma or `::`, which would break the registration id (section 7). */
export const CHANNELS: TopicPolicy = {
  maxLength: 1000,
  refused: [{ holds: ',' }, { holds: '::' }],
  limit: LIMIT,
  automatic: [DEFAULT_CHANNEL],
  ids: true,
}
const isAllowed = allowedBy(CHANNELS)
export const isChannel = (name: unknown): name is string =>
  typeof name === 'string' && name !== '' && isStorable(name) && isAllowed(name)

/** Platforms and push services by `os` (section 15, "In the store"). */
const BY_OS: Readonly<Record<string, { platform: Platform; provider: Provider }>> = {
  IOS: { platform: 'ios', provider: 'apns' },
  OSX: { platform: 'macos', provider: 'apns' },
  ANDROID: { platform: 'android', provider: 'fcm' },
  WP: { platform: 'windows', provider: 'wns' },
}

/** For other systems, a hexadecimal token means Apple, any other token FCM. */
export function placeOf(os: string, token: string): { platform: Platform; provider: Provider } {
  const known = Object.hasOwn(BY_OS, os) ? BY_OS[os] : undefined
  return known ?? placeOf(isHexToken(token) ? 'IOS' : 'ANDROID', token)
}

/** Validates members in the vendor's order of errors; ignores unknown members. */
export function registrationInput(member: (name: string) => unknown, now: Date): RegistrationInput {
  return {
    deviceToken: deviceTokenOf(member('deviceToken')),
    deviceId: deviceIdOf(member('deviceId')),
    os: textOf('os', Text, member('os')).toUpperCase(),
    osVersion: textOf('osVersion', Version, member('osVersion')),
    channels: channelsOf(member('channels')),
    expiresAt: expirationOf(member('expiration'), now),
  }
}

export function deviceTokenOf(value: unknown): string {
  if (isName(value, LENGTHS.token)) return value
  throw fault('deviceToken', 'Unable to register device. deviceToken must be a text that is not empty.')
}

function deviceIdOf(value: unknown): string {
  if (isName(value, LENGTHS.id)) return value
  throw fault('deviceId', 'Unable to register device. deviceId must be a text that is not empty.')
}

/** A text that is present and can be stored (section 15, R19 and R22). */
const isName = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most && !isNothing(value) && isStorable(value)

const Text = z.string()

/** SDKs send versions as text or number, but all expect text back (section 4.1). */
const Version = z.union([
  Text,
  z.number().transform(String),
  z.instanceof(Digits).transform(({ text }) => text),
])

function textOf(name: string, schema: z.ZodType<string>, value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = schema.safeParse(value)
  // Descriptive: long texts are cut, unstorable characters are repaired later.
  if (text.success) return text.data.slice(0, LENGTHS.description)
  throw fault('member', `Unable to register device. ${name} must be a text.`)
}

/** `[""]` counts as an empty list, and an empty list means the default channel (section 4.1). */
function channelsOf(value: unknown): readonly string[] {
  const names = channelList(value).filter((name) => name !== '')
  const broken = names.find((name) => !isAllowed(name) || !isStorable(name))
  if (broken !== undefined) {
    throw fault(
      'channels',
      `Unable to register device. A channel's name may not hold a comma, "::" or what is no Unicode text, nor be longer than ${CHANNELS.maxLength}.`,
    )
  }
  return names.length > 0 ? names : [DEFAULT_CHANNEL]
}

/** Built once, because building a schema costs far more than using it. */
const Channels = z.array(Text).nullish()

/** The names without duplicates; an absent list is empty. */
export function channelList(value: unknown): readonly string[] {
  const list = Channels.safeParse(value)
  if (!list.success) throw fault('channels', 'channels must be a list of texts.')
  const names = new Set(list.data ?? [])
  // The limit of a device; longer lists are refused before any look-up.
  if (names.size > LIMIT) throw fault('tooManyChannels')
  return [...names]
}

/** Seconds or milliseconds, as number or text, ISO text, or an AMF date (section 5). Zero and empty mean no expiry. */
function expirationOf(value: unknown, now: Date): Date | null {
  if (value === undefined || value === null || value === 0 || value === '') return null
  const date = dateOf(value)
  if (!date || Number.isNaN(date.getTime())) {
    throw fault('expiration', 'Unable to register device. Invalid expiration date. It is no date.')
  }
  if (date.getTime() === 0) return null
  if (date <= now) {
    throw fault('expiration', 'Unable to register device. Invalid expiration date. It is in the past.')
  }
  return date
}

/** Smaller values are seconds, as sent by the JavaScript SDK. */
const SECONDS_BELOW = 1e11

/** Null, or a date that may be invalid. */
export function dateOf(value: unknown): Date | null {
  if (value instanceof Date) return value
  const number = nearestNumber(value)
  if (number !== undefined) return new Date(Math.round(number < SECONDS_BELOW ? number * 1000 : number))
  if (typeof value !== 'string') return null
  const text = value.trim()
  // 64-bit numbers are sent as text (section 5).
  return /^\d{1,20}(\.\d{1,20})?$/.test(text) ? dateOf(Number(text)) : isoDate(text)
}

const Iso = z.union([z.iso.datetime({ offset: true }), z.iso.date()])

const PARTS = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(?:Z|([+-]\d\d):?(\d\d))?)?$/i

/** ISO text with or without seconds; UTC if it has no zone (section 5). */
function isoDate(text: string): Date | null {
  const [, date, time, seconds = ':00', hours, minutes] = PARTS.exec(text) ?? []
  if (date === undefined) return null
  const iso = time ? `${date}T${time}${seconds}${hours ? `${hours}:${minutes}` : 'Z'}` : date
  return Iso.safeParse(iso).success ? new Date(iso) : null
}
