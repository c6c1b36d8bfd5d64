import type { Shot } from '../load/shot.ts'
import type { Phone } from '../seed/phone.ts'

/** The bench's app, as the admin API returned it, with the credentials of its callers. */
export interface Documents {
  readonly app: string
  readonly dialects: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The access token of a MobileFirst back end; the gateway's admin token. */
  readonly accessToken: string
  readonly adminToken: string
}

/** The dialect-specific parts of the bench; a new dialect needs one entry here. */
export interface BenchDialect {
  readonly name: string
  /** How a phone registers, at its first start and at each later one. */
  readonly register: (documents: Documents, phone: Phone) => Shot
  /** The device's id in the dialect; absent if the registration generates it. */
  readonly assignedId?: (phone: Phone) => string
  /** Whether its subscriptions have ids. */
  readonly subscriptionIds?: boolean
}

export function text(documents: Documents, dialect: string, member: string): string {
  const value = documents.dialects[dialect]?.[member]
  if (typeof value !== 'string') throw new Error(`${dialect} has no ${member}`)
  return value
}

/** The first key of a dialect in such a list, or the key with this name. */
export function key(documents: Documents, dialect: string, member: string, name: string): string {
  const keys = documents.dialects[dialect]?.[member]
  const holder: unknown = Array.isArray(keys) ? keys[0] : keys
  const value = holder && typeof holder === 'object' ? Reflect.get(holder, name) : undefined
  if (typeof value !== 'string') throw new Error(`${dialect} has no ${name} in its ${member}`)
  return value
}
