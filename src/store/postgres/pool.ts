import { Client, Pool, type PoolClient } from 'pg'
import { StoreUnavailable } from '../../domain/error.ts'
import { type Address, type Host, tlsOptions } from './address.ts'
import type { Known } from './plan-query.ts'
import type { Session } from './session.ts'

export interface Limits {
  /** Most connections. */
  readonly connections: number
  /** Most plans waiting for a connection. */
  readonly waiting: number
  /** How long a plan waits for a connection, and for a connection to open; milliseconds. */
  readonly patience: number
  /** Time limit for one plan in milliseconds, including waits and retries. */
  readonly plan: number
  /** The server's statement timeout in milliseconds. */
  readonly statement: number
}

/** A connection of the pool. */
export interface PoolSession extends Session {
  readonly client: PoolClient
}

export interface Sessions {
  /** Rejects with `StoreUnavailable` if too many plans are waiting, or no host is writable. */
  acquire(): Promise<PoolSession>
  readonly counts: Record<'open' | 'idle' | 'most' | 'waiting', number>
  /** The role of the server behind the latest connection. */
  readonly role: 'primary' | 'standby' | 'unknown'
  close(): Promise<void>
}

/** All connections are in use. */
class Busy extends StoreUnavailable {
  constructor(reason: string) {
    super(`the database is overloaded: ${reason}`)
  }
}

/** The host for new connections: after a failure, the next one. */
function ring(hosts: readonly Host[]) {
  let at = 0
  return {
    get at() {
      return at
    },
    get host() {
      return hosts[at] ?? { host: 'localhost', port: 5432 }
    },
    /** Does nothing if another caller has already moved on. */
    leave(left: number) {
      if (left === at) at = (left + 1) % hosts.length
    },
  }
}
type Ring = ReturnType<typeof ring>

/** A pool whose new connections avoid the host that failed last. */
function poolOver(address: Address, limits: Limits, places: Ring, read: (file: string) => string): Pool {
  const { user, password, database, tls, applicationName } = address
  const { statement, patience, connections } = limits

  class HostClient extends Client {
    constructor() {
      super({
        ...places.host,
        ...{ user, password, database, application_name: applicationName, keepAlive: true },
        // Bounds how long an abandoned or idle session holds its locks.
        ...{ statement_timeout: statement, idle_in_transaction_session_timeout: statement },
        ...(tls && { ssl: tlsOptions(tls, read) }),
        ...{ connectionTimeoutMillis: patience, pipeline: true },
      })
      placeOf.set(this, places.at)
      // Errors reach the caller that waits for the answer.
      this.on('error', () => {})
    }
  }

  const pool = new Pool({
    Client: HostClient as unknown as typeof Client,
    ...{ max: connections, connectionTimeoutMillis: patience, idleTimeoutMillis: 60_000 },
  } as ConstructorParameters<typeof Pool>[0])
  return pool.on('error', () => {})
}

/** The index of its host. */
const placeOf = new WeakMap<Client, number>()

/**
 * Disables JIT compilation, which takes seconds and only pays off for long reports; these statements are short but badly
 * estimated. Engines without the setting are left as they are.
 */
const SETTLE = `SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'jit'; SHOW transaction_read_only`

/** Sets up a new connection; returns the server's role. */
async function settled(client: PoolClient): Promise<'primary' | 'standby'> {
  // Two statements return two results, which pg's types do not describe.
  const results: unknown = await client.query(SETTLE)
  return JSON.stringify(results).includes('"transaction_read_only":"off"') ? 'primary' : 'standby'
}

/** Connections to the first writable host, or to the next one after a failure. */
export function openPool(address: Address, limits: Limits, read: (file: string) => string): Sessions {
  const known = new WeakMap<PoolClient, Known>()
  const places = ring(address.hosts)
  const pool = poolOver(address, limits, places, read)
  let role: Sessions['role'] = 'unknown'

  async function writable(): Promise<PoolClient> {
    const { at } = places
    let client: PoolClient
    try {
      client = await pool.connect()
    } catch (error) {
      // pg's message for a timeout in its own queue, which does not mean that the host is down.
      if (error instanceof Error && error.message.startsWith('timeout exceeded'))
        throw new Busy(error.message)
      role = 'unknown'
      places.leave(at)
      throw error
    }
    if (known.has(client)) return client
    try {
      role = await settled(client)
      if (role === 'standby') throw new StoreUnavailable('the server is read-only')
    } catch (error) {
      client.release(true)
      places.leave(placeOf.get(client) ?? at)
      throw error
    }
    known.set(client, new Map())
    return client
  }

  async function acquire(): Promise<PoolSession> {
    if (pool.waitingCount >= limits.waiting) throw new Busy('too many transactions are waiting')
    let fault: unknown
    for (let tries = 0; tries < address.hosts.length; tries++) {
      try {
        const client = await writable()
        return {
          client,
          known: known.get(client) ?? new Map(),
          release(useless) {
            if (useless) places.leave(placeOf.get(client) ?? 0)
            client.release(useless)
          },
        }
      } catch (error) {
        if (error instanceof Busy) throw error
        fault = error
      }
    }
    const reason = fault instanceof Error ? fault.message : String(fault)
    throw new StoreUnavailable(`no database to write to: ${reason}`, { cause: fault })
  }

  return {
    acquire,
    get counts() {
      const { totalCount: open, idleCount: idle, waitingCount: waiting } = pool
      return { open, idle, most: limits.connections, waiting }
    },
    get role() {
      return role
    },
    close: () => pool.end(),
  }
}
