import { hc } from 'hono/client'
import type { AdminApi } from './routes.ts'

/** Every call of the admin API by path and method, with what it takes and answers: docs/openapi.json in types. */
export type AdminClient = ReturnType<typeof hc<AdminApi>>

/** As `fetch`, as far as the client needs it. */
export type Send = (input: string | URL | Request, init?: RequestInit) => Response | Promise<Response>

/**
 * A client of the admin API. `baseUrl` is where the gateway is, without a slash; `send` stands in for the runtime's `fetch`.
 * An answer that is no success is a problem (RFC 9457), and not thrown.
 */
export function adminClient(baseUrl: string, token: string, send?: Send): AdminClient {
  const headers = { Authorization: `Bearer ${token}` }
  return escaping(hc<AdminApi>(`${baseUrl}/admin/v1`, { headers, ...(send && { fetch: send }) }))
}

/** Hono's client puts the parameters of a path in as they are, and a user may have any name. */
function escaping<Part extends object>(part: Part): Part {
  return new Proxy(part, {
    get(_, name) {
      const inner: unknown = Reflect.get(part, name)
      return typeof inner === 'function' ? escaping(inner) : inner
    },
    apply(_, self, [given, ...rest]: unknown[]) {
      const call = part as unknown as (...args: readonly unknown[]) => unknown
      return Reflect.apply(call, self, [withPathEscaped(given), ...rest])
    },
  })
}

function withPathEscaped(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('param' in given)) return given
  const parameters = Object.entries(given.param as Readonly<Record<string, string>>)
  return { ...given, param: Object.fromEntries(parameters.map(([name, value]) => [name, segment(value)])) }
}

/** A segment of a path. Throws for those that cannot be one, however they are written: the call would go elsewhere. */
function segment(value: string): string {
  if (/^\.{0,2}$/.test(value)) throw new Error(`${JSON.stringify(value)} cannot be part of a path.`)
  return encodeURIComponent(value)
}
