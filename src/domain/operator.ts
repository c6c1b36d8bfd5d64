/** Roles, each including the ones before it: read, operate (change devices, send messages), and everything. */
export const ROLES = ['read', 'operate', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Whether a role includes another one. */
export const allows = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed)

/** The caller of an admin API request. */
export interface Operator {
  /** The admin token's name; `admin` for the configured token. */
  readonly name: string
  readonly role: Role
  /** The id of the presented key; null for the configured admin token. */
  readonly key: string | null
  /** When the session expires; null for a token. */
  readonly expiresAt: Date | null
}

/** Names of the configured admin token and of the gateway itself as the author of changes. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['admin', 'gateway'])
