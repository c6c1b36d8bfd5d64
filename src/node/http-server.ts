import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, RequestError } from '@hono/node-server'
import { bareProblem } from '../admin/problem.ts'
import { type Config, ConfigError } from '../config.ts'
import { GatewayError } from '../domain/error.ts'
import { repairHead } from './request-head.ts'

/** The HTTP server of the gateway; `report` is told of errors that no dialect has answered. */
export function httpServer(
  fetch: Parameters<typeof getRequestListener>[0],
  config: Config,
  report: (error: unknown) => void,
): Server {
  const answer = getRequestListener(fetch, {
    hostname: config.host,
    errorHandler(error) {
      // No dialect has seen the request: its address or its Host is no part of a URL.
      if (error instanceof RequestError) return bareProblem(new GatewayError('bad_path', `${error.message}.`))
      report(error)
      return bareProblem(new GatewayError('internal', 'Internal error.'))
    },
  })
  const server = createServer(
    { ...TIMES, maxHeaderSize: PARSED * config.maxHeaderBytes },
    (incoming, outgoing) => {
      repairHead(incoming)
      void answer(incoming, outgoing)
    },
  )
  // A client that neither sends nor reads; lists stream for as long as they are read.
  server.timeout = SILENCE
  // All of them: what Node leaves out beyond a number may be a second Host, or what a proxy has added.
  server.maxHeadersCount = 0
  server.maxConnections = config.maxConnections
  server.on('clientError', refuse)
  let told = 0
  server.on('drop', () => {
    if (Date.now() - told < 60_000) return
    told = Date.now()
    report(new Error(`more than ${config.maxConnections} connections (MAX_CONNECTIONS): new ones are closed`))
  })
  return server
}

/** Balancers keep idle connections for 60 s and more: whoever closes first must not be the server. */
const TIMES = { keepAliveTimeout: 75_000, headersTimeout: 80_000 }
const SILENCE = 330_000
/** The parser takes more than is allowed, so that most heads that are too large are refused by the dialect of their path. */
const PARSED = 4
/** How long a client that was refused may go on reading: one that ignores our end is let go all the same. */
const LINGER = 1000

/** Resolves with the address once the server accepts connections. Throws `ConfigError` where it cannot. */
export function listening(server: Server, { host, port }: Config): Promise<AddressInfo> {
  return new Promise((resolved, rejected) => {
    server.once('error', (error) => rejected(new ConfigError(listenFault(host, port, error))))
    // A TCP server's address is never a string.
    server.listen(port, host, () => resolved(server.address() as AddressInfo))
  })
}

function listenFault(host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is in use. Start with another one: PORT=${port + 1} npm start`
  }
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL' || code === 'EAI_AGAIN') {
    return `HOST=${host} is no address of this machine. If the variable belongs to another program, set PUSHPORT_HOST.`
  }
  if (code === 'EACCES') return `Port ${port} is for privileged programs. Start with PORT=8787 npm start`
  return `Cannot listen on ${host}:${port}: ${message}`
}

/** Answers bytes that are no HTTP request, in the form of everything outside the dialects. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const large = error.code === 'HPE_HEADER_OVERFLOW'
  const status = late
    ? '408 Request Timeout'
    : large
      ? '431 Request Header Fields Too Large'
      : '400 Bad Request'
  const [code, title] = [Number(status.slice(0, 3)), status.slice(4)]
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status: code,
    detail: 'This is no HTTP request.',
  })
  const head = [
    'Connection: close',
    `X-Request-Id: ${randomUUID()}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${body.length}`,
  ]
  socket.end(`HTTP/1.1 ${[status, ...head].join('\r\n')}\r\n\r\n${body}`)
  setTimeout(() => socket.destroy(), LINGER).unref()
}
