import type { DeviceKey } from '../../domain/device.ts'
import type { Tag, TagChange } from '../../domain/tag.ts'
import type { Occasion } from './occasion.ts'
import type { UserKey } from './users.ts'

/** A change that would take a device or a list beyond `TAG_LIMITS` rejects with `limit` and changes nothing. */
export interface TagStore {
  /** Returns the names whose values did not fit the tag's type; null for an unknown device. */
  change(key: DeviceKey, changes: readonly TagChange[], occasion: Occasion): Promise<readonly string[] | null>
  /** Null for an unknown device. */
  read(key: DeviceKey, now: Date): Promise<readonly Tag[] | null>
  /** The union of the tags of the user's newest devices; for each name, the value written last. */
  readOfUser(key: UserKey, now: Date): Promise<readonly Tag[]>
}
