import type { DeviceKey, Platform, UserBinding } from '../../domain/device.ts'
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
  /** How many devices of the user went, in one dialect. */
  removeDevices(of: Pick<DeviceKey, 'appId' | 'dialect'>, userId: string, occasion: Occasion): Promise<number>
  /** How many devices went, in all dialects, with their history. */
  erase(appId: string, userId: string, occasion: Occasion): Promise<number>
}
