import type { DeviceStore } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import * as D from '../statements/devices.ts'
import { removeByKey, removeOfUser } from '../statements/removal.ts'
import { knownDevice } from '../statements/subscriptions.ts'
import { announceUpdated } from '../statements/webhooks.ts'
import { deviceLookups } from './device-lookups.ts'
import { registration } from './registration.ts'
import { removing } from './removing.ts'
import { lettingGo } from './user-room.ts'
import { bindsUser, keyValues, occasionValues, patchValue } from './values.ts'

export const deviceStore = (db: Db): DeviceStore => ({
  ...deviceLookups(db),
  ...registration(db),
  ...deviceChanges(db),
})

/** For a device that exists. */
function deviceChanges(db: Db): Pick<DeviceStore, 'update' | 'touch' | 'detach' | 'remove'> {
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
      // Absolute values: the second time writes the same ones, and finds no change to log.
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
      // Only ever forward, to an absolute time.
      const plan = [call(D.touchDevice, values), ...(token ? [call(D.touchToken, values)] : [])]
      await db.commit(plan, { repeatable: true })
    },

    async detach(key, occasion) {
      const values = { ...keyValues(key), ...occasionValues(occasion) }
      const plan = {
        writes: [D.countDetaching, D.logDetached, D.retireDetached, D.detachToken].map((one) =>
          call(one, values),
        ),
        after: call(D.deviceByKey, values),
      }
      // The second time there is no token to take or to log; the answer is the device, which stays.
      const { after } = await commit(db, plan, { repeatable: true })
      return after.length > 0
    },

    async remove(key, occasion, userId) {
      const values = { userId: userId ?? null, ...keyValues(key), ...occasionValues(occasion) }
      // Not repeatable: the second time would answer that there was nothing to remove.
      const outcome = await commit(db, {
        known: call(knownDevice, values),
        ...(userId === undefined ? removing(removeByKey, values) : removing(removeOfUser, values)),
      })
      // An expired device goes, but was unknown before.
      return outcome.known.length > 0 && outcome.removed.length > 0
    },
  }
}
