import { type ClientHttp2Session, connect } from 'node:http2'
import type { Socket } from 'node:net'
import { type Answer, type Call, Unanswered } from '../../delivery/transport/transport.ts'
import { request } from './stream.ts'

/** Consecutive unanswered requests after which a session is closed: some services stop answering on one. */
const MOST_UNANSWERED = 3
const PING_EVERY = 60_000
const PONG_WITHIN = 10_000
/** An idle session is kept for a limited time, because services treat frequent reconnects as an attack. */
const MOST_IDLE_PINGS = 10

/** One HTTP/2 connection. */
export interface Session {
  /** How many more requests it accepts now. */
  room(): number
  /** Throws `Unanswered` or `NotProcessed`. */
  send(call: Call): Promise<Answer>
  /** Accepts no more requests; closes when those in flight have ended. */
  retire(): void
  retired(): boolean
}

export interface SessionOptions {
  readonly base: URL
  /** Most concurrent requests, if the service allows more. */
  readonly streams: number
  /** Called whenever a slot may be free, and when the session has been retired. */
  readonly changed: (session: Session) => void
}

/** Speaks HTTP/2 on a connected socket. */
export function openSession(socket: Socket, { base, streams, changed }: SessionOptions): Session {
  const http2 = connect(base.origin, { createConnection: () => socket, settings: { enablePush: false } })
  const prefix = base.pathname.replace(/\/+$/, '')
  let retired = false
  let inFlight = 0
  /** The service's limit, known only after its first SETTINGS frame. */
  let allowed = 1
  let answered = false
  let unanswered = 0
  let lastProcessed: number | undefined

  // Sends a single request until it is answered, because services raise their limit only then (delivery.md
  // 4.7).
  const limit = () => (answered ? Math.min(allowed, streams) : 1)

  function retire(): void {
    if (retired) return
    retired = true
    stopPings()
    // Lets streams end; on a destroyed session, the call has no effect.
    http2.close()
    changed(session)
  }

  const options = { prefix, lastProcessed: () => lastProcessed }
  function ended(): void {
    inFlight--
    changed(session)
  }

  function heard(answer: Answer): Answer {
    answered = true
    unanswered = 0
    ended()
    return answer
  }

  function missed(error: unknown): never {
    if (error instanceof Unanswered && ++unanswered >= MOST_UNANSWERED) retire()
    ended()
    throw error
  }

  const session: Session = {
    room: () => (retired ? 0 : Math.max(0, limit() - inFlight)),
    send(call) {
      inFlight++
      return request(http2, call, options).then(heard, missed)
    },
    retire,
    retired: () => retired,
  }

  http2.on('remoteSettings', ({ maxConcurrentStreams = streams }) => {
    allowed = maxConcurrentStreams
    changed(session)
  })
  http2.on('goaway', (_, last) => {
    lastProcessed = last
    retire()
  })
  // The streams of requests in flight report the failure themselves.
  http2.on('error', retire)
  http2.on('close', retire)
  const stopPings = pingWhenIdle(http2, { idle: () => inFlight === 0, retire })
  return session
}

/**
 * Checks whether an idle connection is still alive, and retires one that has been idle too long. Returns a
 * function that stops the checks.
 */
function pingWhenIdle(
  http2: ClientHttp2Session,
  { idle, retire }: { readonly idle: () => boolean; readonly retire: () => void },
): () => void {
  let pings = 0
  let pong: NodeJS.Timeout | undefined
  const timer = setInterval(() => {
    if (!idle()) {
      pings = 0
      return
    }
    if (++pings > MOST_IDLE_PINGS) return retire()
    clearTimeout(pong)
    pong = setTimeout(() => http2.destroy(), PONG_WITHIN).unref()
    http2.ping(() => clearTimeout(pong))
  }, PING_EVERY).unref()
  return () => {
    clearInterval(timer)
    clearTimeout(pong)
  }
}
