import type { DialectApp } from '../domain/app.ts'
import type { Device } from '../domain/device.ts'
import type { ClientDeviceFilter } from '../domain/device-list.ts'
import type { Clock } from '../domain/ids.ts'
import type { OffsetPage, TimePlace } from '../domain/page.ts'
import type { Window } from '../store/contract/step.ts'
import type { Store } from '../store/store.ts'
import { scopeOf } from './catalogue.ts'
import { offsetPage } from './offsets.ts'

/** Rows scanned per step: few at first, because most lists are short; then a few milliseconds of database time. */
const FIRST = 500
const NEXT = 4000

/** Reads a page of a client's device list. */
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
    const { items, total } = await offsetPage(
      (window: Window<TimePlace>) => {
        const scan = window.after === null ? FIRST : NEXT
        return store.devices.listStep(scopeOf(app), filter, { ...window, scan }, at)
      },
      { limit, offset, counted },
    )
    return { devices: items, total }
  }
