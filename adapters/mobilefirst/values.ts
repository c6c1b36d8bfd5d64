import { isNothing } from '../../src/domain/absent.ts'
import { isStorable } from '../../src/domain/text.ts'
import type { Json } from '../../src/wire/json.ts'
import { fault } from './errors.ts'

/** What the vendor shows where nobody set a user; to us it is none (section 1, row 2). */
export const ANONYMOUS = 'anonymous'

/** Characters of a name or an id; IBM documents a length for users alone. */
const MOST_TEXT = 1000
/** Characters of a push token: a browser's subscription as JSON text has some hundreds, a WNS address up to a thousand. */
const MOST_TOKEN = 8000

/** A string that must be there and not be empty (R19); another one is refused by name. */
export function requiredText(body: Json, name: string, most = MOST_TEXT): string {
  const value = optionalText(body, name, most)
  if (value === undefined) throw fault('badValue', name)
  return value
}

/**
 * A string that may be left out; null and the empty string count as left out (R19). One that is too long, or that would
 * not come back as it was sent (R22), is refused.
 */
export function optionalText(body: Json, name: string, most = MOST_TEXT): string | undefined {
  const value = body[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || value.length > most || !isStorable(value)) throw fault('badValue', name)
  return value
}

/** The id of a device; a word for nothing counts as left out (R19). */
export const optionalDeviceId = (body: Json): string | undefined => present(optionalText(body, 'deviceId'))
/** Any string is a token (section 1, row 3), but the words that bridges hand out where they have none (R19). */
export const optionalToken = (body: Json): string | undefined =>
  present(optionalText(body, 'token', MOST_TOKEN))

const present = (text: string | undefined): string | undefined =>
  text === undefined || isNothing(text) ? undefined : text

/** What must be there, by its name. */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw fault('badValue', name)
  return value
}

/** `true` and `false` as strings or as they are (section 4). */
export function optionalFlag(body: Json, name: string): boolean | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw fault('badValue', name)
}

/** ISO 8601 in UTC to the second, as the seed writes times. */
export const timeText = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')

/** A stored member that is known to be text, where it is there. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
