import type { Context } from 'hono'
import type { AppEnv } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { argument } from './errors.ts'

export type Json = Readonly<Record<string, unknown>>

/** A request of the Device API, with its app found. */
export interface Call {
  readonly c: Context<AppEnv>
  readonly gateway: Gateway
  readonly app: DialectApp
  /** What `request` holds: each method reads its own members and ignores the others. */
  readonly request: Json
}

/** Answers with the `response` of the envelope. Throws what `argument` makes. */
export type Method = (call: Call) => Promise<unknown>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What SQLite and JSON would not give back as it came: a NUL, or half of a surrogate pair. */
export const isClean = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text)

/** A text, or undefined where it is absent, null or empty (identity R19). Throws for anything else. */
export function text(request: Json, name: string, most: number): string | undefined {
  const value = request[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw argument(`${name} must be a string`)
  if (value.length > most) throw argument(`${name} is longer than ${most} characters`)
  if (!isClean(value)) throw argument(`${name} has characters that no id can have`)
  return value
}

export function required(request: Json, name: string, most: number): string {
  const value = text(request, name, most)
  if (value === undefined) throw argument(`${name} is required`)
  return value
}

/** A member that only describes: numbers become text, anything else that is no text is ignored. */
export function described(request: Json, name: string): string | undefined {
  const value = request[name]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' && value.length <= 1000 && isClean(value)
    ? value
    : undefined
}

/** A user's id: numbers become text (section 6). */
export function userIdOf(request: Json, name = 'userId'): string | undefined {
  const value = request[name]
  return typeof value === 'number' ? String(value) : text(request, name, 1024)
}

/** An integer, or digits as text; undefined where it is absent, null or anything else. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^[+-]?[0-9]{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}
