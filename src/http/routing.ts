import type { Adapter } from '../adapter.ts'
import { compactPath, foldedPath } from '../wire/path.ts'

/** Where no route is. */
const NOWHERE = '/~'

/** The first segments of the house's own paths: of what is mounted, but for handlers of every path. */
export const houseBases = (mounted: readonly { readonly path: string }[]): readonly string[] => [
  ...new Set(mounted.map(({ path }) => `/${path.split('/')[1]}`).filter((base) => base !== '/*')),
]

/**
 * The path by which a request is routed. Doubled slashes are one, but in the house's own paths, where an id that is
 * missing is a mistake, and in dialects whose empty segments mean something. Bases win; what no base owns may be claimed
 * by a dialect that knows its requests by their form, and then runs below that dialect's internal base, so that no
 * parameter route at the root slows or shadows the others (style.md, pitfall 1).
 */
export function routingPath(
  adapters: readonly Adapter[],
  house: readonly string[],
): (request: Request) => string {
  const owned = [...house, ...adapters.flatMap((adapter) => adapter.bases)].map((base) => `${base}/`)
  const claims = adapters.flatMap(({ claim }) => (claim ? [claim] : []))
  const meant = adapters.filter((adapter) => adapter.emptySegments).flatMap((adapter) => adapter.bases)
  const unfolded = [...house, ...meant].map((base) => `${base}/`)
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
