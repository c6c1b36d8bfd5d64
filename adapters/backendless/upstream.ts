import type { Request } from '../../src/adapter.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { parseJsonObject } from '../../src/wire/json.ts'
import { hasDots, rawPath } from '../../src/wire/path.ts'
import type { Caller } from './caller.ts'

/** Between two hops alone (RFC 9110, section 7.6.1), made anew by whoever sends, or cookies, which no SDK uses. */
const DROPPED = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te'],
  ...['trailer', 'transfer-encoding', 'upgrade', 'host', 'content-length', 'accept-encoding', 'expect'],
  ...['content-encoding', 'cookie', 'set-cookie'],
])
const VIA = '1.1 pushport'

/** What is meant for the other side, which `Connection` may name further headers not to be. */
function passed(headers: Headers): [string, string][] {
  const named = new Set((headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase()))
  return [...headers].filter(
    ([name]) => !DROPPED.has(name) && !named.has(name) && !name.startsWith('access-control-allow-'),
  )
}

/** The app's upstream, unless the request has come from there: two gateways must not send it round for ever. */
function upstreamOf(c: Request, { options }: Caller): string | null {
  return c.req.header('via')?.includes(VIA) ? null : options.upstream
}

export const hasUpstream = (c: Request, caller: Caller): boolean => upstreamOf(c, caller) !== null

function target(c: Request, upstream: string): URL {
  const path = rawPath(c.req.url)
  // A URL resolves them: the request would leave the upstream's own folder.
  if (hasDots(path)) throw new GatewayError('not_found', 'There is no such service here.')
  const base = new URL(upstream)
  const { search } = new URL(c.req.url)
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${path}${search}`)
}

/**
 * What is outside this dialect goes to the app's upstream as it is (section 2). `body` is given where it has been read.
 * Throws `not_found` for an app without one.
 */
export async function relay(c: Request, caller: Caller, body?: Uint8Array): Promise<Response> {
  const upstream = upstreamOf(c, caller)
  if (upstream === null) throw new GatewayError('not_found', 'There is no such service here.')
  const { method } = c.req
  const sent = body ?? (method === 'GET' || method === 'HEAD' ? null : c.req.raw.body)
  const headers: [string, string][] = [...passed(c.req.raw.headers), ['via', VIA]]
  // A body that was read here was unpacked.
  const coding = c.req.header('content-encoding')
  if (body === undefined && coding !== undefined) headers.push(['content-encoding', coding])
  // `duplex` is what the standard asks of a body that streams; it is missing in the types.
  const init = { method, headers, body: sent, duplex: 'half' }
  const answer = await c.var.outbound.send(target(c, upstream), init as RequestInit)
  return new Response(answer.body, { status: answer.status, headers: passed(answer.headers) })
}

/** An object of a few members, asked for at each start of an app. */
const INFO = { milliseconds: 3000, answer: { bytes: 256 * 1024, milliseconds: 3000 } }

/**
 * What the upstream's own `info` says, by which real-time messaging and logging find their way there; null without
 * one, or where it does not answer.
 */
export async function upstreamInfo(c: Request, caller: Caller): Promise<Record<string, unknown> | null> {
  const upstream = upstreamOf(c, caller)
  if (upstream === null) return null
  try {
    const headers: [string, string][] = [...passed(c.req.raw.headers), ['via', VIA]]
    const answer = await c.var.outbound.send(target(c, upstream), { headers, ...INFO })
    if (!answer.ok) {
      await answer.body?.cancel()
      return null
    }
    return parseJsonObject(await answer.text(), c.var.limits.jsonDepth)
  } catch {
    // An app must start without its upstream: messaging is here.
    return null
  }
}
