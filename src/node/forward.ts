/**
 * A gateway whose store has moved elsewhere (docs/scaling.md, "Moving house"): it answers nothing of its own, and passes
 * every call on as it came, until no phone comes to its address any more.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type Dispatcher, Pool } from 'undici'

/** Headers that speak of one connection (RFC 9110, section 7.6.1). */
const OF_ONE_CONNECTION = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
]
/** How often a call has been passed on; two gateways that forward to each other would do it for ever. */
const PASSED = 'x-pushport-forwarded'
const MOST_PASSED = 4
/** Milliseconds in which the other gateway has to begin its answer. */
const PATIENCE = 30_000
const CONNECTIONS = 256

export interface ForwardingOptions {
  /** The base URL of the other gateway. */
  readonly to: string
  /** Is told of what did not reach it. */
  readonly failed: (error: unknown) => void
  /** Answers, in its dialect's words, that the call may come back later. */
  readonly later: (request: Request) => Response | Promise<Response>
  /** Bytes of a body up to which it is kept for that; a longer one is passed on as it comes. */
  readonly kept: number
}

/** Answers each call as the other gateway does. */
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
      // As it was written: decoded and encoded anew, `%2F` would be another path.
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

/** As they came, names and order included; the address of the caller is added. */
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

/** What the Connection header names besides. */
const named = (connection = '') => connection.split(',').map((name) => name.trim().toLowerCase())
