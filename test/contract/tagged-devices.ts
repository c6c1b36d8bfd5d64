import type { DeviceKey } from '../../src/domain/device.ts'
import type { TagChange } from '../../src/domain/tag.ts'
import { keyOf, type StoreKit } from './kit.ts'

/** Devices for tests of tags: creates one in a new app, changes and reads its tags, finds it. */
export const taggedDevices = (kit: () => StoreKit) => ({
  async device() {
    const key = keyOf(await kit().createApp())
    await kit().register(key)
    return key
  },
  change: (key: DeviceKey, changes: readonly TagChange[]) =>
    kit().store.tags.change(key, changes, kit().occasion()),
  read: (key: DeviceKey) => kit().store.tags.read(key, kit().clock.now),
  find: (key: DeviceKey) => kit().store.devices.findByKey(key, kit().clock.now),
})
