/** The base below which requests of this dialect run: its own paths begin with an application id (section 2). */
export const BASE = '/~backendless'

/** How a request names its app, and what it asks for. The segments are as they were sent. */
export type Address = { readonly rest: readonly string[] } & (
  | { readonly form: 'path'; readonly applicationId: string; readonly apiKey: string }
  | { readonly form: 'domain' }
  | { readonly form: 'version' }
)

export const APPLICATION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Before one of these, a first segment that is no application id is one that is wrong. */
export const SERVICES: ReadonlySet<string> = new Set(['messaging', 'binary', 'info', 'data'])

/** Where the key belongs: no key is one of these words, so that there the key is missing (`/ID//info` with its slashes folded). */
const NO_KEYS: ReadonlySet<string> = new Set([...SERVICES, 'users'])

/** The three forms of section 2; null for a path that has none of them. */
export function addressOf(segments: readonly string[]): Address | null {
  const [first = '', second, third] = segments
  if (second === undefined) return null
  if (first === 'api') return { form: 'domain', rest: segments.slice(1) }
  if (APPLICATION_ID.test(first) && NO_KEYS.has(second)) {
    return { form: 'path', applicationId: first, apiKey: '', rest: segments.slice(1) }
  }
  if (third !== undefined && (SERVICES.has(third) || APPLICATION_ID.test(first))) {
    return { form: 'path', applicationId: first, apiKey: second, rest: segments.slice(2) }
  }
  const versioned = second === 'messaging' || (second === 'binary' && third === undefined)
  return versioned ? { form: 'version', rest: segments.slice(1) } : null
}

/** Where a request is routed: below the base, by what it asks for, however it names its app. */
export function claim(segments: readonly string[]): `${typeof BASE}/${string}` | null {
  const address = addressOf(segments)
  return address && `${BASE}/${address.rest.join('/')}`
}
