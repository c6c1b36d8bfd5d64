import { replyOf } from '../../delivery/providers/apns/answers.ts'
import { replacing } from '../../delivery/providers/apns/replacing.ts'
import {
  type Answer,
  type Connection,
  type Transport,
  Unanswered,
} from '../../delivery/transport/transport.ts'
import type { RelayedRequest } from './batch.ts'

/** Most open connections, each to one address with one signed token; idle ones are closed first. */
const MOST = 200
/**
 * Milliseconds per batch: the calling instance must get the answers received by then before its own timeout.
 */
const MILLISECONDS = 12_000

/** Connections to APNs over HTTP/2, for requests that other instances have signed. */
export interface Ways {
  /** Throws `Unanswered`. */
  send(service: string, request: RelayedRequest): Promise<Answer>
  close(): Promise<void>
}

export function createWays(transport: Transport): Ways {
  const open = new Map<string, Connection>()
  const now = () => new Date()
  const replace = replacing(now)

  /** APNs requires separate connections for the tokens of two accounts (delivery.md 4.3). */
  function connection(service: string, token: string | undefined): Connection {
    const name = `${service} ${token}`
    const known = open.get(name) ?? transport.connect(new URL(service), { http2Only: true })
    // The map is ordered by use; the most recently used entry is last.
    open.delete(name)
    open.set(name, known)
    const [oldest] = open
    if (oldest && open.size > MOST) {
      open.delete(oldest[0])
      void oldest[1].close().catch(() => {})
    }
    return known
  }

  return {
    async send(service, request) {
      const way = connection(service, request.headers.authorization)
      const answer = await inTime(way.send(request))
      if (replyOf(answer, now(), []).reconnect) replace(way)
      return answer
    },
    async close() {
      await Promise.all([...open.values()].map((one) => one.close()))
    },
  }
}

async function inTime(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unanswered('timeout', 'timeout')), MILLISECONDS)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
