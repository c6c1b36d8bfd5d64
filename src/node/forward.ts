/**
 * A gateway whose database has moved elsewhere (docs/scaling.md, "Moving house"). It answers no calls itself
 * and forwards each one unchanged, until no phone calls its address any more.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Dispatcher, Pool } from 'undici'

/** Hop-by-hop headers (RFC 9110, section 7.6.1). */
const OF_ONE_CONNECTION = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
]
/**
 * How often a call has been forwarded; without a limit, two gateways that forward to each other would never
 * stop.
 */
const PASSED = 'x-pushport-forwarded'
const MOST_PASSED = 4
/** Milliseconds within which the other gateway has to start its answer. */
const PATIENCE = 30_000
const CONNECTIONS = 256

export interface ForwardingOptions {
  /** The base URL of the other gateway. */
  readonly to: string
  /** Called with the error of a call that did not reach the other gateway. */
  readonly failed: (error: unknown) => void
  /** The answer, in the dialect's format, that asks the caller to retry later. */
  readonly later: (request: Request) => Response | Promise<Response>
  /** Most bytes of a body that is buffered for that answer; a longer one is streamed. */
  readonly kept: number
}

/** Forwards each call and returns the other gateway's answer. */
export function forwarding({ to, failed, later, kept }: ForwardingOptions) {
  const { origin, pathname } = new URL(to)
  const base = pathname.replace(/\/$/, '')
  const pool = new Pool(origin, {
    ...{ connections: CONNECTIONS, headersTimeout: PATIENCE, bodyTimeout: PATIENCE },
    connect: { timeout: PATIENCE },
  })

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse, body: Body): Promise<void> {
    const passed = Number(incoming.headers[PASSED] ?? 0) + 1
    if (!(passed <= MOST_PASSED)) throw new Error('the gateways forward to each other')
    const answer = await pool.request({
      method: (incoming.method ?? 'GET') as Dispatcher.HttpMethod,
      // The path as sent: after decoding and encoding, `%2F` would be a different path.
      path: base + (incoming.url ?? '/'),
      headers: [...requestHeaders(incoming), PASSED, String(passed)],
      body,
    })
    outgoing.writeHead(answer.statusCode, answerHeaders(answer.headers))
    await pipeline(answer.body, outgoing)
  }

  return {
    async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
      if (incoming.url === '/healthz') return void outgoing.end(JSON.stringify({ status: 'forwarding', to }))
      let body: Body = null
      try {
        body = await bodyOf(incoming, kept)
        await pass(incoming, outgoing, body)
      } catch (error) {
        failed(error)
        if (outgoing.headersSent) return void outgoing.destroy()
        await answerWith(outgoing, await later(requestOf(incoming, Buffer.isBuffer(body) ? body : null)))
      }
    },
    close: () => pool.close(),
  }
}

type Body = Buffer | IncomingMessage | null

async function bodyOf(incoming: IncomingMessage, kept: number): Promise<Body> {
  const length = incoming.headers['content-length']
  if (length === undefined && incoming.headers['transfer-encoding'] === undefined) return null
  if (!(Number(length) <= kept)) return incoming
  return buffer(incoming)
}

function requestOf(incoming: IncomingMessage, body: Buffer | null): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, String(value))
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'gateway'}`)
  return new Request(url, {
    method: incoming.method ?? 'GET',
    headers,
    ...(body && { body: new Uint8Array(body) }),
  })
}

async function answerWith(outgoing: ServerResponse, answer: Response): Promise<void> {
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
  outgoing.end(Buffer.from(await answer.arrayBuffer()))
}

/** The headers as received, with their names and order; the caller's address is added. */
function requestHeaders({ rawHeaders, headers, socket }: IncomingMessage): string[] {
  const own = [...OF_ONE_CONNECTION, PASSED, 'x-forwarded-for', ...named(headers.connection)]
  const passed: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
    if (!own.includes(name.toLowerCase())) passed.push(name, value)
  }
  const before = headers['x-forwarded-for']
  const address = socket.remoteAddress ?? 'unknown'
  passed.push('X-Forwarded-For', before === undefined ? address : `${before}, ${address}`)
  return passed
}

function answerHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string | string[]> {
  const own = [...OF_ONE_CONNECTION, ...named(String(headers.connection ?? ''))]
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || own.includes(name) ? [] : [[name, value] as const],
    ),
  )
}

/** Further headers named in the Connection header. */
const named = (connection = '') => connection.split(',').map((name) => name.trim().toLowerCase())
