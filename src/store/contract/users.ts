import type { DeviceKey, Platform, UserBinding } from '../../domain/device.ts'
import type { AuditEntry } from './audit.ts'
import type { Occasion } from './occasion.ts'

export interface UserRules {
  /** Whether to replace another user (identity R7); if false, the change is refused. */
  readonly replace: boolean
  /** Most devices of one user on these platforms; null for no limit. */
  readonly limit: { readonly devices: number; readonly among: readonly Platform[] } | null
  /** Most devices of one user in the dialect; beyond it, those seen longest ago lose their user. No limit by default. */
  readonly most?: number | null
}

export type BindOutcome = 'bound' | 'unknown' | 'taken' | 'limit'

/** A user's devices in one dialect of one app. */
export interface UserKey extends Pick<DeviceKey, 'appId' | 'dialect'> {
  readonly userId: string
}

export interface UserStore {
  bind(key: DeviceKey, user: UserBinding, rules: UserRules, occasion: Occasion): Promise<BindOutcome>
  /** In one dialect. Returns the number removed immediately; the rest is hidden and removed in batches. */
  removeDevices(
    scope: Pick<DeviceKey, 'appId' | 'dialect'>,
    userId: string,
    occasion: Occasion,
  ): Promise<number>
  /**
   * Like `removeDevices`, in all dialects, with their history and all other data about the user. `marks` are keyed hashes by
   * which imports and mirrors recognize the erased user.
   */
  erase(
    appId: string,
    userId: string,
    occasion: Occasion,
    entry?: AuditEntry,
    marks?: { readonly imports: readonly string[]; readonly mirrors: string },
  ): Promise<number>
}
