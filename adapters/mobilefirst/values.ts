import { isNothing } from '../../src/domain/absent.ts'
import { isStorable } from '../../src/domain/text.ts'
import type { Json } from '../../src/wire/json.ts'
import { fault } from './errors.ts'

/** The vendor's placeholder for an absent user (section 1, row 2). */
export const ANONYMOUS = 'anonymous'

/** Most characters of a name or an id; IBM documents a limit only for users. */
const MOST_TEXT = 1000
/** Most characters of a push token; browser subscriptions have some hundreds, WNS addresses up to a thousand. */
const MOST_TOKEN = 8000

/** A required, non-empty string (R19). */
export function requiredText(body: Json, name: string, most = MOST_TEXT): string {
  const value = optionalText(body, name, most)
  if (value === undefined) throw fault('badValue', name)
  return value
}

/**
 * An optional string; null and the empty string count as absent (R19). Too long and unstorable texts (R22) are refused.
 */
export function optionalText(body: Json, name: string, most = MOST_TEXT): string | undefined {
  const value = body[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || value.length > most || !isStorable(value)) throw fault('badValue', name)
  return value
}

/** A device id; placeholders count as absent (R19). */
export const optionalDeviceId = (body: Json): string | undefined => present(optionalText(body, 'deviceId'))
/** Any string is a token (section 1, row 3), except placeholders, which count as absent (R19). */
export const optionalToken = (body: Json): string | undefined =>
  present(optionalText(body, 'token', MOST_TOKEN))

const present = (text: string | undefined): string | undefined =>
  text === undefined || isNothing(text) ? undefined : text

/** Refuses an absent value. */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw fault('badValue', name)
  return value
}

/** A boolean, also as text (section 4). */
export function optionalFlag(body: Json, name: string): boolean | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw fault('badValue', name)
}

/** ISO 8601 in UTC with seconds, the contract's time format. */
export const timeText = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')

/** A stored text member; empty if absent. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
