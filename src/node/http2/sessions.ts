import { unanswered } from '../../delivery/transport/fetch.ts'
import { type Answer, type Call, Unanswered } from '../../delivery/transport/transport.ts'
import type { Session } from './session.ts'
import { NotProcessed } from './stream.ts'
import { createWaiting } from './waiting.ts'

/** Milliseconds that a request waits for a free stream before another session is opened. */
const BUSY_MILLISECONDS = 1000

export interface SessionsOptions {
  /** Opens a session; null if the service does not support HTTP/2. */
  readonly open: (changed: (session: Session) => void) => Promise<Session | null>
  readonly most: number
}

/** The open sessions to one service. */
export interface Sessions {
  /** Waits for a free stream and sends the request. Throws `Unanswered` or `NotProcessed`. */
  send(call: Call): Promise<Answer>
  /** Whether the service only supports HTTP/1.1. */
  http1(): boolean
  retireAll(): void
  /** Fails waiting requests; requests in flight continue. */
  close(): Promise<void>
}

export function createSessions({ open, most }: SessionsOptions): Sessions {
  const sessions = new Set<Session>()
  const waiting = createWaiting()
  let opening: Promise<void> | undefined
  let busy: NodeJS.Timeout | undefined
  let restsUntil = 0
  let http1 = false
  let closed = false

  /** Assigns free streams to waiting requests, in order. */
  function serve(): void {
    for (const session of sessions) {
      while (session.room() > 0) if (!waiting.go(session.send)) return
    }
    grow()
  }

  /** Opens a session if there is none, or if a request has waited too long. */
  function grow(): void {
    const since = waiting.since()
    if (since === undefined || opening || closed || sessions.size >= most) return
    const due = sessions.size === 0 ? 0 : Math.max(since + BUSY_MILLISECONDS, restsUntil)
    const patience = due - performance.now()
    if (patience > 0) {
      // The first waiting request changes with every answer, so this is checked again when the current one
      // has waited too long.
      busy ??= setTimeout(() => {
        busy = undefined
        grow()
      }, patience)
      return
    }
    opening = openOne().finally(() => {
      opening = undefined
      serve()
    })
  }

  async function openOne(): Promise<void> {
    try {
      const session = await open(changed)
      if (session && closed) session.retire()
      else if (session) sessions.add(session)
      http1 = session === null
      if (http1) waiting.failAll(new NotProcessed('the service speaks HTTP/1.1'))
    } catch (error) {
      restsUntil = performance.now() + BUSY_MILLISECONDS
      if (sessions.size === 0) waiting.failAll(unanswered(error))
    }
  }

  function changed(session: Session): void {
    if (session.retired()) sessions.delete(session)
    serve()
  }

  const retireAll = () => {
    for (const session of sessions) session.retire()
  }
  return {
    send(call) {
      // The usual case: no request waits longer, and a stream is free.
      if (waiting.since() === undefined)
        for (const session of sessions) if (session.room() > 0) return session.send(call)
      const sent = waiting.add(call)
      serve()
      return sent
    },
    http1: () => http1,
    retireAll,
    async close() {
      closed = true
      clearTimeout(busy)
      waiting.failAll(new Unanswered('unreachable', 'closed'))
      await opening
      retireAll()
    },
  }
}
