import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, RequestError } from '@hono/node-server'
import { bareProblem } from '../admin/problem.ts'
import { type Config, ConfigError } from '../config.ts'
import { GatewayError } from '../domain/error.ts'

/** How long a stop waits for what is in flight. */
const GRACE = 10_000

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
  const server = createServer((incoming, outgoing) => {
    // In a URL a backslash counts as a slash; here it is a character of an id or a name like others.
    if (incoming.url?.includes('\\')) incoming.url = incoming.url.replaceAll('\\', '%5C')
    void answer(incoming, outgoing)
  })
  server.on('clientError', refuse)
  return server
}

/** Resolves with the address once the server accepts connections. Throws `ConfigError` where it cannot. */
export function listening(server: Server, { host, port }: Config): Promise<AddressInfo> {
  return new Promise((resolved, rejected) => {
    server.once('error', (error) =>
      rejected(new ConfigError(`Cannot listen on ${host}:${port}: ${error.message}`)),
    )
    // A TCP server's address is never a string.
    server.listen(port, host, () => resolved(server.address() as AddressInfo))
  })
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
    'Content-Type: application/problem+json',
    `Content-Length: ${body.length}`,
  ]
  socket.end(`HTTP/1.1 ${[status, ...head].join('\r\n')}\r\n\r\n${body}`)
}

/** Accepts nothing more and answers what is in flight; whether that was done within the grace. */
export async function drained(server: Server): Promise<boolean> {
  let clean = true
  // Connections that stay open after their answer would be waited for.
  server.prependListener('request', (_, outgoing) => outgoing.setHeader('Connection', 'close'))
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const late = setTimeout(() => {
    clean = false
    server.closeAllConnections()
  }, GRACE)
  await new Promise<void>((resolved) => server.close(() => resolved()))
  clearInterval(idle)
  clearTimeout(late)
  return clean
}
