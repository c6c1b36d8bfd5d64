import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { guardedFetch } from '../../src/outbound/guarded-fetch.ts'
import type { Fetch } from '../../src/outbound/outbound.ts'
import type { Call, Reply } from '../wire.ts'
import type { Answer, Asked, Vendor } from './vendor.ts'

/** The availability of a vendor. */
export type Weather = 'well' | 'down' | 'html' | 'unsteady'
/** If a vendor is unsteady, every seventh call fails. */
const UNSTEADY = 7

/** The vendors as reachable services: for phones that still call them, and for the gateway. */
export interface Services {
  /** The gateway's `fetch`. */
  readonly fetch: Fetch
  upstream(dialect: string): string
  /** A call of a phone whose base URL is still the vendor's. */
  call(dialect: string, call: Call): Promise<Reply>
  /** Sets the availability of every vendor. */
  set(weather: Weather): void
  /** The number of calls that each vendor has answered, by dialect. */
  readonly asked: Readonly<Record<string, number>>
  close(): Promise<void>
}

const HOST = '.vendor.example'

export async function openServices(
  vendors: readonly Vendor[],
  { sockets }: { readonly sockets: boolean },
): Promise<Services> {
  const byName = new Map(vendors.map((vendor) => [vendor.dialect, vendor]))
  const asked: Record<string, number> = {}
  let weather: Weather = 'well'
  let calls = 0

  function answered(dialect: string, request: Asked): Answer {
    const vendor = byName.get(dialect)
    if (!vendor) throw new Error(`no vendor speaks ${dialect}`)
    calls++
    if (weather === 'unsteady' && calls % UNSTEADY === 0) return { status: 503, body: { error: 'busy' } }
    if (weather === 'down') return { status: 503, body: { error: 'busy' } }
    if (weather === 'html')
      return { status: 200, body: '<html>back soon</html>', headers: { 'content-type': 'text/html' } }
    asked[dialect] = (asked[dialect] ?? 0) + 1
    return vendor.answer(request)
  }

  const servers = sockets ? await Promise.all(vendors.map((vendor) => serve(vendor.dialect, answered))) : []
  const origins = new Map(servers.map(({ dialect, origin }) => [dialect, origin]))

  const upstream = (dialect: string) => origins.get(dialect) ?? `https://${dialect}${HOST}`
  return {
    asked,
    fetch: sockets
      ? guardedFetch(true)
      : async (url, init) => responded(answered(dialectOf(url), await requested(url, init))),
    upstream,
    async call(dialect, call) {
      const { status, body, headers } = answered(dialect, called(upstream(dialect), call))
      return { status, headers: new Headers(headers), body }
    },
    set(to) {
      weather = to
    },
    async close() {
      for (const { server } of servers) {
        server.closeAllConnections()
        await new Promise((closed) => server.close(closed))
      }
    },
  }
}

const dialectOf = (url: string) => new URL(url).hostname.slice(0, -HOST.length)

/** A call in the form that an in-process vendor gets. */
function called(origin: string, { method, path, headers = {}, body }: Call): Asked {
  const [bare = '', query = ''] = path.split('?')
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  return {
    origin,
    method,
    path: bare,
    query: new URLSearchParams(query),
    headers: new Headers(headers),
    text,
  }
}

async function requested(url: string, { method = 'GET', headers, body }: RequestInit): Promise<Asked> {
  const { origin, pathname: path, searchParams: query } = new URL(url)
  const text = body ? await new Response(body).text() : ''
  return { origin, method, path, query, headers: new Headers(headers), text }
}

const written = ({ body }: Answer): string | null =>
  body === null ? null : typeof body === 'string' ? body : JSON.stringify(body)

function responded(answer: Answer): Response {
  const headers = { 'content-type': 'application/json', ...answer.headers }
  return new Response(answer.status === 204 ? null : written(answer), { status: answer.status, headers })
}

interface Served {
  readonly dialect: string
  readonly origin: string
  readonly server: Server
}

/** A vendor on a local port. */
async function serve(dialect: string, answer: (dialect: string, asked: Asked) => Answer): Promise<Served> {
  const take = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const [path = '', query = ''] = (incoming.url ?? '').split('?')
    const headers = new Headers()
    for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
    const { method = 'GET' } = incoming
    const text = Buffer.concat(chunks).toString()
    const origin = `http://${incoming.headers.host}`
    const made = answer(dialect, { origin, method, path, query: new URLSearchParams(query), headers, text })
    const body = written(made) ?? ''
    outgoing.writeHead(made.status, { 'content-type': 'application/json', ...made.headers })
    outgoing.end(made.status === 204 ? undefined : body)
  }
  const server = createServer(
    (incoming, outgoing) => void take(incoming, outgoing).catch(() => outgoing.destroy()),
  )
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { dialect, server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
