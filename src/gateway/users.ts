import type { DialectApp } from '../domain/app.ts'
import type { UserBinding } from '../domain/device.ts'
import type { Clock } from '../domain/ids.ts'
import type { BindOutcome, Store, UserRules } from '../store/store.ts'
import { type DeviceRef, keyOf } from './devices.ts'

/** Who uses a device. One dialect never touches the user of another's device (identity R6, R7). */
export interface Users {
  /**
   * Binds a user to a current device. `taken`: another user is there and the rules do not replace; `limit`: the user
   * has as many devices as the rules allow. The limit holds under parallel calls.
   */
  bind(
    ref: DeviceRef & { readonly user: UserBinding; readonly rules: UserRules; readonly cause: string },
  ): Promise<BindOutcome>
  /** Takes the user away, keeps the device and its topics (identity R8). False for an unknown device. */
  clear(ref: DeviceRef): Promise<boolean>
  /** Gives the user's devices in the app's dialect to another user, as a claim; says how many. */
  move(of: {
    readonly app: DialectApp
    readonly from: string
    readonly to: string
    readonly cause: string
  }): Promise<number>
  /** Removes the user's devices in the app's dialect and says how many. */
  removeDevices(of: {
    readonly app: DialectApp
    readonly userId: string
    readonly cause: string
  }): Promise<number>
}

export function createUsers({ store, now }: { store: Store; now: Clock }): Users {
  return {
    bind: ({ user, rules, cause, ...ref }) => store.users.bind(keyOf(ref), user, rules, { at: now(), cause }),
    clear: async (ref) => (await store.devices.update(keyOf(ref), { user: null }, now())) !== null,
    move: ({ app, from, to, cause }) =>
      store.users.move({ appId: app.app.id, dialect: app.dialect, userId: from }, to, { at: now(), cause }),
    removeDevices: ({ app, userId, cause }) =>
      store.users.removeDevices({ appId: app.app.id, dialect: app.dialect }, userId, { at: now(), cause }),
  }
}
