import type { DialectApp } from '../domain/app.ts'
import type { UserBinding } from '../domain/device.ts'
import { GatewayError } from '../domain/error.ts'
import type { Clock } from '../domain/ids.ts'
import type { BindOutcome, Piece, Store, UserRules } from '../store/store.ts'
import { type DeviceRef, keyOf, requireStorable } from './device-key.ts'
import { UNKNOWN_CAUSE } from './devices.ts'
import type { UserWork } from './user-work.ts'

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
  clear(ref: DeviceRef & { readonly cause?: string }): Promise<boolean>
  /** Gives the user's devices in the app's dialect to another user, as a claim: the newest at once, others by and by. */
  move(of: {
    readonly app: DialectApp
    readonly from: string
    readonly to: string
    readonly cause: string
  }): Promise<Piece>
  /** Removes the user's devices in the app's dialect and says how many. */
  removeDevices(of: {
    readonly app: DialectApp
    readonly userId: string
    readonly cause: string
  }): Promise<number>
}

export function createUsers({
  store,
  now,
  userWork,
}: {
  store: Store
  now: Clock
  userWork: UserWork
}): Users {
  return {
    async bind({ user, rules, cause, ...ref }) {
      if (user.id === '') throw new GatewayError('invalid', 'A user id is required.', { at: 'user' })
      requireStorable(user.id, 'The user id', 'user')
      return store.users.bind(keyOf(ref), user, rules, { at: now(), cause })
    },
    async clear(ref) {
      const at = now()
      const device = await store.devices.findByKey(keyOf(ref), at)
      if (!device?.user) return device !== null
      const occasion = { at, cause: ref.cause ?? UNKNOWN_CAUSE }
      return (await store.devices.update(keyOf(ref), { user: null }, occasion)) !== null
    },
    async move({ app, from, to, cause }) {
      requireStorable(to, 'The user id', 'user')
      return userWork.ask({ app, userId: from }, { do: 'move', to }, cause)
    },
    removeDevices: ({ app, userId, cause }) =>
      store.users.removeDevices({ appId: app.app.id, dialect: app.dialect }, userId, { at: now(), cause }),
  }
}
