import type { Outside } from '../adapter.ts'
import { countedAddress, MOST_HOPS, type Trust, trusts } from './trust.ts'

export interface Seen {
  readonly header: (name: string) => string | undefined
  /** The request's own URL. */
  readonly url: string
  /** The address of the peer that opened the connection. */
  readonly peer: string
}

export interface OutsideOptions {
  readonly trust: Trust
  /** Without a trailing slash; if undefined, derived from trusted proxies' headers, else from the request. */
  readonly publicUrl: string | undefined
}

export const outsideOf = (seen: Seen, options: OutsideOptions): Outside => new SeenOutside(seen, options)

/** Every request gets this object, but few use it, so its values are computed on access. */
class SeenOutside implements Outside {
  readonly #seen: Seen
  readonly #options: OutsideOptions
  /** Cached: list answers use the origin once per row. */
  #reached: Reached | undefined

  constructor(seen: Seen, options: OutsideOptions) {
    this.#seen = seen
    this.#options = options
  }

  get #here(): Reached {
    this.#reached ??= reachedAt(this.#seen, this.#options.trust)
    return this.#reached
  }

  get address() {
    return countedAddress(callerOf(this.#seen, this.#options.trust))
  }

  get origin() {
    return this.#options.publicUrl ?? `${this.#here.protocol}//${this.#here.host}`
  }

  get base() {
    const own = reachedAt(this.#seen, { kind: 'off' })
    return this.origin === `${own.protocol}//${own.host}` ? '' : this.origin
  }

  get host() {
    return this.#here.host
  }
}

/** Normalizes a public base URL, without a trailing slash; null if it is invalid. */
export function publicUrl(text: string): string | null {
  const url = parsed(text)
  if (!url || !/^https?:$/.test(url.protocol)) return null
  const { origin, pathname, username, password, search, hash } = url
  return `${username}${password}${search}${hash}` === '' ? `${origin}${pathname.replace(/\/+$/, '')}` : null
}

function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** The first untrusted address, walking from the nearest proxy outwards. */
function callerOf({ header, peer }: Seen, trust: Trust): string {
  if (!trusts(trust, peer)) return peer
  if (trust.kind === 'cloudflare') return plainAddress(header('cf-connecting-ip')) ?? peer
  const chain = forwardedFor(header)
  if (trust.kind === 'hops') return chain.slice(-trust.hops)[0] ?? peer
  const caller = chain.findLastIndex((one) => !trusts(trust, one))
  return chain[Math.max(caller, 0)] ?? peer
}

/** The addresses that proxies recorded, nearest last. X-Forwarded-For wins over Forwarded. */
function forwardedFor(header: Seen['header']): string[] {
  const common = header('x-forwarded-for')
  const all =
    common === undefined
      ? forwardedElements(header).map((element) => element.for)
      : listOf(common).map((one) => plainAddress(one))
  return all.slice(-MOST_HOPS).flatMap((one) => one ?? [])
}

const listOf = (header: string | undefined): string[] =>
  header === undefined ? [] : header.split(',').slice(-MOST_HOPS)

/** Strips port, brackets and quotes; undefined for an empty text. */
function plainAddress(text: string | undefined): string | undefined {
  const bare = text?.trim().replace(/^"(.*)"$/, '$1') ?? ''
  const inner = /^\[([^\]]*)\](?::[0-9]+)?$/.exec(bare)?.[1] ?? /^([^:]+):[0-9]+$/.exec(bare)?.[1] ?? bare
  return inner === '' ? undefined : inner
}

interface ForwardedElement {
  readonly for?: string | undefined
  readonly proto?: string | undefined
  readonly host?: string | undefined
}

/** Parses RFC 7239. The values used here cannot contain a comma or semicolon, so quotes need no real parser. */
function forwardedElements(header: Seen['header']): ForwardedElement[] {
  return listOf(header('forwarded')).map((element) => {
    const pairs = element.split(';').map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [
        name.trim().toLowerCase(),
        value
          .join('=')
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      ] as const
    })
    const { for: caller, proto, host } = Object.fromEntries(pairs)
    return { for: plainAddress(caller), proto, host }
  })
}

interface Reached {
  readonly protocol: string
  readonly host: string
}

/** The scheme and host that the caller used: the outermost proxy's values if trusted and well-formed. */
function reachedAt({ header, url, peer }: Seen, trust: Trust): Reached {
  const own = new URL(url)
  const said: Said = trusts(trust, peer) ? saidBy(header, trust) : {}
  const protocol = schemeOf(said.proto) ?? own.protocol
  const host = hostOf(said.host) ?? hostOf(header('host')) ?? own.host
  const port = /:[0-9]+$/.test(host) ? '' : portOf(said.port, protocol)
  return { protocol, host: parsed(`${protocol}//${host}${port}`)?.host ?? own.host }
}

interface Said {
  readonly proto?: string | undefined
  readonly host?: string | undefined
  readonly port?: string | undefined
}

function saidBy(header: Seen['header'], { kind }: Trust): Said {
  const first = (name: string) => header(name)?.split(',', 1)[0]?.trim() || undefined
  const proto = first('x-forwarded-proto')
  // Cloudflare passes through the other headers as callers send them, so they cannot be trusted.
  if (kind === 'cloudflare') return { proto }
  const elements = forwardedElements(header)
  return {
    proto: proto ?? elements.find((element) => element.proto)?.proto,
    host: first('x-forwarded-host') ?? elements.find((element) => element.host)?.host,
    port: first('x-forwarded-port'),
  }
}

const schemeOf = (text: string | undefined): string | undefined =>
  /^https?$/i.test(text ?? '') ? `${text?.toLowerCase()}:` : undefined

/** An inner proxy may report its own port; the default port of the other scheme is never the caller's. */
function portOf(text: string | undefined, protocol: string): string {
  if (text === undefined || !/^[0-9]{1,5}$/.test(text) || Number(text) > 65_535) return ''
  return text === (protocol === 'https:' ? '80' : '443') ? '' : `:${text}`
}

const hostOf = (text: string | undefined): string | undefined =>
  text !== undefined && /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?$/i.test(text)
    ? text
    : undefined
