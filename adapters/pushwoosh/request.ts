import type { Context } from 'hono'
import type { AppEnv } from '../../src/adapter.ts'
import { isNothing } from '../../src/domain/absent.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { isStorable, repaired } from '../../src/domain/text.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { Digits, type Json, wholeDigits } from '../../src/wire/json.ts'
import { argument } from './errors.ts'

/** A request of the Device API, with its app found. */
export interface Call {
  readonly c: Context<AppEnv>
  readonly gateway: Gateway
  readonly app: DialectApp
  /** The content of `request`; each method reads its own members and ignores the others. */
  readonly request: Json
}

/** Returns the `response` of the envelope. Throws errors made by `argument`. */
export type Method = (call: Call) => Promise<unknown>

/** Members in which placeholders such as `(null)` count as absent (identity R19). */
const MAY_BE_NOTHING: ReadonlySet<string> = new Set(['hwid', 'push_token'])

/** A text, or undefined if absent, null or empty (identity R19). Throws for anything else. */
export function text(request: Json, name: string, most: number): string | undefined {
  const value = request[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw argument(`${name} must be a string`)
  if (MAY_BE_NOTHING.has(name) && isNothing(value)) return undefined
  if (value.length > most) throw argument(`${name} is longer than ${most} characters`)
  if (!isStorable(value)) throw argument(`${name} has characters that no id can have`)
  return value
}

export function required(request: Json, name: string, most: number): string {
  const value = text(request, name, most)
  if (value === undefined) throw argument(`${name} is required`)
  return value
}

/** A descriptive member: numbers become text, unstorable characters are repaired, other types are ignored. */
export function described(request: Json, name: string): string | undefined {
  const value = request[name]
  if (typeof value === 'number') return String(value)
  if (value instanceof Digits) return value.text
  return typeof value === 'string' && value !== '' && value.length <= 1000 ? repaired(value) : undefined
}

/** A user id; numbers become text with all their digits (section 6). */
export function userIdOf(request: Json, name = 'userId'): string | undefined {
  const value = request[name]
  if (typeof value !== 'number' && !(value instanceof Digits)) return text(request, name, 1024)
  const digits = wholeDigits(value)
  if (digits !== undefined && digits.length <= 1024) return digits
  if (typeof value === 'number' && !Number.isInteger(value)) return String(value)
  throw argument(`${name} is a number that is no id`)
}

/** An integer, also as text; undefined for anything else. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^[+-]?[0-9]{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}
