import type { Clock } from '../domain/ids.ts'
import type { Tag, TagChange } from '../domain/tag.ts'
import type { Store } from '../store/store.ts'
import { type DeviceRef, keyOf } from './devices.ts'

/** Typed attributes of a device, changed in the store so that changes at once all count (identity R17). */
export interface Tags {
  /** The names of the changes that did not fit their tag's type; null for an unknown device. */
  change(ref: DeviceRef & { readonly changes: readonly TagChange[] }): Promise<readonly string[] | null>
  /** By name; null for an unknown device. */
  read(ref: DeviceRef): Promise<readonly Tag[] | null>
}

export function createTags({ store, now }: { store: Store; now: Clock }): Tags {
  return {
    change: ({ changes, ...ref }) => store.tags.change(keyOf(ref), changes, now()),
    read: (ref) => store.tags.read(keyOf(ref), now()),
  }
}
