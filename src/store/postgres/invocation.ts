import { AsyncLocalStorage } from 'node:async_hooks'
import { Client } from 'pg'
import type { Session } from './session.ts'

/** A Worker may have six connections open at once; some are for push services. */
const MOST = 3
const PATIENCE = 5000

interface Waiter {
  readonly resolve: (session: Session) => void
  readonly reject: (error: unknown) => void
}

/** The connections of one invocation, made when they are needed. The runtime closes them when it ends. */
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

  /** One connection fewer: whoever waits may make another. */
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
 * Connections of Workers: no invocation may use those of another, so that none is kept beyond one. What reads after its
 * invocation was left, such as the body of an answer, gets one for a single plan.
 */
export function invocations(connectionString: () => string) {
  const current = new AsyncLocalStorage<() => Promise<Session>>()

  async function connect(): Promise<Client> {
    const client = new Client({
      connectionString: connectionString(),
      ...{ connectionTimeoutMillis: PATIENCE, pipeline: true },
    })
    // What happens to it is told to whoever waits for its answer.
    client.on('error', () => {})
    await client.connect()
    return client
  }

  return {
    /** Runs what an invocation does. */
    within: <T>(work: () => T): T => current.run(connections(connect), work),
    acquire: async (): Promise<Session> => {
      const own = current.getStore()
      if (own) return own()
      const client = await connect()
      return { client, known: null, release: () => void client.end().catch(() => {}) }
    },
  }
}
