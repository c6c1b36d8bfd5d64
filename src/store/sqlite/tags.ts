import type { TagChange } from '../../domain/tag.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import * as T from '../statements/tags.ts'
import type { TagStore, UserKey } from '../store.ts'
import { repeatableTags, tagPlan } from './tag-plan.ts'
import { json, keyValues, patchValue } from './values.ts'

type Values = Call['values']

export function tagStore(db: Db): TagStore {
  /** The owners' ids, and the names of the changes that did not fit. */
  async function change(of: T.TagStatements, changes: readonly TagChange[], bound: Values, first: Call[]) {
    const values = { ...bound, changes: json(changes) }
    const plan = [
      ...first,
      ...tagPlan(of, changes, values),
      call(of.skipped, values),
      call(of.owners, values),
    ]
    const results = await db.commit(plan as Call[], { repeatable: repeatableTags(changes) })
    // By position from the end: the owners, then the skipped names.
    const skipped = (results.at(-2) ?? []) as { name: string }[]
    return { owners: (results.at(-1) ?? []).length, skipped: skipped.map(({ name }) => name) }
  }

  async function read(of: T.TagStatements, values: Values) {
    const [rows, owners] = await db.read([call(of.read, values), call(of.owners, values)])
    const tags = rows.map((row) => ({ name: row.name, type: row.type, value: JSON.parse(row.value) }))
    return { owners: owners.length, tags }
  }

  const userValues = ({ appId, dialect, userId }: UserKey, now: Date): Values => ({
    app: appId,
    dialect,
    userId,
    now: now.getTime(),
  })

  return {
    async change(key, changes, now) {
      const values = { ...keyValues(key), now: now.getTime() }
      const { owners, skipped } = await change(T.deviceTags, changes, values, [])
      return owners === 0 ? null : skipped
    },

    async read(key, now) {
      const { owners, tags } = await read(T.deviceTags, { ...keyValues(key), now: now.getTime() })
      return owners === 0 ? null : tags
    },

    async changeOfUser(key, changes, profile, now) {
      const values = userValues(key, now)
      const told = Object.keys(profile).length > 0
      const first = told ? [call(T.patchProfilesOfUser, { ...values, patch: patchValue(profile) })] : []
      return (await change(T.userTags, changes, values, first)).skipped
    },

    async readOfUser(key, now) {
      return (await read(T.userTags, userValues(key, now))).tags
    },
  }
}
