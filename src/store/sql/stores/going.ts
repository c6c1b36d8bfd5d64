import type { Device } from '../../../domain/device.ts'
import { GOING } from '../statements/catalogue.ts'

/** A topic being removed: devices no longer have it, even if the rows still exist. */
interface GoingRow {
  readonly dialect: string
  readonly name: string
}

export function withoutGoing(device: Device, going: readonly GoingRow[]): Device {
  const gone = new Set(
    going.filter(({ dialect }) => dialect === device.dialect + GOING).map(({ name }) => name),
  )
  if (gone.size === 0) return device
  return {
    ...device,
    topics: device.topics.filter((topic) => !gone.has(topic)),
    subscriptionIds: new Map([...device.subscriptionIds].filter(([topic]) => !gone.has(topic))),
  }
}
