import type { Counts, HeldStore } from '../../store.ts'
import type { Call, Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call, type Statement } from '../statement.ts'
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

type Kind = 'events' | 'receipts' | 'calls' | 'work' | 'jobRows' | 'clients'

export function heldStore(db: Db, clock: () => Date): HeldStore {
  const window = db.inThread ? SMALL_WINDOW : WINDOW

  /** Finds up to the most of each, in as many looks as there are windows of devices. */
  async function look(
    { appId, userId }: { readonly appId: string; readonly userId: string },
    most: typeof MOST,
    between?: () => Promise<void>,
  ): Promise<{ readonly counts: Counts; readonly found: Readonly<Record<Kind, ReadonlySet<string>>> }> {
    const found: Record<Kind, Set<string>> = {
      events: new Set(),
      receipts: new Set(),
      calls: new Set(),
      work: new Set(),
      jobRows: new Set(),
      clients: new Set(),
    }
    let devices = 0
    let place: { at: number; id: string } | null = null
    do {
      const values: Call['values'] = {
        app: appId,
        userId,
        window,
        most: most.rows,
        afterAt: place?.at ?? Number.MIN_SAFE_INTEGER,
        afterId: place?.id ?? '',
      }
      const asked = [
        ...Object.entries(heldOnDevices),
        ...(place ? [] : Object.entries(heldElsewhere)),
      ] as (readonly [Kind, Statement<{ key: string }>])[]
      const wanted = asked.filter(([kind]) => found[kind].size < most.rows)
      if (place) await between?.()
      const [[end], [counted], ...rows] = await db.read([
        call(windowEnd, values),
        call(windowDevices, values),
        ...wanted.map(([, one]) => call(one, values)),
      ])
      devices += counted?.n ?? 0
      for (const [at, [kind]] of wanted.entries()) for (const { key } of rows[at] ?? []) found[kind].add(key)
      place = end ? { at: end.created_at, id: end.id } : null
    } while (place && devices < most.devices)
    const rows = Object.entries(found).map(([kind, { size }]) => [kind, Math.min(size, most.rows)])
    const counts = { devices: Math.min(devices, most.devices), ...Object.fromEntries(rows) }
    return { counts, found }
  }

  return {
    counts: async (appId, userId, between) => (await look({ appId, userId }, MOST, between)).counts,

    async any(appId, userId, between) {
      const { counts } = await look({ appId, userId }, ANY, between)
      return Object.values(counts).some((count) => count > 0)
    },

    async about(appId, userId, { cursor, limit }, between) {
      const { counts, found } = await look({ appId, userId }, MOST, between)
      await between?.()
      const shown = (kind: Kind) => ({ keys: `[${[...found[kind]].slice(0, limit).join()}]` })
      const [devices, events, receipts, jobRows, clients] = await db.read([
        call(userDevices, { app: appId, userId, ...cursorValues(cursor), limit: limit + 1 }),
        call(held.events, shown('events')),
        call(held.receipts, shown('receipts')),
        call(held.jobRows, shown('jobRows')),
        call(held.clients, shown('clients')),
      ])
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
