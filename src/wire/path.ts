import { GatewayError } from '../domain/error.ts'

/**
 * The segments of a URL's path, each percent-decoded once. An encoded slash stays inside its segment, a plus stays a
 * plus, empty segments are kept. Throws `bad_path` for a broken escape.
 */
export const pathSegments = (url: string): string[] => rawPath(url).slice(1).split('/').map(decodeSegment)

/** Percent-decodes one segment. Throws `bad_path` for a broken escape. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (error) {
    throw new GatewayError('bad_path', 'The path has a broken escape.', { cause: error })
  }
}

/** Percent-decodes one segment; null for a broken escape, or if there is no segment. */
export function segmentOrNull(segment: string | undefined): string | null {
  if (segment === undefined) return null
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

/** Throws `bad_path` for a broken escape, which the router would pass through. */
export function refuseBrokenEscapes(url: string): void {
  if (url.includes('%')) pathSegments(url)
}

/** Whether a URL's path contains U+0000, which no id or name may (identity R22); dialects answer it in their own form. */
export const hasNul = (url: string): boolean => rawPath(url).includes('%00')

/** Whether a URL's query contains U+0000, which no value may. */
export function hasNulInQuery(url: string): boolean {
  const start = url.indexOf('?')
  return start >= 0 && url.includes('%00', start)
}

/** An escape that decodes to no character. Appended to a segment, it keeps URL parsers from resolving `.` and `..`. */
const MARK = '%FF'
/** Dot segments, encoded or not, which URL parsers resolve. */
const DOTS = /(?<=^|\/)(?:\.|%2e){1,2}(?=\/|$)/gi
const MARKED_DOTS = /(?<=\/)((?:\.|%2e){1,2})%FF(?=\/|$)/gi

/** Whether a path has a dot segment. */
export const hasDots = (path: string): boolean => path.search(DOTS) >= 0

/**
 * Marks dot segments, encoded or not, so that no URL parser resolves them: here they are ids like any other. `rawPath`
 * removes the marks.
 */
export function withDotsMarked(target: string): string {
  if (!target.includes('/.') && !target.includes('/%2')) return target
  const end = target.search(/[?#]/)
  const path = end < 0 ? target : target.slice(0, end)
  return path.replace(DOTS, `$&${MARK}`) + target.slice(path.length)
}

/** Folds leading slashes, which base URLs with a trailing slash produce; inner empty segments may be significant. */
export const foldedPath = (url: string): string => rawPath(url).replace(/^\/{2,}/, '/')

/** Folds all repeated slashes. */
export const compactPath = (url: string): string => rawPath(url).replace(/\/{2,}/g, '/')

/** The path and query of a URL, exactly as they stand in it. */
export function requestTarget(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  return start < 0 ? '/' : url.slice(start)
}

/** The path of a URL exactly as sent, without the query. */
export function rawPath(url: string): string {
  const target = requestTarget(url)
  const end = target.search(/[?#]/)
  const path = end < 0 ? target : target.slice(0, end)
  return path.includes(MARK) ? path.replace(MARKED_DOTS, '$1') : path
}
