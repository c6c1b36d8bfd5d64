import { type Answer, type Call, type Connection, Unanswered } from '../../delivery/transport/transport.ts'
import { createSessions, type SessionsOptions } from './sessions.ts'
import { NotProcessed } from './stream.ts'

/** After a request was refused unprocessed, before it is sent again; doubled each time. */
const REFUSED_MILLISECONDS = 10
const MOST_REFUSALS = 8

export interface PoolOptions extends SessionsOptions {
  /** For a service that speaks HTTP/1.1 alone. */
  readonly otherwise: Connection
}

/**
 * Spreads requests over a few sessions, none beyond what the service allows at once, and sends those again that the service
 * says not to have processed.
 */
export function createPool({ otherwise, ...options }: PoolOptions): Connection {
  const sessions = createSessions(options)
  let closed = false
  let running = 0
  let idle = () => {}

  async function send(call: Call): Promise<Answer> {
    for (let refusals = 0; ; refusals++) {
      if (closed) throw new Unanswered('unreachable', 'closed')
      if (sessions.http1()) return otherwise.send(call)
      try {
        return await sessions.send(call)
      } catch (error) {
        if (!(error instanceof NotProcessed)) throw error
        if (refusals >= MOST_REFUSALS) throw new Unanswered('unreachable', 'refused', { cause: error })
        if (!sessions.http1()) await sleep(REFUSED_MILLISECONDS * 2 ** refusals)
      }
    }
  }

  return {
    async send(call) {
      running++
      try {
        return await send(call)
      } finally {
        if (--running === 0) idle()
      }
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
