import { hc } from 'hono/client'
import type { AdminApi } from './routes.ts'

/** Typed calls of the admin API by path and method; the same information as docs/openapi.json. */
export type AdminClient = ReturnType<typeof hc<AdminApi>>

/** The part of `fetch` that the client needs. */
export type Send = (input: string | URL | Request, init?: RequestInit) => Response | Promise<Response>

/**
 * Creates a client of the admin API. `baseUrl` is the gateway's URL without a trailing slash; `send` replaces the
 * runtime's `fetch`. Error answers are problem documents (RFC 9457) and are returned, not thrown.
 */
export function adminClient(baseUrl: string, token: string, send?: Send): AdminClient {
  const headers = { Authorization: `Bearer ${token}` }
  return escaping(hc<AdminApi>(`${baseUrl}/admin/v1`, { headers, ...(send && { fetch: send }) }))
}

/** Escapes path parameters: Hono's client inserts them unescaped, and user ids may contain any character. */
function escaping<Part extends object>(part: Part): Part {
  return new Proxy(part, {
    get(_, name) {
      const inner: unknown = Reflect.get(part, name)
      return typeof inner === 'function' ? escaping(inner) : inner
    },
    apply(_, self, [input, ...rest]: unknown[]) {
      const call = part as unknown as (...args: readonly unknown[]) => unknown
      return Reflect.apply(call, self, [withPathEscaped(input), ...rest])
    },
  })
}

function withPathEscaped(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('param' in input)) return input
  const parameters = Object.entries(input.param as Readonly<Record<string, string>>)
  return { ...input, param: Object.fromEntries(parameters.map(([name, value]) => [name, segment(value)])) }
}

/** Escapes a path segment. Throws for empty and dot segments, with which the call would reach another path. */
function segment(value: string): string {
  if (/^\.{0,2}$/.test(value)) throw new Error(`${JSON.stringify(value)} cannot be part of a path.`)
  return encodeURIComponent(value)
}
