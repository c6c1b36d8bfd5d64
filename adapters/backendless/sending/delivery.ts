import type { Platform } from '../../../src/domain/device.ts'
import type { Schedule } from '../../../src/domain/message.ts'
import { nearestNumber } from '../../../src/wire/json.ts'
import { fault } from '../errors.ts'
import { dateOf } from '../registration.ts'

type Member = (name: string) => unknown

/**
 * Platforms by their names in broadcasts and templates; the index is also the bit in a platform mask (section
 * 6.2).
 */
const PLATFORMS: Readonly<Record<string, readonly Platform[]>> = {
  IOS: ['ios'],
  ANDROID: ['android'],
  WP: ['windows'],
  OSX: ['macos'],
  ALL: ['ios', 'android', 'windows', 'macos'],
  NONE: [],
}
const BITS = ['IOS', 'ANDROID', 'WP', 'OSX']
/** Old SDKs know only three platforms; these three together mean all platforms. */
const ALL_OF_OLD = 7

/** The platforms of a mask, of names joined by `|` or `,`, or of a list of names; empty for none. */
export function platformsOf(value: unknown): readonly Platform[] {
  if (value === undefined || value === null) return []
  const mask = numberOf(value)
  const words = mask === undefined ? wordsOf(value) : mask === ALL_OF_OLD ? ['ALL'] : bitsOf(mask)
  const found = words.flatMap((word) => {
    const name = word.trim().toUpperCase().replace(/^FOR_/, '')
    const platforms = Object.hasOwn(PLATFORMS, name) ? PLATFORMS[name] : undefined
    return platforms ?? refuse('There is no such platform.')
  })
  return [...new Set(found)]
}

const bitsOf = (mask: number): readonly string[] =>
  Number.isInteger(mask) && mask >= 0 && mask <= 15
    ? BITS.filter((_, bit) => mask & (1 << bit))
    : refuse('There is no such platform.')

function wordsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(wordsOf)
  if (typeof value !== 'string') return refuse('There is no such platform.')
  return value.trim() === '' ? [] : value.split(/[|,]/)
}

const POLICIES = ['PUSH', 'PUBSUB', 'BOTH'] as const
/** Values of the former option, `pushPolicy`. */
const OLD_POLICIES: Readonly<Record<string, Policy>> = { ONLY: 'PUSH', ALSO: 'BOTH', NONE: 'PUBSUB' }
export type Policy = (typeof POLICIES)[number]

export function policyOf(member: Member): Policy {
  const value = member('publishPolicy') ?? member('pushPolicy') ?? 'BOTH'
  const number = numberOf(value)
  const word = typeof value === 'string' ? value.trim().toUpperCase() : ''
  const found = number === undefined ? POLICIES.find((policy) => policy === word) : POLICIES[number]
  const old = Object.hasOwn(OLD_POLICIES, word) ? OLD_POLICIES[word] : undefined
  return found ?? old ?? refuse('There is no such publishing policy.')
}

/** When a message is sent; a time in the past means now. Throws for a schedule that ends before it begins. */
export function scheduleOf(member: Member, now: Date): Schedule {
  const at = timeOf(member('publishAt'), 'publishAt')
  const every = secondsOf(member('repeatEvery'))
  const until = timeOf(member('repeatExpiresAt'), 'repeatExpiresAt')
  if (every !== undefined && until && until <= (at && at > now ? at : now)) throw fault('scheduleOver')
  return {
    ...(at && at > now && { at }),
    ...(every !== undefined && { every, ...(until && { until }) }),
  }
}

function timeOf(value: unknown, name: string): Date | undefined {
  if (value === undefined || value === null || value === 0 || value === '') return undefined
  const date = dateOf(value)
  return date && !Number.isNaN(date.getTime()) ? date : refuse(`${name} is no date.`)
}

function secondsOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const seconds = numberOf(value)
  if (seconds === 0) return undefined
  if (seconds !== undefined && Number.isInteger(seconds) && seconds >= 1) return seconds
  return refuse('repeatEvery must be whole seconds.')
}

/** A number, or a text that contains one. */
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : nearestNumber(value)

/** The error for an invalid option of a message. */
export function refuse(why: string): never {
  throw fault('option', `Unable to publish the message. ${why}`)
}
