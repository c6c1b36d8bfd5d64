import createFetchClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './paths.mjs'

export type { components, operations, paths } from './paths.mjs'

/**
 * Typed calls to a gateway's admin API, by method and path: `client.GET('/apps/{app}', { params: { path: {
 * app } } })`.
 */
export type GatewayClient = Client<paths>

/** Why a call was refused (RFC 9457). */
export type Problem = components['schemas']['Problem']

export interface ClientOptions {
  /** The gateway's URL, with or without a trailing slash: `https://gateway.example`. */
  readonly url: string
  /** The admin token; omitted if a cookie authenticates. */
  readonly token?: string
  /** Headers for every call. */
  readonly headers?: Readonly<Record<string, string>>
  /** Replaces the runtime's own `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>
}

/**
 * A client of the admin API, for Node and Workers. A refusal is returned as `error`; only a missing answer
 * throws.
 */
export const createClient = ({ url, token, headers, fetch }: ClientOptions): GatewayClient =>
  createFetchClient<paths>({
    baseUrl: adminBase(url),
    headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...headers },
    pathSerializer: pathOf,
    ...(fetch && { fetch }),
  })

/** The URL of the admin API. */
export const adminBase = (url: string): string => `${url.replace(/\/+$/, '')}/admin/v1`

/**
 * The path with its parameters. Throws for empty and dot segments, because they would lead to another path.
 */
function pathOf(pattern: string, parameters: Readonly<Record<string, unknown>>): string {
  return pattern.replace(/\{([a-z]+)\}/g, (_, name: string) => {
    const value = String(parameters[name] ?? '')
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`${JSON.stringify(value)} cannot be part of a path.`)
    return encodeURIComponent(value)
  })
}
