import type { Adapter } from '../adapter.ts'
import { compactPath, foldedPath } from '../wire/path.ts'

/** A path without routes. */
const NOWHERE = '/~'

/** The first segments of the gateway's own routes, without catch-all handlers. */
export const houseBases = (mounted: readonly { readonly path: string }[]): readonly string[] => [
  ...new Set(
    mounted.map(({ path }) => `/${path.split('/')[1]}`).filter((base) => base !== '/*' && base !== '/'),
  ),
]

/**
 * The path used for routing. Repeated slashes are folded, except in the gateway's own paths, where an empty segment is a
 * missing id and therefore an error, and in dialects with significant empty segments. Bases win; other paths may be
 * claimed by a dialect that recognizes their form, and are then routed below its internal base, so that no parameter
 * route at the root slows down or shadows others (style.md, pitfall 1).
 */
export function routingPath(
  adapters: readonly Adapter[],
  house: readonly string[],
): (request: Request) => string {
  const owned = [...house, ...adapters.flatMap((adapter) => adapter.bases)].map((base) => `${base}/`)
  const claims = adapters.flatMap(({ capabilities: { paths } }) => (paths?.claim ? [paths.claim] : []))
  const literal = adapters
    .filter(({ capabilities }) => capabilities.paths?.emptySegments)
    .flatMap((adapter) => adapter.bases)
  const unfolded = [...house, ...literal].map((base) => `${base}/`)
  return (request) => {
    const sent = foldedPath(request.url)
    const path = sent.includes('//') && !isOwned(sent, unfolded) ? compactPath(request.url) : sent
    if (path.startsWith(NOWHERE)) return NOWHERE
    if (claims.length === 0 || isOwned(`${path}/`, owned)) return path
    const segments = path.slice(1).split('/')
    for (const claim of claims) {
      const claimed = claim(segments)
      if (claimed !== null) return claimed
    }
    return path
  }
}

const isOwned = (path: string, bases: readonly string[]): boolean =>
  bases.some((base) => path.startsWith(base))
