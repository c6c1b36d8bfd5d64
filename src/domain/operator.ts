/** What an operator may do, each role all that stands before it: look, work with devices and messages, and everything. */
export const ROLES = ['read', 'operate', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Whether a role allows what another one is needed for. */
export const allows = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed)

/** Who makes a call of the administration. */
export interface Operator {
  /** The admin token's name; `admin` for the one of the configuration. */
  readonly name: string
  readonly role: Role
  /** The key that was presented; null for the admin token of the configuration. */
  readonly key: string | null
  /** Until when; null for a token. */
  readonly expiresAt: Date | null
}

/** The names of the admin token of the configuration, and of changes that the gateway itself starts. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['admin', 'gateway'])
