import { Client, Pool, type PoolClient } from 'pg'
import { StoreUnavailable } from '../../domain/error.ts'
import { type Address, type Host, tlsOptions } from './address.ts'
import type { Known } from './plan-query.ts'
import type { Session } from './session.ts'

export interface Limits {
  /** Most connections. */
  readonly connections: number
  /** Most plans that wait for one. */
  readonly waiting: number
  /** Milliseconds for which a plan waits for a connection, and for which one is waited for when it is made. */
  readonly patience: number
  /** Milliseconds for one plan in all: waiting for its turn and for a connection, and being sent again. */
  readonly plan: number
  /** Milliseconds that the server may take for one statement. */
  readonly statement: number
}

/** A connection of the pool. */
export interface PoolSession extends Session {
  readonly client: PoolClient
}

export interface Sessions {
  /** Rejects with `StoreUnavailable` where too many wait already, or none of the hosts can be written to. */
  acquire(): Promise<PoolSession>
  readonly counts: Record<'open' | 'idle' | 'most' | 'waiting', number>
  /** What the server was to which the last connection went. */
  readonly role: 'primary' | 'standby' | 'unknown'
  close(): Promise<void>
}

/** All connections are in use. */
class Busy extends StoreUnavailable {
  constructor(reason: string) {
    super(`the database is overloaded: ${reason}`)
  }
}

/** Which of the hosts connections go to: the next one, where the last one failed. */
function ring(hosts: readonly Host[]) {
  let at = 0
  return {
    get at() {
      return at
    },
    get host() {
      return hosts[at] ?? { host: 'localhost', port: 5432 }
    },
    /** Unless another caller has moved on already. */
    leave(left: number) {
      if (left === at) at = (left + 1) % hosts.length
    },
  }
}
type Ring = ReturnType<typeof ring>

/** A pool whose new connections go where the last one that failed did not. */
function poolOver(address: Address, limits: Limits, places: Ring, read: (file: string) => string): Pool {
  const { user, password, database, tls, applicationName } = address
  const { statement, patience, connections } = limits

  class HostClient extends Client {
    constructor() {
      super({
        ...places.host,
        ...{ user, password, database, application_name: applicationName, keepAlive: true },
        // A session whose gateway is gone, or waits for nothing, holds its locks no longer than that.
        ...{ statement_timeout: statement, idle_in_transaction_session_timeout: statement },
        ...(tls && { ssl: tlsOptions(tls, read) }),
        ...{ connectionTimeoutMillis: patience, pipeline: true },
      })
      placeOf.set(this, places.at)
      // What happens to it is told to whoever waits for its answer.
      this.on('error', () => {})
    }
  }

  const pool = new Pool({
    Client: HostClient as unknown as typeof Client,
    ...{ max: connections, connectionTimeoutMillis: patience, idleTimeoutMillis: 60_000 },
  } as ConstructorParameters<typeof Pool>[0])
  return pool.on('error', () => {})
}

/** The place of its host among them. */
const placeOf = new WeakMap<Client, number>()

/**
 * Compiling a statement takes seconds and pays off for reports alone: these are short, and their estimates are not. Of
 * engines without that setting nothing is set.
 */
const SETTLE = `SELECT set_config(name, 'off', false) FROM pg_settings WHERE name = 'jit'; SHOW transaction_read_only`

/** Sets what a new connection needs; what its server is. */
async function settled(client: PoolClient): Promise<'primary' | 'standby'> {
  // Two statements have two results, which the types of pg do not know.
  const results: unknown = await client.query(SETTLE)
  return JSON.stringify(results).includes('"transaction_read_only":"off"') ? 'primary' : 'standby'
}

/** Connections to the first of the hosts that can be written to: to the next one where that ends. */
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
      // pg's words for a wait in its queue: that says nothing of the host.
      if (error instanceof Error && error.message.startsWith('timeout exceeded'))
        throw new Busy(error.message)
      role = 'unknown'
      places.leave(at)
      throw error
    }
    if (known.has(client)) return client
    try {
      role = await settled(client)
      if (role === 'standby') throw new StoreUnavailable('the server only reads')
    } catch (error) {
      client.release(true)
      places.leave(placeOf.get(client) ?? at)
      throw error
    }
    known.set(client, new Map())
    return client
  }

  async function acquire(): Promise<PoolSession> {
    if (pool.waitingCount >= limits.waiting) throw new Busy('too many plans wait for it')
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
