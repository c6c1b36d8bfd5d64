import type { HeldStore } from '../../store.ts'
import { NEWEST } from '../keyset.ts'
import { read } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice, toEvent } from '../rows.ts'
import { call } from '../statement.ts'
import { deviceById } from '../statements/devices.ts'
import { userDevices } from '../statements/directory.ts'
import { held, heldOfDevice } from '../statements/held.ts'
import { type Kind, keysOf, lookThrough } from './held-looks.ts'
import { toHeldState } from './held-states.ts'
import { pageOf, timePlace } from './pages.ts'
import { toReceipt } from './receipts.ts'

/** Higher counts need not be exact. */
const MOST = { devices: 100_000, rows: 2000 }
const ANY = { devices: 1, rows: 1 }

export function heldStore(db: Db, clock: () => Date, undoDays: number): HeldStore {
  return {
    counts: async (user, between) => (await lookThrough(db, user, MOST, between)).counts,

    async any(user, between) {
      const { counts } = await lookThrough(db, user, ANY, between)
      return Object.values(counts).some((count) => count > 0)
    },

    async about(user, { after, limit }, reveal, between) {
      const { appId, userId } = user
      const { counts, found } = await lookThrough(db, user, MOST, between)
      await between?.()
      const shown = (kind: Kind) => ({
        keys: `[${[...keysOf(found, kind)].slice(0, limit).join()}]`,
      })
      const { devices, events, receipts, jobRows, clients, keptStates } = await read(db, {
        devices: call(userDevices, { app: appId, userId, ...NEWEST.values(after), limit }),
        events: call(held.events, shown('events')),
        receipts: call(held.receipts, shown('receipts')),
        jobRows: call(held.jobRows, shown('jobRows')),
        clients: call(held.clients, shown('clients')),
        keptStates: call(held.keptStates, shown('keptStates')),
      })
      return {
        counts,
        devices: pageOf(devices, limit, toDevice, timePlace),
        events: events.map(toEvent),
        receipts: receipts.map(toReceipt),
        jobRows: jobRows.map(({ job_id, ...row }) => ({ ...row, job: job_id })),
        clients: clients.map((row) => ({ ...row, about: JSON.parse(row.about) })),
        keptStates: await Promise.all(
          keptStates.map((row) => toHeldState(row, { userId, undoDays, reveal })),
        ),
      }
    },

    async device(appId, id) {
      const values = { app: appId, id, now: clock().getTime() }
      const [[known], [found]] = await db.read([call(deviceById, values), call(heldOfDevice, values)])
      return known && found ? { ...found } : null
    },
  }
}
