import { repaired } from '../../src/domain/text.ts'
import { applicationScope } from './provisioning.ts'

/** The only scope with which a mobile client's token grants access (section 8). */
export const MOBILE_SCOPE = 'push.mobileclient'
/** The scope that every registered client has. */
export const REGISTERED_CLIENT = 'RegisteredClient'
/** Names that the web SDK adds to its request; in a mobile token they grant nothing more. */
const MOBILE_NAMES: ReadonlySet<string> = new Set([
  REGISTERED_CLIENT,
  MOBILE_SCOPE,
  'devices.read',
  'devices.write',
  'subscriptions.write',
])

/** The elements of a space-separated scope, without duplicates. */
export const scopeList = (scope: string): string[] => [...new Set(scope.split(/\s+/).filter(Boolean))]

/** Whether a granted element, in which `*` matches any text, covers a scope. */
export const covers = (granted: readonly string[], wanted: string): boolean =>
  granted.some((pattern) => matches(pattern, wanted))

/** Matches without backtracking: the cost is at most the pattern's length times the text's, even with many stars. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return pattern === text
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

/** The part of the requested scope that a self-registered client gets. */
export const grantedToMobile = (asked: readonly string[]): string[] => [
  ...new Set([REGISTERED_CLIENT, ...asked.filter((one) => MOBILE_NAMES.has(one))]),
]

/** The scope that an operation requires: one of `anyOf`; refusals name the first. */
export interface Requirement {
  readonly anyOf: readonly string[]
  /** The application in the path, if any. */
  readonly application: string | null
}

export const meets = (granted: readonly string[], { anyOf, application }: Requirement): boolean =>
  anyOf.some((one) => covers(granted, one)) &&
  (application === null || covers(granted, applicationScope(application)))

/** The `scope` of an `insufficient_scope` challenge, which SDKs then request (section 4). */
export const neededScope = ({ anyOf: [first = ''], application }: Requirement): string =>
  [REGISTERED_CLIENT, first, ...(application === null ? [] : [applicationScope(application)])]
    .map((one) => printable(one.slice(0, MOST_PRINTED)))
    .join(' ')

/** Most characters shown of an application name from a path, which may have any length. */
const MOST_PRINTED = 400

/** Encodes text from the path for a header, which allows neither quotes nor non-ASCII characters. */
const printable = (text: string): string =>
  /^[\x21\x23-\x5b\x5d-\x7e]*$/.test(text) ? text : encodeURIComponent(repaired(text))
