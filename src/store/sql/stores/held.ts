import type { Counts, HeldStore } from '../../store.ts'
import { read } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import { deviceById } from '../statements/devices.ts'
import { userDevices } from '../statements/directory.ts'
import {
  held,
  heldElsewhere,
  heldOfDevice,
  heldOnDevices,
  windowDevices,
  windowEnd,
} from '../statements/held.ts'
import { toReceipt } from './receipts.ts'
import { cursorValues, pageOf } from './values.ts'

/** Beyond that it does not matter how many there are. */
const MOST = { devices: 100_000, rows: 2000 }
const ANY = { devices: 1, rows: 1 }
/** Devices of the user that one look goes through. */
const WINDOW = 20_000
const SMALL_WINDOW = 2000

const KINDS = ['events', 'receipts', 'calls', 'work', 'jobRows', 'clients'] as const

/** Keys of what was found, by its kind. */
type Found = ReadonlyMap<string, Set<string>>
const keysOf = (found: Found, kind: string): Set<string> => found.get(kind) ?? new Set()

interface User {
  readonly appId: string
  readonly userId: string
}
interface Place {
  readonly at: number
  readonly id: string
}
interface Look {
  readonly devices: number
  /** Where the next window begins; null where there is none. */
  readonly next: Place | null
}

export function heldStore(db: Db, clock: () => Date): HeldStore {
  const window = db.inThread ? SMALL_WINDOW : WINDOW

  /** Finds what hangs on one window of devices and, with the first one, what names the user elsewhere. */
  async function look(of: User, behind: Place | null, most: number, found: Found): Promise<Look> {
    const values = {
      app: of.appId,
      userId: of.userId,
      window,
      most,
      afterAt: behind?.at ?? Number.MIN_SAFE_INTEGER,
      afterId: behind?.id ?? '',
    }
    const asked = [...Object.entries(heldOnDevices), ...(behind ? [] : Object.entries(heldElsewhere))]
    const wanted = asked.filter(([kind]) => keysOf(found, kind).size < most)
    const { end, counted, keys } = await read(db, {
      end: call(windowEnd, values),
      counted: call(windowDevices, values),
      keys: wanted.map(([, one]) => call(one, values)),
    })
    for (const [at, [kind]] of wanted.entries()) {
      for (const { key } of keys[at] ?? []) keysOf(found, kind).add(key)
    }
    const next = end[0] ? { at: end[0].created_at, id: end[0].id } : null
    return { devices: counted[0]?.n ?? 0, next }
  }

  /** Finds up to the most of each, in as many looks as there are windows of devices. */
  async function lookThrough(of: User, most: typeof MOST, between?: () => Promise<void>) {
    const found: Found = new Map(KINDS.map((kind) => [kind, new Set()]))
    let { devices, next } = await look(of, null, most.rows, found)
    while (next && devices < most.devices) {
      await between?.()
      const more = await look(of, next, most.rows, found)
      devices += more.devices
      next = more.next
    }
    const rows = [...found].map(([kind, { size }]) => [kind, Math.min(size, most.rows)])
    const counts: Counts = { devices: Math.min(devices, most.devices), ...Object.fromEntries(rows) }
    return { counts, found }
  }

  return {
    counts: async (appId, userId, between) => (await lookThrough({ appId, userId }, MOST, between)).counts,

    async any(appId, userId, between) {
      const { counts } = await lookThrough({ appId, userId }, ANY, between)
      return Object.values(counts).some((count) => count > 0)
    },

    async about(appId, userId, { cursor, limit }, between) {
      const { counts, found } = await lookThrough({ appId, userId }, MOST, between)
      await between?.()
      const shown = (kind: (typeof KINDS)[number]) => ({
        keys: `[${[...keysOf(found, kind)].slice(0, limit).join()}]`,
      })
      const { devices, events, receipts, jobRows, clients } = await read(db, {
        devices: call(userDevices, { app: appId, userId, ...cursorValues(cursor), limit: limit + 1 }),
        events: call(held.events, shown('events')),
        receipts: call(held.receipts, shown('receipts')),
        jobRows: call(held.jobRows, shown('jobRows')),
        clients: call(held.clients, shown('clients')),
      })
      return {
        counts,
        devices: pageOf(devices, limit, toDevice),
        events: events.map(({ device_id, kind, cause, detail, at }) => ({
          deviceId: device_id,
          kind,
          cause,
          detail: JSON.parse(detail),
          at: new Date(at),
        })),
        receipts: receipts.map(toReceipt),
        jobRows: jobRows.map(({ job_id, ...row }) => ({ ...row, job: job_id })),
        clients: clients.map((row) => ({ ...row, about: JSON.parse(row.about) })),
      }
    },

    async device(appId, id) {
      const values = { app: appId, id, now: clock().getTime() }
      const [[known], [found]] = await db.read([call(deviceById, values), call(heldOfDevice, values)])
      return known && found ? { ...found } : null
    },
  }
}
