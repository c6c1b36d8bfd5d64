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

/** A base URL configured with a trailing slash gives a doubled one in front; inside, empty segments mean something. */
export const foldedPath = (url: string): string => rawPath(url).replace(/^\/{2,}/, '/')

/** The path of a URL as it was sent, without the query. */
export function rawPath(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start < 0) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end < 0 ? url.slice(start) : url.slice(start, start + end)
}
