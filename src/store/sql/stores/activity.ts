import type { Activity } from '../../../domain/activity.ts'
import type { ActivityStore } from '../../contract/activity.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/activity.ts'
import { json } from './values.ts'

export function activityStore(db: Db): ActivityStore {
  return {
    async add(counts) {
      await db.commit([call(A.addActivity, { counts: json(counts) })])
    },

    async since(appId, hour) {
      const [rows] = await db.read([
        call(A.activitySince[appId === null ? 'all' : 'app'], { app: appId, hour }),
      ])
      return rows.map(({ kind, ...row }) => ({ ...row, kind: kind as Activity, appId: appId ?? '' }))
    },

    async drop(hour, batch) {
      const [rows] = await db.commit([call(A.dropActivity, { hour, batch })])
      return rows.length
    },
  }
}
