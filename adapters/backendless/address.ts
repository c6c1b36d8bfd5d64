/** The internal base of this dialect's routes; its public paths begin with an application id (section 2). */
export const BASE = '/~backendless'
/**
 * Base of the routes for channels and messages. Their names take the place of fixed words in other routes,
 * which Hono's fast router cannot combine.
 */
export const MESSAGES = '/~backendless-messages'

/** How a request names its app, and the rest of its path. The segments are not decoded. */
export type Address = { readonly rest: readonly string[] } & (
  | { readonly form: 'path'; readonly applicationId: string; readonly apiKey: string }
  | { readonly form: 'domain' }
  | { readonly form: 'version' }
)

export const APPLICATION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** A first segment before one of these is an application id, even if it is malformed. */
export const SERVICES: ReadonlySet<string> = new Set(['messaging', 'binary', 'info', 'data'])

/**
 * Words that are never keys; one of them in the key's place means that the key is missing (`/ID//info` with
 * folded slashes).
 */
const NO_KEYS: ReadonlySet<string> = new Set([...SERVICES, 'users'])

/** Parses the three forms of section 2; null for other paths. */
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

/** Words that are never names of channels or messages (sending.md 6.1). */
const RESERVED: ReadonlySet<string> = new Set(['registrations', 'pushtemplates', 'push', 'email', 'channels'])

/** Routes a request below a base by its operation, however it names its app. */
export function claim(segments: readonly string[]): `/~${string}` | null {
  const address = addressOf(segments)
  if (!address) return null
  const { rest } = address
  const [service, name = ''] = rest
  const message = rest.length === 2 && service === 'messaging' && name !== '' && !RESERVED.has(name)
  return message ? `${MESSAGES}/${name}` : `${BASE}/${rest.join('/')}`
}
