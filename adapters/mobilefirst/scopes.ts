import { repaired } from '../../src/domain/text.ts'
import { applicationScope } from './provisioning.ts'

/** What a mobile client's token opens (section 8), whatever other names it holds. */
export const MOBILE_SCOPE = 'push.mobileclient'
/** What every registered client holds. */
export const REGISTERED_CLIENT = 'RegisteredClient'
/** Names that the web SDK adds to its request; on a mobile token they open nothing more. */
const MOBILE_NAMES: ReadonlySet<string> = new Set([
  REGISTERED_CLIENT,
  MOBILE_SCOPE,
  'devices.read',
  'devices.write',
  'subscriptions.write',
])

/** The elements of a blank-separated scope, each once. */
export const scopeList = (scope: string): string[] => [...new Set(scope.split(/\s+/).filter(Boolean))]

/** Whether one of the granted elements, in which `*` stands for any text, covers a scope. */
export const covers = (granted: readonly string[], wanted: string): boolean =>
  granted.some((pattern) => matches(pattern, wanted))

/** A linear match: a pattern with many stars must not cost more than its length times the text's. */
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

/** What a self-registered client may have of what it asks for. */
export const grantedToMobile = (asked: readonly string[]): string[] => [
  ...new Set([REGISTERED_CLIENT, ...asked.filter((one) => MOBILE_NAMES.has(one))]),
]

/** What an operation asks for: one of `anyOf`; the first one is what a refusal names. */
export interface Requirement {
  readonly anyOf: readonly string[]
  /** The application that is meant, where the path names one. */
  readonly application: string | null
}

export const meets = (granted: readonly string[], { anyOf, application }: Requirement): boolean =>
  anyOf.some((one) => covers(granted, one)) &&
  (application === null || covers(granted, applicationScope(application)))

/** The `scope` of an `insufficient_scope` challenge, which the SDKs then ask for (section 4). */
export const neededScope = ({ anyOf: [first = ''], application }: Requirement): string =>
  [REGISTERED_CLIENT, first, ...(application === null ? [] : [applicationScope(application)])]
    .map((one) => printable(one.slice(0, MOST_PRINTED)))
    .join(' ')

/** The name of an application is bounded; what stands in its place in a path is not. */
const MOST_PRINTED = 400

/** A header may hold neither quotes nor anything outside ASCII; the name comes from the path. */
const printable = (text: string): string =>
  /^[\x21\x23-\x5b\x5d-\x7e]*$/.test(text) ? text : encodeURIComponent(repaired(text))
