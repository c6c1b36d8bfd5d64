import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type Socket, Server as TcpServer } from 'node:net'

/** How long a stop waits for requests in flight, in milliseconds. */
const GRACE = 10_000
/** How long a connection must be idle before a stop closes it, in milliseconds; requests under way arrive within it. */
const LINGER = 250
/** How long input is still read and discarded after the last answer, in milliseconds, so that the client can read it. */
const LAST_READ = 1000

export interface Drain {
  /** Stops accepting connections and answers requests in flight; returns false if some took longer than the grace period. */
  drained(): Promise<boolean>
}

interface Connection {
  /** Pending answers, in the order of their requests. */
  readonly waiting: Set<ServerResponse>
  /** Time of its last answer, or of its start. */
  quietSince: number
  /** `Connection: close` was sent. */
  closing: boolean
}

/** Tracks a server's connections, so that a stop answers every accepted request. */
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
      // Its answer could no longer be sent, so the request must not be executed either.
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
      // Node counts a connection that has never sent anything as busy.
      else if (socket.bytesRead === 0) socket.destroy()
    }
    // Does not touch connections that have started to send a request.
    if (!lingering) server.closeIdleConnections()
  }

  return {
    async drained() {
      // First accepts connections in the backlog, whose clients do not expect a refusal.
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
      // The HTTP server's close() would immediately close idle connections and lose requests that are under way.
      await new Promise<void>((resolved) => TcpServer.prototype.close.call(server, () => resolved()))
      clearInterval(idle)
      clearTimeout(late)
      return clean
    },
  }
}

/** Adds `Connection: close` to an answer, unless other answers are queued on the connection by then. */
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
 * Destroying a socket with unread bytes resets the connection, and the client may lose answers that it has not read yet.
 * So the socket is ended first, and further input is read and discarded.
 */
function closeGently(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end()
    setTimeout(() => socket.destroy(), LAST_READ).unref()
  }
}
