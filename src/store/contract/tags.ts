import type { DeviceKey } from '../../domain/device.ts'
import type { Tag, TagChange } from '../../domain/tag.ts'
import type { UserKey } from './users.ts'

/** Every change rejects with `limit`, and changes nothing, where a device or a list would grow beyond `TAG_LIMITS`. */
export interface TagStore {
  /** Null for an unknown device; else the names of the changes that did not fit the tag's type. */
  change(key: DeviceKey, changes: readonly TagChange[], now: Date): Promise<readonly string[] | null>
  /** Null for an unknown device. */
  read(key: DeviceKey, now: Date): Promise<readonly Tag[] | null>
  /** The union of the tags of the user's newest devices; of one name, the one written last. */
  readOfUser(key: UserKey, now: Date): Promise<readonly Tag[]>
}
