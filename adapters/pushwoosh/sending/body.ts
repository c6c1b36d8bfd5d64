import { DEFAULT_TTL, type Json } from '../../../src/domain/message.ts'
import { wholeNumber } from '../request.ts'

/** What SDKs know and report a push by; no member of a request can forge it. */
export interface Envelope {
  readonly p: string
  readonly md: string
}

/** Seconds by the first member that says some; else the default. */
export const ttlOf = (body: Json, ...names: readonly string[]): number => {
  const seconds = names.map((name) => wholeNumber(body[name])).find((one) => one !== undefined && one >= 0)
  return seconds ?? DEFAULT_TTL
}

/** What an operator's message says in a push service's own words. */
export const overrideOf = (body: Json, provider: string): Json | undefined => {
  const overrides = objectOf(body.overrides)
  return provider in overrides ? objectOf(overrides[provider]) : undefined
}

export const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** A flag as clients write it. */
export const isOn = (value: unknown): boolean =>
  value === 1 || value === true || value === '1' || value === 'true'
