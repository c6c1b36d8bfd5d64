import type { DialectApp } from '../domain/app.ts'
import type { UserBinding } from '../domain/device.ts'
import { GatewayError } from '../domain/error.ts'
import type { Clock } from '../domain/ids.ts'
import type { BindOutcome, Piece, Store, UserRules } from '../store/store.ts'
import { type DeviceRef, keyOf, requireStorable, UNKNOWN_CAUSE } from './device-key.ts'
import type { UserWork } from './user-work.ts'

/** The users of devices. A dialect never changes the user of another dialect's device (identity R6, R7). */
export interface Users {
  /**
   * Binds a user to a current device. `taken`: the device has another user and the rules forbid replacing; `limit`:
   * the user already has the most devices that the rules allow. The limit holds under concurrent calls.
   */
  bind(
    ref: DeviceRef & { readonly user: UserBinding; readonly rules: UserRules; readonly cause: string },
  ): Promise<BindOutcome>
  /** Removes the user, keeps the device and its topics (identity R8). False for an unknown device. */
  clear(ref: DeviceRef & { readonly cause?: string }): Promise<boolean>
  /**
   * Moves the user's devices in the app's dialect to another user, as a claim (not proved): the newest immediately,
   * the rest in the background.
   */
  move(request: {
    readonly app: DialectApp
    readonly from: string
    readonly to: string
    readonly cause: string
  }): Promise<Piece>
  /** Removes the user's devices in the app's dialect. Returns the number removed immediately; the rest goes in batches. */
  removeDevices(request: {
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
      const most = ref.app.app.limits.devicesPerUser
      return store.users.bind(keyOf(ref), user, { ...rules, most }, { at: now(), cause })
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
      return userWork.begin({ app, userId: from }, { do: 'move', to }, cause)
    },
    removeDevices: ({ app, userId, cause }) =>
      store.users.removeDevices({ appId: app.app.id, dialect: app.dialect }, userId, { at: now(), cause }),
  }
}
