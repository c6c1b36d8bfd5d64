import { GatewayError } from '../domain/error.ts'
import { hasDots, rawPath } from '../wire/path.ts'

/**
 * The header that every request of the gateway carries; a gateway that receives it does not forward the
 * request again.
 */
const VIA = '1.1 pushport'

/** Whether a request has already passed a gateway. */
export const isLoop = (headers: Headers): boolean => (headers.get('via') ?? '').includes(VIA)

/**
 * Not sent to the vendor: hop-by-hop headers (RFC 9110, section 7.6.1), those that `fetch` sets itself, and
 * cookies.
 */
const KEPT_BACK = new Set([
  ...['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host', 'expect'],
  ...['content-length', 'accept-encoding', 'cookie', 'via', 'forwarded', 'x-real-ip', 'true-client-ip'],
])
/** Headers that proxies set, such as the caller's address, by which vendors would limit. */
const KEPT_BACK_ALL = ['proxy-', 'x-forwarded-', 'cf-', 'cdn-']

/** The headers of a request for the vendor. */
export function requestHeaders(sent: Headers, instance: string): [string, string][] {
  const named = new Set((sent.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase()))
  const passed = [...sent].filter(
    ([name]) =>
      !KEPT_BACK.has(name) && !named.has(name) && !KEPT_BACK_ALL.some((prefix) => name.startsWith(prefix)),
  )
  const before = sent.get('via')
  return [...passed, ['via', `${before === null ? '' : `${before}, `}${VIA} (${instance})`]]
}

const PASSED_ON = new Set(['content-type', 'etag', 'retry-after', 'www-authenticate'])

/**
 * The headers of the vendor's answer for the caller; CORS headers are the gateway's own, and cookies are
 * dropped.
 */
export const answerHeaders = (headers: Headers): [string, string][] =>
  [...headers].filter(([name]) => PASSED_ON.has(name) || name.startsWith('x-ratelimit-'))

/**
 * The vendor's URL for a request, with the raw path and query, never decoded and encoded again. Refuses paths
 * with dot segments, which URL parsers resolve: the call would reach a different path than the one that was
 * checked here.
 */
export function targetOf(upstream: string, url: string): URL {
  const path = rawPath(url)
  if (hasDots(path)) throw new GatewayError('bad_path', 'The path has a dot segment.')
  const query = url.indexOf('?')
  return new URL(`${upstream}${path.startsWith('/') ? '' : '/'}${path}${query < 0 ? '' : url.slice(query)}`)
}

/**
 * The vendor's redirect target as the caller may get it: at our own address, or at the address that the
 * caller named. Null for any other address, because the app would then call another server.
 */
export function ownLocation(
  location: string,
  {
    upstream,
    origin,
    asked,
  }: { readonly upstream: string; readonly origin: string; readonly asked?: string },
): string | null {
  if (asked !== undefined && asked !== '' && location.startsWith(`${asked}?`)) return location
  const base = new URL(upstream)
  const prefix = base.pathname.replace(/\/$/, '')
  const target = parsedUrl(location, base)
  if (target?.origin === origin) return target.href
  if (target?.origin !== base.origin || !target.pathname.startsWith(prefix)) return null
  return `${origin}${target.pathname.slice(prefix.length)}${target.search}`
}

function parsedUrl(text: string, base: URL): URL | null {
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}
