import type { DeviceKey, Platform, UserBinding } from '../../domain/device.ts'
import type { AuditEntry } from './audit.ts'
import type { Occasion } from './occasion.ts'

export interface UserRules {
  /** Whether another user is replaced (identity R7); else the change is refused. */
  readonly replace: boolean
  /** Most devices of one user among those platforms, or null. */
  readonly limit: { readonly devices: number; readonly among: readonly Platform[] } | null
}

export type BindOutcome = 'bound' | 'unknown' | 'taken' | 'limit'

/** A user's devices in one dialect of one app. */
export interface UserKey extends Pick<DeviceKey, 'appId' | 'dialect'> {
  readonly userId: string
}

export interface UserStore {
  bind(key: DeviceKey, user: UserBinding, rules: UserRules, occasion: Occasion): Promise<BindOutcome>
  /** How many devices of the user went at once, in one dialect; the rest goes in pieces, out of sight. */
  removeDevices(of: Pick<DeviceKey, 'appId' | 'dialect'>, userId: string, occasion: Occasion): Promise<number>
  /** As `removeDevices`, in all dialects, with their history and every other trace of the user. */
  erase(appId: string, userId: string, occasion: Occasion, entry?: AuditEntry): Promise<number>
}
