import { ONCE } from '../../../domain/mirror.ts'
import type { MirrorDiff, MirrorSignature, Severity } from '../../../domain/mirror-report.ts'
import type { MirrorStore } from '../../store.ts'
import { NEWEST } from '../keyset.ts'
import { commit } from '../plan.ts'
import { ConstraintViolated, type Db } from '../port.ts'
import { call } from '../statement.ts'
import * as M from '../statements/mirrors.ts'
import { audited } from './audit.ts'
import { pageOf, timePlace } from './pages.ts'
import { json } from './values.ts'

/** How often the use of an alias is recorded, in milliseconds. */
const USED_EVERY = 3_600_000

export function mirrorStore(db: Db): MirrorStore {
  return {
    ...markStore(db),
    ...aliasStore(db),
    async adopt({ appId, dialect }, { externalId, renamed, line = '', subscriptions = {} }, { at, cause }) {
      const ids = Object.entries(subscriptions).map(([topic, id]) => ({ topic, id }))
      const values = { app: appId, dialect, externalId, renamed: renamed ?? '', ids: json(ids) }
      const more = { ...values, line, now: at.getTime(), cause }
      const plan = {
        ids: ids.length > 0 ? [call(M.adoptSubscriptions, values)] : [],
        renamed:
          renamed === undefined
            ? []
            : [M.logRenamed, M.dropFormerIds, M.keepAlias, M.renameDevice].map((one) => call(one, more)),
      }
      // If another device got an id meanwhile, it keeps it.
      await commit(db, plan, { repeatable: true }).catch(unlessTaken)
    },

    async count(counts) {
      const rows = counts.map(({ since, ...one }) => ({ ...one, since: since.getTime() }))
      // Not repeatable: it would count twice.
      await db.commit([call(M.addCounts, { counts: json(rows) })])
    },

    async totals({ appId, dialect }, since) {
      const [rows] = await db.read([call(M.totals, { app: appId, dialect, since: since.getTime() })])
      return rows
    },

    async note({ appId, dialect }, diff) {
      const { id, at, dropAt, since, mode, route, severity, signature, ours, vendor, differences } = diff
      const kinds = differences.map(({ ours, vendor, ...kept }) => kept)
      const values = {
        ...{ app: appId, dialect, id, mode, route, severity, signature },
        ...{ now: at.getTime(), dropAt: dropAt.getTime(), since: since.getTime() },
        differences: json(kinds),
        detail: json({ ours, vendor, differences }),
        sample: diff.sample && json(diff.sample),
        subjects: json([...new Set(diff.subjects)]),
        copy: diff.copy ?? '',
      }
      // Not repeatable: it would count twice.
      await commit(db, {
        counted: call(M.noteSignature, values),
        kept: [call(M.keepDiff, values), call(M.keepSubjects, values)],
      })
    },

    async signatures({ appId, dialect }, since, limit) {
      const values = { app: appId, dialect, since: since.getTime(), limit }
      const [rows] = await db.read([call(M.signatures, values)])
      return rows.map(toSignature)
    },

    async accept({ appId, dialect }, signature, { accepted, note }, entry) {
      const values = { app: appId, dialect, signature, accepted: accepted ? 1 : 0, note }
      const plan = { judged: call(M.acceptSignature, values), noted: audited(entry) }
      const [row] = (await commit(db, plan, { repeatable: true })).judged
      return row ? toSignature(row) : null
    },

    async diffs({ appId, dialect }, { route = '', signature = '', severity = '' }, { after, limit }) {
      const values = { app: appId, dialect, route, signature, severity, ...NEWEST.values(after), limit }
      const [rows] = await db.read([call(M.diffPage, values)])
      return pageOf(rows, limit, toDiff, timePlace)
    },

    async prune(now, hour, limit) {
      const values = { now: now.getTime(), hour, limit }
      const { diffs } = await commit(db, {
        subjects: call(M.pruneSubjects, values),
        diffs: call(M.pruneDiffs, values),
        counts: call(M.pruneCounts, values),
      })
      return diffs.length
    },

    async drop(appId, dialect) {
      const plan = M.dropAll.map((one) => call(one, { app: appId, dialect: dialect ?? '' }))
      await db.commit(plan, { repeatable: true })
    },

    async forget(appId, subjects) {
      const values = { app: appId, subjects: json(subjects), kinds: json(ONCE) }
      await db.commit(forgetting(values), { repeatable: true })
    },
  }
}

const aliasStore = (db: Db): Pick<MirrorStore, 'aliased' | 'pruneAliases'> => ({
  async aliased({ appId: app, dialect }, former, now) {
    const values = { app, dialect, former, now: now.getTime() }
    const [[row]] = await db.read([call(M.aliased, values)])
    if (!row) return null
    if (values.now - row.used_at >= USED_EVERY)
      await db.commit([call(M.touchAlias, values)], { repeatable: true })
    return row.external_id
  },

  async pruneAliases(before, limit) {
    const [rows] = await db.commit([call(M.pruneAliases, { before: before.getTime(), limit })])
    return rows.length
  },
})

const markStore = (db: Db): Pick<MirrorStore, 'mark' | 'unmark'> => ({
  async mark({ appId, dialect }, kind, mark, now) {
    const [rows] = await db.commit([call(M.mark, { app: appId, dialect, kind, mark, now: now.getTime() })])
    return rows.length > 0
  },

  async unmark(app, kind, mark) {
    const values = { app, kinds: json([kind]), subjects: json([mark]) }
    await db.commit([call(M.forgetMarks, values)], { repeatable: true })
  },
})

const forgetting = (values: { app: string; subjects: string; kinds: string }) =>
  [M.forgetExamples, M.forgetDiffs, M.forgetSubjects, M.forgetMarks].map((one) => call(one, values))

function unlessTaken(error: unknown): void {
  if (!(error instanceof ConstraintViolated)) throw error
}

const toSignature = (row: M.SignatureRow): MirrorSignature => ({
  signature: row.signature,
  route: row.route,
  severity: row.severity as Severity,
  count: row.count,
  firstAt: new Date(row.first_at),
  lastAt: new Date(row.last_at),
  differences: JSON.parse(row.differences),
  example: row.example,
  accepted: row.accepted === 1,
  note: row.note,
})

const toDiff = ({ id, dialect, created_at, route, signature, ...row }: M.DiffRow): MirrorDiff => ({
  ...{ id, dialect, route, signature, at: new Date(created_at) },
  mode: row.mode as MirrorDiff['mode'],
  severity: row.severity as Severity,
  ...JSON.parse(row.detail),
  sample: row.sample === null ? null : JSON.parse(row.sample),
})
