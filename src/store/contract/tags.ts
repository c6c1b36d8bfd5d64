import type { DeviceKey, Profile } from '../../domain/device.ts'
import type { Tag, TagChange } from '../../domain/tag.ts'
import type { UserKey } from './users.ts'

export interface TagStore {
  /** Null for an unknown device; else the names of the changes that did not fit the tag's type. */
  change(key: DeviceKey, changes: readonly TagChange[], now: Date): Promise<readonly string[] | null>
  /** Null for an unknown device. */
  read(key: DeviceKey, now: Date): Promise<readonly Tag[] | null>
  /** On every device of a user, with what the profiles then say; the names that did not fit on one of them. */
  changeOfUser(
    key: UserKey,
    changes: readonly TagChange[],
    profile: Partial<Profile>,
    now: Date,
  ): Promise<readonly string[]>
  /** The union of the devices' tags; of one name, the one written last. */
  readOfUser(key: UserKey, now: Date): Promise<readonly Tag[]>
}
