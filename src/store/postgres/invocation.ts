import { AsyncLocalStorage } from 'node:async_hooks'
import { Client } from 'pg'
import type { Session } from './session.ts'

/** A Worker may have six open connections; some are left for push services. */
const MOST = 3
const PATIENCE = 5000

interface Waiter {
  readonly resolve: (session: Session) => void
  readonly reject: (error: unknown) => void
}

/** Connections of one invocation, opened on demand. The runtime closes them when the invocation ends. */
function connections(connect: () => Promise<Client>) {
  const idle: Session[] = []
  const waiting: Waiter[] = []
  let open = 0

  async function made(): Promise<Session> {
    open++
    try {
      return sessionOf(await connect())
    } catch (error) {
      left()
      throw error
    }
  }

  /** Frees a slot, so that a waiting caller can open a connection. */
  function left(): void {
    open--
    const next = waiting.shift()
    if (next) made().then(next.resolve, next.reject)
  }

  function sessionOf(client: Client): Session {
    const session: Session = {
      client,
      known: null,
      release(useless) {
        if (useless) {
          void client.end().catch(() => {})
          return left()
        }
        const next = waiting.shift()
        if (next) next.resolve(session)
        else idle.push(session)
      },
    }
    return session
  }

  return (): Promise<Session> => {
    const ready = idle.pop()
    if (ready) return Promise.resolve(ready)
    if (open < MOST) return made()
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
  }
}

/**
 * Connections on Workers, which cannot be shared between invocations and so are never kept longer. Reads after the end of an
 * invocation, such as a streamed body, get a connection for a single plan.
 */
export function invocations(connectionString: () => string) {
  const current = new AsyncLocalStorage<() => Promise<Session>>()

  async function connect(): Promise<Client> {
    const client = new Client({
      connectionString: connectionString(),
      ...{ connectionTimeoutMillis: PATIENCE, pipeline: true },
    })
    // Errors reach the caller that waits for the answer.
    client.on('error', () => {})
    await client.connect()
    return client
  }

  return {
    /** Runs an invocation's work. */
    within: <T>(work: () => T): T => current.run(connections(connect), work),
    acquire: async (): Promise<Session> => {
      const own = current.getStore()
      if (own) return own()
      const client = await connect()
      return { client, known: null, release: () => void client.end().catch(() => {}) }
    },
  }
}
