import type { Call, Db } from '../../src/store/sql/port.ts'
import type { Send } from '../dialects/access.ts'
import { openWithin } from '../kit/within.ts'
import type { Shot } from '../load/shot.ts'

/** The calls of one request: the reads before its commit, and the commit. */
export interface Recorded {
  readonly reads: Call[]
  readonly writes: Call[]
}

/** Milliseconds after which calls are no longer recorded. */
const RECORDING = 1500

/** Sends requests through the whole product, over a database that records its calls and commits nothing. */
export async function record(
  file: string,
  most: number,
  prepare: (send: Send) => Promise<(k: number) => Shot>,
): Promise<Recorded[]> {
  let now: Recorded | null = null
  const noting = (real: Db): Db => ({
    ...real,
    read(plan) {
      now?.reads.push(...plan)
      return real.read(plan)
    },
    commit(plan, options) {
      if (!now) return real.commit(plan, options)
      now.writes.push(...plan)
      return Promise.reject(new Error('noted'))
    },
  })
  const within = openWithin({ file, db: noting })
  try {
    const shot = await prepare(within.send)
    // From here on, look-ups of the app are cached, as in a running server.
    await within.send(shot(0))
    const recorded: Recorded[] = []
    const end = performance.now() + RECORDING
    for (let k = 1; k <= most && performance.now() < end; k++) {
      now = { reads: [], writes: [] }
      const { status } = await within.send(shot(k))
      if (now.writes.length === 0 && status > 299) throw new Error(`answered ${status}`)
      recorded.push(now)
      now = null
    }
    return recorded
  } finally {
    await within.close()
  }
}
