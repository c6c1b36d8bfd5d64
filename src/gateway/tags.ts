import type { Profile } from '../domain/device.ts'
import type { Clock } from '../domain/ids.ts'
import { boundedChanges, type Tag, type TagChange } from '../domain/tag.ts'
import type { Piece, Store } from '../store/store.ts'
import { type DeviceRef, keyOf, UNKNOWN_CAUSE } from './device-key.ts'
import { type UserRef, type UserWork, userKeyOf } from './user-work.ts'

/** Typed attributes of a device, changed inside the store so that no concurrent change is lost (identity R17). */
export interface Tags {
  /** Returns the names whose values did not fit the tag's type; null for an unknown device. */
  change(
    ref: DeviceRef & { readonly changes: readonly TagChange[]; readonly cause?: string },
  ): Promise<readonly string[] | null>
  /** By name; null for an unknown device. */
  read(ref: DeviceRef): Promise<readonly Tag[] | null>
  /**
   * Changes the tags, and optionally the profile, of every device of a user: the newest devices immediately, the rest
   * in the background. Returns the names whose values did not fit; empty for a user without devices.
   */
  changeOfUser(
    ref: UserRef & {
      readonly changes: readonly TagChange[]
      readonly profile?: Partial<Profile>
      readonly cause: string
    },
  ): Promise<Piece>
  /** The union of the tags of a user's newest devices; for each name, the value written last. */
  readOfUser(ref: UserRef): Promise<readonly Tag[]>
}

export function createTags({ store, now, userWork }: { store: Store; now: Clock; userWork: UserWork }): Tags {
  return {
    change: ({ changes, cause = UNKNOWN_CAUSE, ...ref }) =>
      store.tags.change(keyOf(ref), boundedChanges(changes), { at: now(), cause }),
    read: (ref) => store.tags.read(keyOf(ref), now()),
    changeOfUser: ({ changes, profile, cause, ...ref }) =>
      userWork.begin(ref, { do: 'tags', changes: boundedChanges(changes), profile: profile ?? {} }, cause),
    readOfUser: (ref) => store.tags.readOfUser(userKeyOf(ref), now()),
  }
}
