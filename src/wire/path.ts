import { GatewayError } from '../domain/error.ts'

/**
 * The segments of a URL's path, each percent-decoded once: an encoded slash belongs to its segment, a plus is a plus,
 * an empty segment stays. Throws `bad_path` for a broken escape.
 */
export const pathSegments = (url: string): string[] => rawPath(url).slice(1).split('/').map(decodeSegment)

/** One segment, percent-decoded. Throws `bad_path` for a broken escape. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (error) {
    throw new GatewayError('bad_path', 'The path has a broken escape.', { cause: error })
  }
}

/** Throws `bad_path` for a broken escape, which a router leaves as it is. */
export function refuseBrokenEscapes(url: string): void {
  if (url.includes('%')) pathSegments(url)
}

/** Whether a URL's path holds U+0000, which no id or name can (identity R22): each dialect says so in its form. */
export const hasNul = (url: string): boolean => rawPath(url).includes('%00')

/** Whether a URL's query holds U+0000, which no value can. */
export function hasNulInQuery(url: string): boolean {
  const start = url.indexOf('?')
  return start >= 0 && url.includes('%00', start)
}

/** An escape of no character: behind a segment it keeps URL parsers from taking that for `.` or `..`. */
const MARK = '%FF'
/** A segment that a URL parser resolves, encoded or not. */
const DOTS = /(?<=^|\/)(?:\.|%2e){1,2}(?=\/|$)/gi
const MARKED_DOTS = /(?<=\/)((?:\.|%2e){1,2})%FF(?=\/|$)/gi

/** Whether a path has a segment that a URL parser resolves. */
export const hasDots = (path: string): boolean => path.search(DOTS) >= 0

/**
 * A request's target in which no URL parser finds anything to resolve: a segment that is `.` or `..`, also encoded, is
 * an id like any other. `rawPath` gives the path back as it was sent.
 */
export function withDotsMarked(target: string): string {
  if (!target.includes('/.') && !target.includes('/%2')) return target
  const end = target.search(/[?#]/)
  const path = end < 0 ? target : target.slice(0, end)
  return path.replace(DOTS, `$&${MARK}`) + target.slice(path.length)
}

/** A base URL configured with a trailing slash gives a doubled one in front; inside, empty segments may mean something. */
export const foldedPath = (url: string): string => rawPath(url).replace(/^\/{2,}/, '/')

/** The path where no empty segment means anything: doubled slashes are one. */
export const compactPath = (url: string): string => rawPath(url).replace(/\/{2,}/g, '/')

/** The path of a URL as it was sent, without the query. */
export function rawPath(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start < 0) return '/'
  const end = url.slice(start).search(/[?#]/)
  const path = end < 0 ? url.slice(start) : url.slice(start, start + end)
  return path.includes(MARK) ? path.replace(MARKED_DOTS, '$1') : path
}
