import type { Counts, HeldStore } from '../../store.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import { deviceById } from '../statements/devices.ts'
import { userDevices } from '../statements/directory.ts'
import { held, heldCounts, heldOfDevice } from '../statements/held.ts'
import { toReceipt } from './receipts.ts'
import { cursorValues, pageOf } from './values.ts'

/** Beyond that it does not matter how many there are. */
const MOST_COUNTED = 2000
const MOST_DEVICES = 100_000

export function heldStore(db: Db, clock: () => Date): HeldStore {
  async function counts(appId: string, userId: string): Promise<Counts> {
    const values = { app: appId, userId, most: MOST_COUNTED, mostDevices: MOST_DEVICES }
    const results = await db.read(Object.values(heldCounts).map((one) => call(one, values)))
    return Object.fromEntries(Object.keys(heldCounts).map((name, at) => [name, results[at]?.[0]?.n ?? 0]))
  }

  return {
    counts,

    async about(appId, userId, { cursor, limit }) {
      const values = { app: appId, userId }
      const [devices, events, receipts, jobRows, clients] = await db.read([
        call(userDevices, { ...values, ...cursorValues(cursor), limit: limit + 1 }),
        call(held.events, { ...values, limit }),
        call(held.receipts, { ...values, limit }),
        call(held.jobRows, { ...values, limit }),
        call(held.clients, { ...values, limit }),
      ])
      return {
        counts: await counts(appId, userId),
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
