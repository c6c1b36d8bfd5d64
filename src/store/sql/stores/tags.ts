import type { TagStore, UserKey } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as T from '../statements/tags.ts'
import { noteSuperseded } from '../statements/topics.ts'
import { repeatableTags, tagPlan } from './tag-plan.ts'
import { changedNames, json, keyValues, occasionValues } from './values.ts'

export function tagStore(db: Db): TagStore {
  const toTags = (rows: readonly { name: string; type: string; value: string }[]) =>
    rows.map((row) => ({ name: row.name, type: row.type, value: JSON.parse(row.value) }))

  return {
    async change(key, changes, occasion) {
      const values = {
        changes: json(changes),
        names: changedNames(changes),
        superseded: 1,
        ...keyValues(key),
        ...occasionValues(occasion),
      }
      const plan = {
        noted: call(noteSuperseded, values),
        changed: tagPlan(T.deviceTags, changes, values),
        skipped: call(T.deviceTags.skipped, values),
        owners: call(T.ownerByKey, values),
      }
      const { skipped, owners } = await commit(db, plan, { repeatable: repeatableTags(changes) })
      return owners.length === 0 ? null : skipped.map(({ name }) => name)
    },

    async read(key, now) {
      const values = { now: now.getTime(), ...keyValues(key) }
      const [rows, owners] = await db.read([call(T.readOfDevice, values), call(T.ownerByKey, values)])
      return owners.length === 0 ? null : toTags(rows)
    },

    async readOfUser({ appId, dialect, userId }: UserKey, now) {
      const values = { app: appId, dialect, userId, now: now.getTime() }
      const [rows] = await db.read([call(T.readOfUser, values)])
      return toTags(rows)
    },
  }
}
