import { DEFAULT_TTL, type Json } from '../../../src/domain/message.ts'
import { wholeNumber } from '../request.ts'

/** Members with which SDKs identify and report a push; members of a request cannot overwrite them. */
export interface Envelope {
  readonly p: string
  readonly md: string
}

/** Seconds from the first member that contains some; otherwise the default. */
export const ttlOf = (body: Json, ...names: readonly string[]): number => {
  const seconds = names.map((name) => wholeNumber(body[name])).find((one) => one !== undefined && one >= 0)
  return seconds ?? DEFAULT_TTL
}

/** The operator's override of the payload for a push service. */
export const overrideOf = (body: Json, provider: string): Json | undefined => {
  const overrides = objectOf(body.overrides)
  return provider in overrides ? objectOf(overrides[provider]) : undefined
}

export const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** A flag in any form that clients send. */
export const isOn = (value: unknown): boolean =>
  value === 1 || value === true || value === '1' || value === 'true'
