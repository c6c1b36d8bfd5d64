import type { DialectApp } from '../domain/app.ts'
import type { Profile } from '../domain/device.ts'
import type { Clock } from '../domain/ids.ts'
import type { Tag, TagChange } from '../domain/tag.ts'
import type { Store, UserKey } from '../store/store.ts'
import { type DeviceRef, keyOf } from './devices.ts'

/** A user's devices in the app's dialect. */
export interface UserRef {
  readonly app: DialectApp
  readonly userId: string
}

/** Typed attributes of a device, changed in the store so that changes at once all count (identity R17). */
export interface Tags {
  /** The names of the changes that did not fit their tag's type; null for an unknown device. */
  change(ref: DeviceRef & { readonly changes: readonly TagChange[] }): Promise<readonly string[] | null>
  /** By name; null for an unknown device. */
  read(ref: DeviceRef): Promise<readonly Tag[] | null>
  /**
   * On every device of a user in one write, with what their profiles then say. The names that did not fit on one of
   * them; none for a user without devices.
   */
  changeOfUser(
    ref: UserRef & { readonly changes: readonly TagChange[]; readonly profile?: Partial<Profile> },
  ): Promise<readonly string[]>
  /** The union of the tags of a user's devices; of one name, the one written last. */
  readOfUser(ref: UserRef): Promise<readonly Tag[]>
}

export function createTags({ store, now }: { store: Store; now: Clock }): Tags {
  return {
    change: ({ changes, ...ref }) => store.tags.change(keyOf(ref), changes, now()),
    read: (ref) => store.tags.read(keyOf(ref), now()),
    changeOfUser: ({ changes, profile, ...ref }) =>
      store.tags.changeOfUser(userKeyOf(ref), changes, profile ?? {}, now()),
    readOfUser: (ref) => store.tags.readOfUser(userKeyOf(ref), now()),
  }
}

const userKeyOf = ({ app, userId }: UserRef): UserKey => ({
  appId: app.app.id,
  dialect: app.dialect,
  userId,
})
