import { LRUCache } from 'lru-cache'
import { GatewayError } from '../domain/error.ts'
import type { Clock } from '../domain/ids.ts'
import { sha256Hex } from '../secrets/hash.ts'

/** Counts per key. */
export interface RateLimit {
  /** Whether there is a limit at all. */
  readonly counts: boolean
  /** Counts one; throws `rate_limited` with `retryAfter` where the period's points are used up already. */
  consume(key: string): Promise<void>
}

/** A counter of the platform's: the rate-limiting binding of Workers, which all isolates of a place share. */
export interface Counter {
  limit(of: { readonly key: string }): Promise<{ readonly success: boolean }>
}

/** Every limit of the gateway. */
export interface RateLimits {
  /** Wrong credentials, by whose they were said to be and the caller's address. */
  readonly failedCredentials: RateLimit
  /** Tokens and registered clients, by client or app and the caller's address. */
  readonly issuance: RateLimit
  /** Calls of the admin API that had the right token. */
  readonly adminCalls: RateLimit
  /** Requests to the dialects, where the operator limits them: shipped SDKs repeat a 429 for ever. */
  readonly perAddress: RateLimit
  readonly perApp: RateLimit
}

export type Counters = Readonly<Partial<Record<keyof RateLimits, Counter | undefined>>>

export interface RateLimitOptions {
  readonly rateLimit: boolean
  /** Requests a minute; undefined: not limited. */
  readonly ratePerAddress: number | undefined
  readonly ratePerApp: number | undefined
}

const SECONDS = 60
/** A process remembers no more callers than this; who was silent for longest is forgotten first. */
const MOST_KEYS = 20_000
/** A longer key is counted by its hash. */
const LONGEST_KEY = 100

export function createRateLimits(of: RateLimitOptions, now: Clock, counters: Counters = {}): RateLimits {
  const limit = (points: number | undefined, counter?: Counter) => createRateLimit({ points, now, counter })
  const standing = (points: number) => (of.rateLimit ? points : undefined)
  return {
    failedCredentials: limit(standing(100), counters.failedCredentials),
    issuance: limit(standing(3000), counters.issuance),
    adminCalls: limit(standing(3000), counters.adminCalls),
    perAddress: limit(of.ratePerAddress),
    perApp: limit(of.ratePerApp),
  }
}

interface Window {
  used: number
  readonly until: number
}

/**
 * `points` a minute and key; without points, it counts nothing. Where the platform has no counter, or it fails, one of
 * our own counts, which needs no timer: one set by a request that has ended never fires on Workers.
 */
export function createRateLimit(of: {
  readonly points: number | undefined
  readonly now: Clock
  readonly counter?: Counter | undefined
}): RateLimit {
  const { points, now, counter } = of
  if (points === undefined) return { counts: false, consume: async () => {} }
  const windows = new LRUCache<string, Window>({ max: MOST_KEYS })

  function count(key: string, most: number): void {
    const at = now().getTime()
    const known = windows.get(key)
    // A clock that was set back must not make anybody wait for longer than a period.
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
      else if (!answer.success) throw refusal(SECONDS)
    },
  }
}

const refusal = (seconds: number) =>
  new GatewayError('rate_limited', 'Too many requests. Try again later.', {
    retryAfter: Math.max(1, Math.ceil(seconds)),
  })
