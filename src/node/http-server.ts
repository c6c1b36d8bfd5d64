import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, RequestError } from '@hono/node-server'
import { bareProblem } from '../admin/problem.ts'
import { type Config, ConfigError } from '../config.ts'
import { GatewayError } from '../domain/error.ts'
import { Answer } from './answer.ts'
import { repairHead } from './request-head.ts'

/** Creates the HTTP server; `report` receives errors that no dialect answered. */
export function httpServer(
  fetch: Parameters<typeof getRequestListener>[0],
  config: Config,
  report: (error: unknown) => void,
): Server {
  const answer = getRequestListener(fetch, {
    hostname: config.host,
    errorHandler(error) {
      // The address or Host is not valid in a URL, so the request reached no dialect.
      if (error instanceof RequestError) return bareProblem(new GatewayError('bad_path', `${error.message}.`))
      report(error)
      return bareProblem(new GatewayError('internal', 'Internal error.'))
    },
  })
  return serverOf(config, report, (incoming, outgoing) => {
    repairHead(incoming)
    void answer(incoming, outgoing)
  })
}

/** An HTTP server with the gateway's limits. */
export function serverOf(
  config: Config,
  report: (error: unknown) => void,
  answer: RequestListener<typeof IncomingMessage, typeof Answer>,
): Server {
  const server = createServer(
    { ...TIMES, maxHeaderSize: PARSED * config.maxHeaderBytes, ServerResponse: Answer },
    answer,
  )
  // Closes connections that neither send nor read; long lists may stream as long as they are read.
  server.timeout = SILENCE
  // No limit here: Node would drop headers beyond it, among them a second Host or a proxy's header.
  server.maxHeadersCount = 0
  server.maxConnections = config.maxConnections
  server.on('clientError', refuse)
  let reportedAt = 0
  server.on('drop', () => {
    if (Date.now() - reportedAt < 60_000) return
    reportedAt = Date.now()
    report(new Error(`more than ${config.maxConnections} connections (MAX_CONNECTIONS): new ones are closed`))
  })
  return server
}

/** Load balancers keep idle connections for 60 s and more, and the server must not close first. */
const TIMES = { keepAliveTimeout: 75_000, headersTimeout: 80_000 }
const SILENCE = 330_000
/** Factor by which the parser's limit exceeds ours, so that most oversized heads are refused in their dialect's format. */
const PARSED = 4
/** How long a refused client may keep its connection open to read the answer, in milliseconds. */
const LINGER = 1000

/** Resolves with the address once the server accepts connections. Throws `ConfigError` if it cannot listen. */
export function listening(
  server: Server,
  { host, port }: Pick<Config, 'host' | 'port'>,
): Promise<AddressInfo> {
  return new Promise((resolved, rejected) => {
    server.once('error', (error) => rejected(new ConfigError(listenFault(host, port, error))))
    // A TCP server's address is never a string.
    server.listen(port, host, () => resolved(server.address() as AddressInfo))
  })
}

function listenFault(host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is in use. Start with another port: PORT=${port + 1} npm start`
  }
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL' || code === 'EAI_AGAIN') {
    return `HOST=${host} is not an address of this machine. If the variable belongs to another program, set PUSHPORT_HOST.`
  }
  if (code === 'EACCES') return `Port ${port} needs elevated privileges. Start with PORT=8787 npm start`
  return `Cannot listen on ${host}:${port}: ${message}`
}

/** Answers input that is not an HTTP request with a problem document, as outside the dialects. */
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
    detail: 'This is not an HTTP request.',
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
