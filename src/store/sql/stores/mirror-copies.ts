import type { CopyDraft, CopyStore, TakenCopy } from '../../contract/mirror-copies.ts'
import { commit, read } from '../plan.ts'
import type { Call, Db } from '../port.ts'
import type { Riders } from '../riders.ts'
import { call } from '../statement.ts'
import * as C from '../statements/mirror-copies.ts'
import { anyDueIn, claimedByApp } from './claiming.ts'
import { claimValues, json } from './values.ts'

/** Most stray leases freed per claim; after a clock change there may be as many as waiting copies. */
const STRAYS = 500

const valuesOf = ({ scope, at, once, externalId, subjects, ...copy }: CopyDraft) => ({
  ...copy,
  externalId: externalId ?? '',
  subjects: json([...new Set(subjects)]),
  app: scope.appId,
  dialect: scope.dialect,
  line: `${scope.appId}/${scope.dialect}`,
  once: once ? 1 : 0,
  now: at.getTime(),
})

const adding = (copy: CopyDraft): readonly Call[] => {
  const values = valuesOf(copy)
  const [before, after] =
    copy.subjects.length > 0 ? [[call(C.collapseSubjects, values)], [call(C.keepSubjects, values)]] : [[], []]
  return [...before, call(C.collapse, values), call(C.letPass, values), call(C.addCopy, values), ...after]
}

export function copyStore(db: Db, riders: Riders): CopyStore {
  return {
    carry: (copies, cause) => riders.carry(cause, async () => (await copies()).flatMap(adding)),

    async add(...copies) {
      await db.commit(copies.flatMap(adding), { repeatable: true })
    },

    async claim({ resting, each, ...claim }, now) {
      const values = { ...claimValues(claim, now), each, resting: json(resting), most: STRAYS, app: '' }
      if (!(await anyDueIn(db, [C.anyDue], values))) return []
      const rows = await claimedByApp(
        db,
        { dueLanes: C.dueLanes, anyStray: C.anyStray },
        values,
        async (of) => {
          const one = { ...values, ...of }
          const plan = {
            taken: of
              ? [call(C.claimCopiesIn, { ...values, ...of })]
              : [call(C.freeStrays, values), call(C.claimCopies, values)],
            begun: call(C.countTries, one),
            rows: call(C.leasedCopies, one),
          }
          return (await commit(db, plan)).rows
        },
      )
      if (rows.length === 0) return []
      const ids = await db.read(rows.map(({ device }) => call(C.knownIds, { device })))
      return rows.map((row, at) => toCopy(row, ids[at] ?? []))
    },

    async end({ id, device, scope: { appId: app, dialect } }, { ids, gone }, now) {
      const values = { id, device, app, dialect, now: now.getTime(), ids: json(ids), gone: gone ? 1 : 0 }
      const learnt = [
        ...(ids.length > 0 ? [call(C.keepIds, values)] : []),
        ...(gone ? [call(C.dropIds, values)] : []),
      ]
      const ended = [C.endSubjects, C.endCopy, C.nextOfDevice].map((one) => call(one, values))
      await db.commit([...learnt, ...ended], {
        repeatable: true,
      })
    },

    async postpone({ id, scope: { appId: app } }, dueAt, tries) {
      const values = { app, id, dueAt: dueAt.getTime(), tries }
      await db.commit([call(C.postponeCopy, values)], { repeatable: true })
    },

    async waiting({ appId, dialect }) {
      const [[row]] = await db.read([call(C.countWaiting, { app: appId, dialect })])
      return row?.waiting ?? 0
    },

    async naming({ appId: app, dialect }, subjects) {
      const [rows] = await db.read([call(C.anyNaming, { app, dialect, subjects: json(subjects) })])
      return rows.length > 0
    },

    async scopes() {
      const [rows] = await db.read([call(C.waitingScopes, {})])
      return rows.map(({ app_id: appId, dialect }) => ({ appId, dialect }))
    },

    async trim({ appId: app, dialect }, most, now) {
      const scope = { app, dialect }
      const { waiting } = await read(db, { waiting: call(C.countWaiting, scope) })
      const excess = (waiting[0]?.waiting ?? 0) - most
      const heal = call(C.healDevices, { ...scope, now: now.getTime() })
      const over = { ...scope, excess }
      const subjects = excess > 0 ? [call(C.dropSubjects, over)] : []
      const dropped = excess > 0 ? [call(C.dropOldest, over)] : []
      const done = await commit(db, { subjects, dropped, heal })
      return done.dropped.flatMap((rows) => rows.map(({ route }) => route))
    },
  }
}

const toCopy = (row: C.CopyRow, ids: TakenCopy['ids']): TakenCopy => ({
  id: row.id,
  scope: { appId: row.app_id, dialect: row.dialect },
  line: row.line,
  device: row.device,
  route: row.route,
  once: row.once === 1,
  sealed: row.sealed,
  tries: row.tries,
  behind: row.behind === 1,
  at: new Date(row.created_at),
  ids,
})
