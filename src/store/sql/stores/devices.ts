import type { DeviceStore } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import { DETACH } from '../statements/detaching.ts'
import * as D from '../statements/devices.ts'
import { removeByKey, removeOfUser } from '../statements/removal.ts'
import { knownDevice } from '../statements/subscriptions.ts'
import { announceUpdated } from '../statements/webhooks.ts'
import { deviceLookups } from './device-lookups.ts'
import { registration } from './registration.ts'
import { removing } from './removing.ts'
import { lettingGo } from './user-room.ts'
import { bindsUser, type Keeps, keyValues, occasionValues, patchValue } from './values.ts'

export const deviceStore = (db: Db, keeps: Keeps = 0): DeviceStore => ({
  ...deviceLookups(db),
  ...registration(db, keeps),
  ...deviceChanges(db, keeps),
})

/** Changes of existing devices. */
function deviceChanges(db: Db, keeps: Keeps): Pick<DeviceStore, 'update' | 'touch' | 'detach' | 'remove'> {
  return {
    async update(key, patch, occasion, announce, limits) {
      const values = { patch: patchValue(patch), ...keyValues(key), ...occasionValues(occasion) }
      const tokenless = {
        hash: null,
        provider: null,
        holding: null,
        existing: 0,
        platform: null,
        keepPlatform: 1,
      }
      // Absolute values: a second run writes the same ones and finds no change to record.
      const plan = {
        counts: patch.enabled === undefined ? [] : [call(D.countUpdated, values)],
        spares: bindsUser(patch) ? [call(D.spareByKey, values)] : [],
        log: call(D.logChanges, { ...tokenless, ...values }),
        write: call(D.updateDevice, values),
        told: announce ? [call(announceUpdated, { ...values, announcement: crypto.randomUUID() })] : [],
        others: lettingGo({ patch, limits }, values),
        after: call(D.deviceByKey, values),
      }
      const {
        after: [row],
      } = await commit(db, plan, { repeatable: true })
      return row ? toDevice(row) : null
    },

    async touch(id, now, token) {
      const values = { id, now: now.getTime() }
      // Absolute times that never move back.
      const plan = [call(D.touchDevice, values), ...(token ? [call(D.touchToken, values)] : [])]
      await db.commit(plan, { repeatable: true })
    },

    async detach(key, occasion) {
      const values = { ...keyValues(key), ...occasionValues(occasion, keeps) }
      const plan = {
        writes: DETACH.map((one) => call(one, values)),
        after: call(D.deviceByKey, values),
      }
      // A second run finds no token to remove or to record; the result depends only on the device, which stays.
      const { after } = await commit(db, plan, { repeatable: true })
      return after.length > 0
    },

    async remove(key, occasion, userId) {
      const values = { userId: userId ?? null, ...keyValues(key), ...occasionValues(occasion, keeps) }
      // Not repeatable: a second run would report that there was nothing to remove.
      const outcome = await commit(db, {
        known: call(knownDevice, values),
        ...(userId === undefined ? removing(removeByKey, values) : removing(removeOfUser, values)),
      })
      // An expired device is deleted, but counts as unknown.
      return outcome.known.length > 0 && outcome.removed.length > 0
    },
  }
}
