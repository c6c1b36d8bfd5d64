import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Sessions } from './pool.ts'

const TABLE = 'rate_limits'
const SECONDS = 60
/** The schema of `rate-limiter-flexible`. Unlogged, since counts need not survive a server crash. */
const SCHEMA = `CREATE UNLOGGED TABLE IF NOT EXISTS ${TABLE}
  (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint)`

interface Counted {
  readonly success: boolean
  /** Seconds until the next use is allowed. */
  readonly seconds: number
}

/** Counts uses of keys per minute across all gateways of the database. */
export interface SharedCounter {
  /** Rejects if the database is unreachable. */
  limit(request: { readonly key: string }): Promise<Counted>
}

/**
 * Counters by name, each with its limit per minute. A key over the limit is refused from memory until the minute ends, so
 * that a flood of wrong credentials does not reach the database.
 */
export function openCounters(acquire: Sessions['acquire']) {
  let made: Promise<void> | undefined

  async function query(asked: {
    readonly text: string
    readonly name?: string
    readonly values?: unknown[]
  }) {
    const { client, release } = await acquire()
    let useless = true
    try {
      const result = await client.query(asked)
      useless = false
      return result
    } finally {
      release(useless)
    }
  }

  /** Created on first use; concurrent calls share one creation. */
  const table = (): Promise<void> => {
    made ??= query({ text: SCHEMA }).then(
      () => {},
      (error) => {
        made = undefined
        throw error
      },
    )
    return made
  }

  return (name: string, points: number): SharedCounter => {
    const limiter = new RateLimiterPostgres({
      storeClient: { query },
      storeType: 'client',
      ...{ tableName: TABLE, tableCreated: true, keyPrefix: name },
      ...{ points, duration: SECONDS, inMemoryBlockOnConsumed: points + 1 },
    })
    return {
      async limit({ key }) {
        await table()
        try {
          await limiter.consume(key)
          return { success: true, seconds: 0 }
        } catch (refused) {
          if (!(refused instanceof RateLimiterRes)) throw refused
          return { success: false, seconds: Math.min(SECONDS, refused.msBeforeNext / 1000) }
        }
      },
    }
  }
}
