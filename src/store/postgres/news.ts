import { Client } from 'pg'
import type { News } from '../../domain/news.ts'
import { type Address, tlsOptions } from './address.ts'
import type { Sessions } from './pool.ts'

const CHANNEL = 'pushport_apps'
/** Delay before reconnecting, in milliseconds: initial and longest. */
const FIRST_WAIT = 100
const LONGEST_WAIT = 5000
const PATIENCE = 5000

interface Told extends News {
  close(): Promise<void>
}

/**
 * Notifications by LISTEN and NOTIFY, on a dedicated connection. After a reconnect, listeners are called once, because a
 * notification may have been missed. Does not work through a transaction pooler.
 */
export function openNews(
  address: Address,
  acquire: Sessions['acquire'],
  read: (file: string) => string,
): Told {
  const listeners: (() => void)[] = []
  const heard = () => {
    for (const listener of listeners) listener()
  }
  let closed = false
  let wake = () => {}
  let current: Client | undefined
  let telling = false

  /** Listens at one of the hosts until the connection ends; returns whether it ever listened. */
  async function listened(at: number): Promise<boolean> {
    const client = clientOf(address, at, read)
    const ended = new Promise<void>((resolve) => client.once('end', resolve))
    client.on('error', () => {})
    client.on('notification', heard)
    let began = false
    try {
      // A client that is ended while connecting does not reject.
      await client.connect()
      if (closed) return false
      current = client
      await client.query(`LISTEN ${CHANNEL}`)
      began = true
      heard()
      await ended
    } catch {
      // The host is down or read-only: try the next one.
    } finally {
      current = undefined
      await client.end().catch(() => {})
    }
    return began
  }

  const running = (async () => {
    let [at, failures] = [0, 0]
    while (!closed) {
      if (await listened(at)) failures = 0
      else at = (at + 1) % address.hosts.length
      if (closed) return
      const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, most * (0.5 + Math.random() / 2))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()

  async function told(): Promise<void> {
    const { client, release } = await acquire()
    // Changes from here on need another notification.
    telling = false
    let useless = true
    try {
      await client.query(`SELECT pg_notify('${CHANNEL}', '')`)
      useless = false
    } finally {
      release(useless)
    }
  }

  return {
    hear: (listener) => void listeners.push(listener),
    tell() {
      if (telling || closed) return
      telling = true
      told().catch(() => {
        telling = false
      })
    },
    async close() {
      closed = true
      wake()
      await current?.end().catch(() => {})
      await running
    },
  }
}

function clientOf(
  { hosts, user, password, database, tls, applicationName }: Address,
  at: number,
  read: (file: string) => string,
) {
  return new Client({
    ...hosts[at],
    ...{ user, password, database, application_name: applicationName, keepAlive: true },
    connectionTimeoutMillis: PATIENCE,
    ...(tls && { ssl: tlsOptions(tls, read) }),
  })
}
