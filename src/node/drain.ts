import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type Socket, Server as TcpServer } from 'node:net'

/** How long a stop waits for what is in flight. */
const GRACE = 10_000
/** How long a connection must have been quiet before a stop closes it: what its client has sent arrives within that. */
const LINGER = 250
/** How long what a client still sends after its last answer is read and left, so that it can read that answer. */
const LAST_READ = 1000

export interface Drain {
  /** Accepts no new connection and answers what is in flight; whether that was done within the grace. */
  drained(): Promise<boolean>
}

/** What is known of a connection. */
interface Connection {
  /** The answers that it waits for, in the order of their requests. */
  readonly waiting: Set<ServerResponse>
  /** When it had its last answer, or began. */
  quietSince: number
  /** It has been told that no answer follows. */
  closing: boolean
}

/** Watches the connections of a server, so that a stop answers every request that the server has taken. */
export function watchConnections(server: Server): Drain {
  const connections = new Map<Socket, Connection>()
  let draining = false

  server.on('connection', (socket: Socket) => {
    connections.set(socket, { waiting: new Set(), quietSince: performance.now(), closing: false })
    socket.once('close', () => connections.delete(socket))
  })

  const answering = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const connection = connections.get(incoming.socket)
    if (connection) {
      // Its answer could not be read any more, so it must not be carried out either.
      if (connection.closing) return
      connection.waiting.add(outgoing)
      if (draining) closeAfterLast(connection, outgoing)
      outgoing.once('close', () => {
        connection.waiting.delete(outgoing)
        connection.quietSince = performance.now()
      })
    }
    for (const answer of answering) answer.call(server, incoming, outgoing)
  })

  function closeQuiet(): void {
    const now = performance.now()
    let lingering = false
    for (const [socket, { waiting, quietSince, closing }] of connections) {
      if (waiting.size > 0 || closing) continue
      if (now - quietSince < LINGER) lingering = true
      // Node counts a connection on which nothing was ever said as busy.
      else if (socket.bytesRead === 0) socket.destroy()
    }
    // Leaves alone what has begun to send a request.
    if (!lingering) server.closeIdleConnections()
  }

  return {
    async drained() {
      // Connections that wait to be accepted are, before the door closes: nobody has been told to come again yet.
      for (let turns = 0; turns < 2; turns++) await new Promise((resume) => setImmediate(resume))
      draining = true
      let clean = true
      for (const connection of connections.values()) {
        connection.quietSince = performance.now()
        for (const outgoing of connection.waiting) closeAfterLast(connection, outgoing)
      }
      const idle = setInterval(closeQuiet, 20)
      const late = setTimeout(() => {
        clean = false
        server.closeAllConnections()
      }, GRACE)
      // An HTTP server's own close() closes idle connections at once, with what is on its way to them.
      await new Promise<void>((resolved) => TcpServer.prototype.close.call(server, () => resolved()))
      clearInterval(idle)
      clearTimeout(late)
      return clean
    },
  }
}

/** Says `Connection: close` with an answer, unless others wait behind it on the same connection by then. */
function closeAfterLast(connection: Connection, outgoing: ServerResponse): void {
  const { writeHead } = outgoing
  outgoing.writeHead = (...head: unknown[]) => {
    const last = [...connection.waiting].at(-1) === outgoing
    if (last && !outgoing.headersSent) {
      connection.closing = true
      outgoing.setHeader('Connection', 'close')
      if (outgoing.socket) closeGently(outgoing.socket)
    }
    return Reflect.apply(writeHead, outgoing, head)
  }
}

/**
 * A socket that is destroyed with bytes unread resets its connection, and the client may lose the answers that it has not
 * read yet. So the end is said first, and what still arrives is read and left.
 */
function closeGently(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end()
    setTimeout(() => socket.destroy(), LAST_READ).unref()
  }
}
