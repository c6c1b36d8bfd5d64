// Only the memory limiter: the package's index also loads drivers that exist on Node alone.
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js'
import { GatewayError } from './domain/error.ts'

/** Counts per key in one process or isolate. */
export interface RateLimit {
  /** Counts one; throws `rate_limited` with `retryAfter` once the points of the period are used up. */
  consume(key: string): Promise<void>
  /** Throws as `consume` does, without counting. */
  check(key: string): Promise<void>
}

/** `points` per `seconds` and key. Without points, it counts nothing. */
export function createRateLimit(of: { points: number | undefined; seconds: number }): RateLimit {
  const { points } = of
  if (points === undefined) return { consume: async () => {}, check: async () => {} }
  const limiter = new RateLimiterMemory({ points, duration: of.seconds })
  const refuse = (milliseconds: number) =>
    new GatewayError('rate_limited', 'Too many requests. Try again later.', {
      retryAfter: Math.max(1, Math.ceil(milliseconds / 1000)),
    })
  return {
    async consume(key) {
      const used = await limiter.consume(key).catch((reason: { msBeforeNext: number }) => reason)
      if (!('consumedPoints' in used) || used.consumedPoints > points) throw refuse(used.msBeforeNext)
    },
    async check(key) {
      const used = await limiter.get(key)
      if (used && used.consumedPoints >= points) throw refuse(used.msBeforeNext)
    },
  }
}
