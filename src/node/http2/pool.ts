import { type Answer, type Call, type Connection, Unanswered } from '../../delivery/transport/transport.ts'
import { createSessions, type SessionsOptions } from './sessions.ts'
import { NotProcessed } from './stream.ts'

/** Milliseconds before a request that was refused unprocessed is sent again; doubled each time. */
const REFUSED_MILLISECONDS = 10
const MOST_REFUSALS = 8

export interface PoolOptions extends SessionsOptions {
  /** Used for a service that only speaks HTTP/1.1. */
  readonly otherwise: Connection
}

/**
 * Distributes requests over a few sessions, never more per session than the service allows, and resends those
 * that the service reports as not processed.
 */
export function createPool({ otherwise, ...options }: PoolOptions): Connection {
  const sessions = createSessions(options)
  let closed = false
  let running = 0
  let idle = () => {}

  function once(call: Call): Promise<Answer> {
    if (closed) return Promise.reject(new Unanswered('unreachable', 'closed'))
    return sessions.http1() ? otherwise.send(call) : sessions.send(call)
  }

  /** Handles a failed request: resends it while the service reports it as not processed. */
  async function again(call: Call, first: unknown): Promise<Answer> {
    let error = first
    for (let refusals = 0; error instanceof NotProcessed; refusals++) {
      if (refusals >= MOST_REFUSALS) throw new Unanswered('unreachable', 'refused', { cause: error })
      if (!sessions.http1()) await sleep(REFUSED_MILLISECONDS * 2 ** refusals)
      try {
        return await once(call)
      } catch (next) {
        error = next
      }
    }
    throw error
  }

  const ended = () => {
    if (--running === 0) idle()
  }

  return {
    // Not an async function, which would hold memory for every pending request of a large send.
    send(call) {
      running++
      return once(call).then(
        (answer) => {
          ended()
          return answer
        },
        (error) => again(call, error).finally(ended),
      )
    },
    replace: sessions.retireAll,
    async close() {
      closed = true
      await sessions.close()
      if (running > 0) {
        await new Promise<void>((resolve) => {
          idle = resolve
        })
      }
      await otherwise.close().catch(() => {})
    },
  }
}

const sleep = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds))
