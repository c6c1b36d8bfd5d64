import { LRUCache } from 'lru-cache'
import { GatewayError } from '../domain/error.ts'
import type { Clock } from '../domain/ids.ts'
import { sha256Hex } from '../secrets/hash.ts'

/** A rate limit, counted per key. */
export interface RateLimit {
  /** False if no limit is configured. */
  readonly counts: boolean
  /** Counts one use; throws `rate_limited` with `retryAfter` if the limit is reached. */
  consume(key: string): Promise<void>
}

/**
 * A shared counter: Cloudflare's rate-limiting binding (per location), or PostgreSQL (all gateways of the database).
 * `seconds` is the time until the next use is allowed, if known.
 */
export interface Counter {
  limit(request: { readonly key: string }): Promise<{ readonly success: boolean; readonly seconds?: number }>
}

/** All rate limits of the gateway. */
export interface RateLimits {
  /** Wrong credentials, by claimed account and caller address. */
  readonly failedCredentials: RateLimit
  /** Issued tokens and client registrations, by client or app and caller address. */
  readonly issuance: RateLimit
  /** Admin API calls with the correct token. */
  readonly adminCalls: RateLimit
  /** Requests to the dialects. Off by default, because shipped SDKs retry a 429 forever. */
  readonly perAddress: RateLimit
  readonly perApp: RateLimit
}

export type Counters = Readonly<Partial<Record<keyof RateLimits, Counter | undefined>>>

export interface RateLimitOptions {
  readonly rateLimit: boolean
  /** Requests per minute; undefined for no limit. */
  readonly ratePerAddress: number | undefined
  readonly ratePerApp: number | undefined
}

const SECONDS = 60
/** Most keys counted per process; the least recently used are dropped first. */
const MOST_KEYS = 20_000
/** Longer keys are counted by their hash. */
const LONGEST_KEY = 100

/** Uses per minute of each limit; undefined for no limit. */
export const pointsOf = ({ rateLimit, ratePerAddress, ratePerApp }: RateLimitOptions) =>
  ({
    failedCredentials: rateLimit ? 100 : undefined,
    issuance: rateLimit ? 3000 : undefined,
    adminCalls: rateLimit ? 3000 : undefined,
    perAddress: ratePerAddress,
    perApp: ratePerApp,
  }) satisfies Record<keyof RateLimits, number | undefined>

export function createRateLimits(
  { rateLimit, ratePerAddress, ratePerApp }: RateLimitOptions,
  now: Clock,
  counters: Counters = {},
): RateLimits {
  const most = pointsOf({ rateLimit, ratePerAddress, ratePerApp })
  const limit = (name: keyof RateLimits) =>
    createRateLimit({ points: most[name], now, counter: counters[name] })
  return {
    failedCredentials: limit('failedCredentials'),
    issuance: limit('issuance'),
    adminCalls: limit('adminCalls'),
    perAddress: limit('perAddress'),
    perApp: limit('perApp'),
  }
}

interface Window {
  used: number
  readonly until: number
}

/**
 * Allows `points` per minute and key; without points it counts nothing. If the platform has no counter, or the counter
 * fails, an in-memory one is used. It needs no timer, because on Workers a timer never fires after its request has ended.
 */
export function createRateLimit({
  points,
  now,
  counter,
}: {
  readonly points: number | undefined
  readonly now: Clock
  readonly counter?: Counter | undefined
}): RateLimit {
  if (points === undefined) return { counts: false, consume: async () => {} }
  const windows = new LRUCache<string, Window>({ maxSize: MOST_KEYS, sizeCalculation: () => 1 })

  function count(key: string, most: number): void {
    const at = now().getTime()
    const known = windows.get(key)
    // If the clock was set back, nobody must wait longer than one period.
    const open = known && known.until > at && known.until <= at + SECONDS * 1000
    const window = open ? known : { used: 0, until: at + SECONDS * 1000 }
    if (!open) windows.set(key, window)
    if (window.used >= most) throw refusal((window.until - at) / 1000)
    window.used++
  }

  return {
    counts: true,
    async consume(key) {
      const short = key.length > LONGEST_KEY ? sha256Hex(key) : key
      const answer = await counter?.limit({ key: short }).catch(() => undefined)
      if (answer === undefined) count(short, points)
      else if (!answer.success) throw refusal(answer.seconds ?? SECONDS)
    },
  }
}

const refusal = (seconds: number) =>
  new GatewayError('rate_limited', 'Too many requests. Try again later.', {
    retryAfter: Math.max(1, Math.ceil(seconds)),
  })
