import type { MirroredRoute } from '../domain/mirroring.ts'

/** Finds the declared route of a request; null for any other call. */
export function routeFinder(
  routes: readonly MirroredRoute[],
): (method: string, path: string) => MirroredRoute | null {
  const fixed = new Map<string, MirroredRoute>()
  const patterns: { readonly route: MirroredRoute; readonly form: RegExp }[] = []
  for (const route of routes) {
    for (const path of route.paths) {
      if (path.includes('{')) patterns.push({ route, form: formOf(path) })
      else fixed.set(`${route.method} ${path}`, route)
    }
  }
  return (method, sent) => {
    const path = sent.length > 1 ? sent.replace(/\/+$/, '') : sent
    const known = fixed.get(`${method} ${path}`)
    if (known) return known
    return patterns.find(({ route, form }) => route.method === method && form.test(path))?.route ?? null
  }
}

const formOf = (path: string): RegExp => {
  const parts = path.split(/(\{[^}]*\})/).map((part) => {
    if (!part.startsWith('{')) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    return part.endsWith('*}') ? '.+' : '[^/]+'
  })
  return new RegExp(`^${parts.join('')}$`)
}
