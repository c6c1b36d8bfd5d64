import type { Piece, PieceOptions, UserWork, UserWorkStore } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import { letGoOfMoved } from '../statements/room.ts'
import { logProfilesOfUser, patchProfilesOfUser, userTags } from '../statements/tags.ts'
import * as W from '../statements/user-work.ts'
import { anyDueIn } from './claiming.ts'
import { tagPlan } from './tag-plan.ts'
import { changedNames, changeId, claimValues, json, patchValue } from './values.ts'

export function userWorkStore(db: Db): UserWorkStore {
  /** Processes one batch, in the plan that begins the work or under a lease that ends with it. */
  async function piece(
    work: UserWork,
    { skip, ...options }: Omit<PieceOptions, 'lease'> & { readonly lease: string | null },
    now: Date,
  ): Promise<Piece> {
    const values = valuesOf(work, options, now)
    const begins = options.lease === null
    const plan = {
      begun: begins ? [call(W.insertWork, values)] : [],
      advanced: call(W.advance, values),
      changed: skip ? [] : changeOf(work, values),
      finished: call(W.finish, values),
      released: begins ? [] : [call(W.release, values)],
      skipped: call(userTags.skipped, values),
      left: call(W.remaining, values),
    }
    // Not repeatable: it continues from the stored position, so a second run would process the next batch.
    const { skipped, left } = await commit(db, plan)
    return { skipped: skipped.map(({ name }) => name), more: left.length > 0 }
  }

  return {
    begin: (work, now) => piece(work, { most: Number.MAX_SAFE_INTEGER, lease: null }, now),
    proceed: piece,
    async claim(claim, now) {
      const values = claimValues(claim, now)
      if (db.holdsAll && !(await anyDueIn(db, [W.anyDue], values))) return []
      const [rows] = await db.commit([call(W.claimWork, values)])
      return rows.map(toWork)
    },
  }
}

function changeOf({ change }: UserWork, values: ReturnType<typeof valuesOf>): Call<never>[] {
  if (change.do === 'move')
    return [W.spareMoved, W.logMoved, W.moveUser, ...letGoOfMoved].map((one) => call(one, values))
  const names = Object.keys(change.profile)
  const profile = { ...values, patch: patchValue(change.profile), fields: json(names) }
  return [
    ...(names.length > 0 ? [call(patchProfilesOfUser, profile), call(logProfilesOfUser, profile)] : []),
    ...tagPlan(userTags, change.changes, values),
  ]
}

function valuesOf(
  { id, of, change, cause, askedAt }: UserWork,
  { most, lease }: { readonly most: number; readonly lease: string | null },
  now: Date,
) {
  const changes = change.do === 'tags' ? change.changes : []
  return {
    work: id,
    app: of.appId,
    dialect: of.dialect,
    userId: of.userId,
    target: change.do === 'move' ? change.to : null,
    input: json(change),
    cause,
    asked: askedAt.getTime(),
    now: now.getTime(),
    last: W.LAST,
    most,
    lease,
    cost: 1 + changes.length,
    changes: json(changes),
    names: changedNames(changes),
    change: changeId(),
  }
}

const toWork = (row: W.WorkRow): UserWork => ({
  id: row.id,
  of: { appId: row.app_id, dialect: row.dialect, userId: row.user_id },
  // Safe cast: `begin` stored a change of this type.
  change: JSON.parse(row.input),
  cause: row.cause,
  askedAt: new Date(row.asked_at),
})
