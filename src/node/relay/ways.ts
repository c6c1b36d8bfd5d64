import { replyOf } from '../../delivery/providers/apns/answers.ts'
import { replacing } from '../../delivery/providers/apns/replacing.ts'
import {
  type Answer,
  type Connection,
  type Transport,
  Unanswered,
} from '../../delivery/transport/transport.ts'
import type { RelayedRequest } from './batch.ts'

/** Connections that are kept at most, each to one address with one signed token: those that idle go first. */
const MOST = 200
/** The instance that asks has to hear of those that were answered, before it gives up. */
const MILLISECONDS = 12_000

/** APNs over HTTP/2, for requests that others have signed. */
export interface Ways {
  /** Throws `Unanswered`. */
  send(service: string, request: RelayedRequest): Promise<Answer>
  close(): Promise<void>
}

export function createWays(transport: Transport): Ways {
  const open = new Map<string, Connection>()
  const now = () => new Date()
  const replace = replacing(now)

  /** APNs wants the tokens of two accounts on two connections (delivery.md 4.3). */
  function connection(service: string, token: string | undefined): Connection {
    const name = `${service} ${token}`
    const known = open.get(name) ?? transport.connect(new URL(service), { http2Only: true })
    // The one used last is the last in the map.
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
