import type { Piece, PieceOptions, UserWork, UserWorkStore } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import { patchProfilesOfUser, userTags } from '../statements/tags.ts'
import * as W from '../statements/user-work.ts'
import { tagPlan } from './tag-plan.ts'
import { changedNames, changeId, json, patchValue } from './values.ts'

export function userWorkStore(db: Db): UserWorkStore {
  /** One piece, behind the statements that go first. */
  async function piece(
    work: UserWork,
    options: PieceOptions,
    now: Date,
    first: readonly (typeof W.insertWork)[],
  ): Promise<Piece> {
    const values = valuesOf(work, options, now)
    const plan = {
      advanced: [...first, W.advance].map((one) => call(one, values)),
      changed: options.skip ? [] : changeOf(work, values),
      finished: call(W.finish, values),
      skipped: call(userTags.skipped, values),
      left: call(W.remaining, values),
    }
    // Not repeatable: it goes on from where it was, and the second time would do the next piece.
    const { skipped, left } = await commit(db, plan)
    return { skipped: skipped.map(({ name }) => name), more: left.length > 0 }
  }

  return {
    begin: (work, now) => piece(work, { most: Number.MAX_SAFE_INTEGER }, now, [W.insertWork]),
    proceed: (work, options, now) => piece(work, options, now, []),
    async next() {
      const [[row]] = await db.read([call(W.nextWork, {})])
      return row ? toWork(row) : null
    },
  }
}

function changeOf({ change }: UserWork, values: ReturnType<typeof valuesOf>): Call<never>[] {
  if (change.do === 'move') return [W.spareMoved, W.logMoved, W.moveUser].map((one) => call(one, values))
  const told = Object.keys(change.profile).length > 0
  return [
    ...(told ? [call(patchProfilesOfUser, { ...values, patch: patchValue(change.profile) })] : []),
    ...tagPlan(userTags, change.changes, values),
  ]
}

function valuesOf({ id, of, change, cause, askedAt }: UserWork, { most }: PieceOptions, now: Date) {
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
    cost: 1 + changes.length,
    changes: json(changes),
    names: changedNames(changes),
    change: changeId(),
  }
}

const toWork = (row: W.WorkRow): UserWork => ({
  id: row.id,
  of: { appId: row.app_id, dialect: row.dialect, userId: row.user_id },
  // Written by `begin` from a change of that type.
  change: JSON.parse(row.input),
  cause: row.cause,
  askedAt: new Date(row.asked_at),
})
