import type { DialectApp } from '../domain/app.ts'
import type { Device } from '../domain/device.ts'
import type { ClientDeviceFilter, OffsetPage } from '../domain/device-list.ts'
import type { Clock } from '../domain/ids.ts'
import { turn } from '../domain/turn.ts'
import type { ListPlace } from '../store/contract/devices.ts'
import type { Store } from '../store/store.ts'

/** Rows scanned per step: few at first, because most lists are short; then a few milliseconds of database time. */
const FIRST = 500
const NEXT = 4000

/** Reads a page of a client's device list in bounded steps, serving other requests in between. */
export const createClientList =
  ({ store, now }: { readonly store: Store; readonly now: Clock }) =>
  async ({
    app,
    limit,
    offset,
    counted,
    ...filter
  }: { readonly app: DialectApp } & ClientDeviceFilter & OffsetPage): Promise<{
    devices: readonly Device[]
    total: number | null
  }> => {
    const at = now()
    const scope = { appId: app.app.id, dialect: app.dialect }
    const devices: Device[] = []
    let total = 0
    let skip = offset
    let after: ListPlace | null = null
    for (;;) {
      const scan: number = after === null ? FIRST : NEXT
      const window = { after, scan, offset: skip, limit: limit - devices.length }
      const step = await store.devices.listStep(scope, filter, window, at)
      devices.push(...step.devices)
      total += step.matches
      const full = !counted && devices.length === limit
      if (step.end === null || full) return { devices, total: counted ? total : null }
      skip = Math.max(0, skip - step.matches)
      after = step.end
      await turn()
    }
  }
