import type { Adapter } from '../adapter.ts'
import { groupedBy } from '../domain/groups.ts'
import type { Reference } from '../reference/reference.ts'

/** One call of a dialect, with all routes that serve it. */
export interface MountedEndpoint {
  readonly method: string
  readonly path: string
  readonly mounted: readonly string[]
  readonly reason: string | null
}

export interface Mounted {
  readonly endpoints: readonly MountedEndpoint[]
  readonly fallbacks: readonly { readonly mounted: readonly string[]; readonly reason: string }[]
}

const CATCH_ALL = 'ALL '

/** Shows `:name` and `:name{pattern}` in the form used in documentation. */
const shown = (path: string): string => path.replace(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')

/** Every route of a dialect, grouped by call: by its description or, without one, by path. */
export function endpointsOf(adapter: Adapter, reference: Reference | undefined): Mounted {
  const all = new Set(adapter.routes().routes.map(({ method, path }) => `${method} ${path}`))
  const open = new Set(all)
  const taken = (routes: readonly string[]) => routes.filter((route) => open.delete(route))
  const endpoints: MountedEndpoint[] = []
  const reasons = new Map<string, string>()
  for (const { method, path, mounted } of reference?.operations ?? []) {
    const routes = taken(
      (mounted ?? [path.replace(/\{(\w+)\}/g, ':$1')]).map((route) => `${method} ${route}`),
    )
    if (routes.length > 0) endpoints.push({ method, path, mounted: routes, reason: null })
  }
  for (const { method, path, why } of reference?.left ?? []) reasons.set(`${method} ${path}`, why)
  const others = groupedBy(
    [...open].filter((route) => route.startsWith(CATCH_ALL)),
    (route) => reasons.get(route) ?? 'any other call is answered with an error',
  )
  const fallbacks = [...others].map(([reason, mounted]) => ({ reason, mounted: taken(mounted) }))
  for (const [call, mounted] of groupedBy(open, (route) => callOf(adapter, route, all))) {
    const [method = '', inner = ''] = call.split(' ')
    const path = shown(outside(inner, adapter, reference?.operations ?? []))
    const reason = mounted.map((route) => reasons.get(route)).find((one) => one !== undefined) ?? null
    const known = endpoints.findIndex((one) => one.method === method && one.path === path)
    const before = endpoints[known]
    if (before) endpoints[known] = { ...before, mounted: [...before.mounted, ...mounted] }
    else endpoints.push({ method, path, mounted, reason })
  }
  return { endpoints, fallbacks }
}

/** A route without a trailing slash, under the dialect's first base that has the same call. */
function callOf({ bases }: Adapter, route: string, all: ReadonlySet<string>): string {
  const [method = '', given = ''] = route.split(' ')
  const path = given.replace(/(?<=.)\/$/, '')
  const outer = bases.find((base) => path.startsWith(`${base}/`))
  if (outer === undefined) return `${method} ${path}`
  const rest = path.slice(outer.length)
  const places = [rest, ...bases.map((base) => `${base}${rest}`)]
  return `${method} ${places.find((place) => all.has(`${method} ${place}`)) ?? path}`
}

/** The public prefix of calls under an internal base, taken from the description of another call. */
function outside(path: string, { bases }: Adapter, operations: Reference['operations']): string {
  const base = bases.find((one) => path.startsWith(`${one}/`))
  for (const { path: outer, mounted = [] } of operations) {
    const inner = base !== undefined && mounted.find((one) => one.startsWith(`${base}/`))
    if (!inner) continue
    const rest = shown(inner.slice(base.length))
    if (outer.endsWith(rest)) return outer.slice(0, -rest.length) + path.slice(base.length)
  }
  return path
}

/** The endpoint that serves a route, preferably one with the same method. */
export function endpointFor<E extends { readonly mounted: readonly string[] }>(
  endpoints: readonly E[],
  method: string,
  route: string,
): E | undefined {
  const asked = method === 'HEAD' ? 'GET' : method
  return endpoints.find(({ mounted }) => mounted.includes(`${asked} ${route}`))
}

/** The route by which each dialect would serve a request; null for none. */
export function routeFinder(adapters: readonly Adapter[]) {
  const open = adapters.map((adapter) => ({ adapter, router: adapter.routes().router }))
  return (dialect: string, method: string, target: string): string | null => {
    const found = open.find(({ adapter }) => adapter.name === dialect)
    if (!found) return null
    const { pathname } = new URL(target, 'http://target')
    const owned = found.adapter.bases.some((base) => pathname.startsWith(`${base}/`))
    const claimed = owned ? null : found.adapter.capabilities.paths?.claim?.(pathname.slice(1).split('/'))
    const asked = method === 'HEAD' ? 'GET' : method
    const [handlers] = found.router.match(asked, claimed ?? pathname)
    // Handlers for every method are checks that run first, or answer that there is no such call.
    return handlers.map(([[, route]]) => route).find((route) => route.method === asked)?.path ?? null
  }
}
