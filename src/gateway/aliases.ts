import type { DialectApp } from '../domain/app.ts'
import type { DeviceRef } from './device-key.ts'
import type { Devices } from './devices.ts'
import type { Topics } from './topics.ts'
import type { Users } from './users.ts'

interface Parts {
  readonly devices: Devices
  readonly topics: Topics
  readonly users: Users
}

interface Aliases {
  /** The dialects in which a mirror changes device ids. */
  readonly dialects: ReadonlySet<string>
  aliased(app: DialectApp, alias: string): Promise<string | null>
}

/**
 * Makes calls with a device's former id work like calls with its current id. Former ids are only looked up if the sent id is
 * unknown, so other calls pay nothing.
 */
export function answeringAliases({ devices, topics, users }: Parts, { dialects, aliased }: Aliases): Parts {
  const also =
    <Ref extends DeviceRef, Found>(
      call: (ref: Ref) => Promise<Found>,
      ...nothing: readonly (Found | null | false | 'unknown')[]
    ) =>
    async (ref: Ref): Promise<Found> => {
      const found = await call(ref)
      if (!nothing.includes(found) || !dialects.has(ref.app.dialect)) return found
      const externalId = await aliased(ref.app, ref.externalId)
      return externalId === null ? found : call({ ...ref, externalId })
    }
  return {
    devices: {
      ...devices,
      find: also(devices.find, null),
      rotate: also(devices.rotate, null),
      update: also(devices.update, null),
      detach: also(devices.detach, false),
      unregister: also(devices.unregister, false),
    },
    topics: {
      ...topics,
      page: also(topics.page, null),
      replace: also(topics.replace, 'unknown'),
      add: also(topics.add, 'unknown'),
      remove: also(topics.remove, 'unknown'),
    },
    users: { ...users, bind: also(users.bind, 'unknown'), clear: also(users.clear, false) },
  }
}
