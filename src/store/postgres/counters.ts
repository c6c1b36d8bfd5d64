import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Sessions } from './pool.ts'

const TABLE = 'rate_limits'
const SECONDS = 60
/** As `rate-limiter-flexible` wants it; what it holds need not outlast the server, and so costs no log. */
const SCHEMA = `CREATE UNLOGGED TABLE IF NOT EXISTS ${TABLE}
  (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint)`

interface Counted {
  readonly success: boolean
  /** Seconds until it is allowed again. */
  readonly seconds: number
}

/** Counts uses of keys in a minute, for all gateways of the database together. */
export interface SharedCounter {
  /** Rejects where the database cannot be reached. */
  limit(request: { readonly key: string }): Promise<Counted>
}

/**
 * Counters by name, each with its most uses a minute. Who has passed that is refused from memory until the minute is over:
 * no flood of wrong credentials reaches the database.
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

  /** Made by the first that counts; two that make it at once are one. */
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
