import type { Request } from '../../src/adapter.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { originalBody } from '../../src/wire/body.ts'
import { parseJsonObject } from '../../src/wire/json.ts'
import { hasDots, rawPath } from '../../src/wire/path.ts'
import type { Caller } from './caller.ts'

/** Not forwarded: hop-by-hop headers (RFC 9110, section 7.6.1), those that `fetch` sets itself, and unused cookies. */
const DROPPED = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te'],
  ...['trailer', 'transfer-encoding', 'upgrade', 'host', 'content-length', 'accept-encoding', 'expect'],
  ...['content-encoding', 'cookie', 'set-cookie'],
])
const VIA = '1.1 pushport'

/** The end-to-end headers; `Connection` may exclude further ones. */
function passed(headers: Headers): [string, string][] {
  const named = new Set((headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase()))
  return [...headers].filter(
    ([name]) => !DROPPED.has(name) && !named.has(name) && !name.startsWith('access-control-allow-'),
  )
}

/** The app's upstream; null for a request that already passed a gateway, to prevent loops. */
function upstreamOf(c: Request, { options }: Caller): string | null {
  return c.req.header('via')?.includes(VIA) ? null : options.upstream
}

export const hasUpstream = (c: Request, caller: Caller): boolean => upstreamOf(c, caller) !== null

function target(c: Request, upstream: string): URL {
  const path = rawPath(c.req.url)
  // URL parsing would resolve dot segments, and the request would leave the upstream's path.
  if (hasDots(path)) throw new GatewayError('not_found', 'There is no such service here.')
  const base = new URL(upstream)
  const { search } = new URL(c.req.url)
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${path}${search}`)
}

/**
 * Forwards a request unchanged to the app's upstream (section 2): its body streams, or goes as the bytes that came if it
 * has been read here. Throws `not_found` for an app without an upstream.
 */
export async function relay(c: Request, caller: Caller): Promise<Response> {
  const upstream = upstreamOf(c, caller)
  if (upstream === null) throw new GatewayError('not_found', 'There is no such service here.')
  const { method } = c.req
  const body = method === 'GET' || method === 'HEAD' ? null : await originalBody(c)
  const headers: [string, string][] = [...passed(c.req.raw.headers), ['via', VIA]]
  const coding = c.req.header('content-encoding')
  if (coding !== undefined) headers.push(['content-encoding', coding])
  // The Fetch standard requires `duplex` for streaming bodies; the types lack it.
  const init = { method, headers, body, duplex: 'half' }
  const answer = await c.get('services').outbound.send(target(c, upstream), init as RequestInit)
  return new Response(answer.body, { status: answer.status, headers: passed(answer.headers) })
}

/** Limits for `info`, a small object requested at each start of an app. */
const INFO = { milliseconds: 3000, answer: { bytes: 256 * 1024, milliseconds: 3000 } }

/**
 * The upstream's own `info`, which directs real-time messaging and logging there; null without an upstream, or if it does
 * not answer.
 */
export async function upstreamInfo(c: Request, caller: Caller): Promise<Record<string, unknown> | null> {
  const upstream = upstreamOf(c, caller)
  if (upstream === null) return null
  try {
    const headers: [string, string][] = [...passed(c.req.raw.headers), ['via', VIA]]
    const answer = await c.get('services').outbound.send(target(c, upstream), { headers, ...INFO })
    if (!answer.ok) {
      await answer.body?.cancel()
      return null
    }
    return parseJsonObject(await answer.text(), c.get('limits').jsonDepth)
  } catch {
    // Apps must start without their upstream, because messaging is handled here.
    return null
  }
}
