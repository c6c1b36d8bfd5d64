import type { DirectoryStore } from '../../store.ts'
import { commit, read } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice, toEvent } from '../rows.ts'
import { call } from '../statement.ts'
import { deviceById } from '../statements/devices.ts'
import * as Q from '../statements/directory.ts'
import { removeById } from '../statements/removal.ts'
import { audited } from './audit.ts'
import { directoryCounts } from './directory-counts.ts'
import { directoryInstallations } from './directory-installations.ts'
import { cutOf, cutPlace, pageValues, sourceOf } from './directory-pages.ts'
import { pageOf, timePlace } from './pages.ts'
import { removing } from './removing.ts'
import { type Keeps, occasionValues } from './values.ts'

export const directoryStore = (db: Db, clock: () => Date, keeps: Keeps = 0): DirectoryStore => ({
  ...directoryDevices(db, clock, keeps),
  ...directoryInstallations(db, clock),
  ...directoryCounts(db, clock),
})

type Devices = Pick<DirectoryStore, 'devices' | 'device' | 'removeDevice' | 'history'>

function directoryDevices(db: Db, clock: () => Date, keeps: Keeps): Devices {
  return {
    async devices(appId, filter, page) {
      const values = pageValues(appId, filter, page, clock())
      const source = sourceOf(filter)
      const { rows, end } = await read(db, {
        rows: call(Q.devicePage[source], values),
        end: call(Q.deviceWalkEnd[source], values),
      })
      const whole = pageOf(rows, page.limit, toDevice, timePlace)
      return { ...whole, next: whole.next ?? cutPlace(cutOf(end)) }
    },

    async device(appId, id) {
      const [[row]] = await db.read([call(deviceById, { app: appId, id })])
      return row ? toDevice(row) : null
    },

    async removeDevice(appId, id, occasion, entry) {
      const values = { app: appId, id, ...occasionValues(occasion, keeps) }
      const { removed } = await commit(db, {
        ...removing(removeById, values),
        audit: audited(entry),
      })
      return removed.length > 0
    },

    async history(appId, deviceId) {
      const [rows] = await db.read([call(Q.history, { app: appId, id: deviceId })])
      return rows.map((row) => ({ ...toEvent(row), id: String(row.event) }))
    },
  }
}
