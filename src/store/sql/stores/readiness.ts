import {
  type Counted,
  type Days,
  GROUPINGS,
  type Group,
  MOST_CURVES,
  MOST_GROUPS,
  type ReadinessRecord,
  type Tally,
} from '../../../domain/readiness.ts'
import type { OpenCounting, Question, ReadinessStore } from '../../contract/readiness.ts'
import { NEWEST } from '../keyset.ts'
import { commit, read } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as R from '../statements/readiness.ts'
import * as N from '../statements/readiness-records.ts'
import { audited } from './audit.ts'
import { pageOf, timePlace } from './pages.ts'
import { json } from './values.ts'

/** Most rows of a count; beyond, new values are summed together. */
const MOST_ROWS = 20_000
/** Months of last activity shown. */
const MOST_MONTHS = 240

export function readinessStore(db: Db): ReadinessStore {
  return {
    ...countings(db),
    ...records(db),

    async start(app, dialect) {
      const [[row]] = await db.read([call(R.starts, { app, dialect })])
      if (!row) return null
      const { created_at, imported_at, exported_at } = row
      return { createdAt: new Date(created_at), importedAt: time(imported_at), exportedAt: time(exported_at) }
    },

    async sweep(before, limit) {
      const { counts, runs } = await commit(db, {
        counts: call(R.sweepCounts, { limit }),
        runs: call(R.sweepRuns, { before: before.getTime(), limit }),
      })
      return counts.length + runs.length
    },

    async drop(app, dialect) {
      const plan = R.dropReadiness.map((one) => call(one, { app, dialect: dialect ?? '' }))
      await db.commit(plan, { repeatable: true })
    },
  }
}

function countings(db: Db): Pick<ReadinessStore, 'last' | 'begin' | 'open' | 'proceed'> {
  async function finish(counting: OpenCounting, now: Date) {
    const counted = await countedOf(db, counting.run)
    const values = {
      ...valuesOf(counting),
      ...{ run: counting.run, afterId: counting.after },
      ...{ now: now.getTime(), result: json(counted) },
    }
    const { finished } = await commit(db, {
      finished: call(R.finishRun, values),
      earlier: call(R.dropEarlier, values),
    })
    const { walked, startedAt } = counting
    return finished.length > 0 ? { counted, walked, startedAt, finishedAt: now } : null
  }

  return {
    async last(question) {
      const [[row]] = await db.read([call(R.lastRun, valuesOf(question))])
      if (!row) return null
      const { walked, started_at, finished_at, result } = row
      return {
        counted: JSON.parse(result),
        walked,
        startedAt: new Date(started_at),
        finishedAt: new Date(finished_at),
      }
    },

    async begin(question, now) {
      const values = { ...valuesOf(question), now: now.getTime() }
      const { open } = await commit(db, { begun: call(R.beginRun, values), open: call(R.openRun, values) })
      const [row] = open
      if (!row) return null
      const { appId, dialect, since, activeDays } = question
      const { number: run, after, walked, started_at } = row
      return { appId, dialect, since, activeDays, run, after, walked, startedAt: new Date(started_at) }
    },

    async open() {
      const [[row]] = await db.read([call(R.anyOpen, {})])
      if (!row) return null
      return {
        ...{ run: row.number, appId: row.app_id, dialect: row.dialect, activeDays: row.active_days },
        ...{ after: row.after, walked: row.walked },
        since: new Date(row.since),
        startedAt: new Date(row.started_at),
      }
    },

    async proceed(counting, limit, now) {
      const { run, after } = counting
      const [[rows]] = await db.read([call(R.rowsOfRun, { run })])
      const values = {
        ...valuesOf(counting),
        ...{ run, afterId: after, each: limit, now: now.getTime() },
        kinds: R.COUNTED_KINDS,
        full: (rows?.n ?? 0) >= MOST_ROWS ? 1 : 0,
      }
      // Not repeatable: the position decides, so a second run would find its batch already counted.
      const { moved } = await commit(db, {
        counted: call(R.countPiece, values),
        moved: call(R.moveOn, values),
      })
      const [row] = moved
      if (!row) return null
      const next = { ...counting, after: row.after, walked: row.walked }
      return row.walked - counting.walked < limit ? finish(next, now) : next
    },
  }
}

const valuesOf = ({ appId, dialect, since, activeDays }: Question) => ({
  app: appId,
  dialect,
  since: since.getTime(),
  activeDays,
})

/** The result of a count. */
async function countedOf(db: Db, run: number): Promise<Counted> {
  const groups = (kind: string, limit: number) => call(R.groupsOfRun, { run, kind, limit })
  const of = await read(db, {
    all: groups('all', 1),
    days: call(R.daysOfRun, { run, kind: 'all', name: '' }),
    platform: groups('platform', MOST_GROUPS),
    appVersion: groups('appVersion', MOST_GROUPS),
    sdkVersion: groups('sdkVersion', MOST_GROUPS),
    country: groups('country', MOST_GROUPS),
    lastSeen: groups('lastSeen', MOST_MONTHS),
  })
  const curves = GROUPINGS.flatMap((kind) =>
    of[kind].slice(0, MOST_CURVES).map(({ name }) => ({ kind, name })),
  )
  const days =
    curves.length === 0 ? [] : await db.read(curves.map((one) => call(R.daysOfRun, { run, ...one })))
  const byGroup = new Map(curves.map(({ kind, name }, at) => [`${kind} ${name}`, daysOf(days[at] ?? [])]))
  const [all] = of.all
  return {
    ...tallyOf(all),
    ...{ dead: all?.dead ?? 0, placeholders: all?.placeholders ?? 0 },
    ...{ reachable: all?.reachable ?? 0, early: all?.early ?? 0 },
    days: daysOf(of.days),
    groups: Object.fromEntries(
      GROUPINGS.map((kind) => [
        kind,
        of[kind].map((row) => groupOf(row, byGroup.get(`${kind} ${row.name}`))),
      ]),
    ) as unknown as Counted['groups'],
    unseen: of.lastSeen
      .map(({ name, imported }) => ({ month: name === '' ? null : name, devices: imported }))
      .sort((one, other) => ((one.month ?? '') < (other.month ?? '') ? -1 : 1)),
  }
}

const daysOf = (rows: readonly { readonly day: number; readonly n: number }[]): Days =>
  rows.flatMap(({ day, n }) => (n > 0 ? [[day, n] as const] : []))

const tallyOf = (row: R.SumRow | undefined): Tally => ({
  imported: row?.imported ?? 0,
  both: row?.seen ?? 0,
  liveOnly: row?.live_only ?? 0,
  active: row?.active ?? 0,
  activeSeen: row?.active_seen ?? 0,
})

const groupOf = (row: R.SumRow, days: Days | undefined): Group => ({
  value: row.name === '' ? null : row.name,
  ...tallyOf(row),
  ...(days && { days }),
})

function records(db: Db): Pick<ReadinessStore, 'sign' | 'record' | 'records'> {
  return {
    async sign({ id, dialect, at, actor, note, document, digest }, app, entry) {
      const values = { id, app, dialect, now: at.getTime(), actor, note, document, hash: digest }
      const { signed } = await commit(db, { signed: call(N.insertRecord, values), told: audited(entry) })
      return signed.length > 0
    },
    async record(app, id) {
      const [[row]] = await db.read([call(N.recordById, { app, id })])
      return row ? toRecord(row) : null
    },
    async records(app, { after, limit }) {
      const [rows] = await db.read([call(N.recordPage, { app, limit, ...NEWEST.values(after) })])
      return pageOf(rows, limit, toRecord, timePlace)
    },
  }
}

const time = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds))

const toRecord = ({ created_at, ...row }: N.RecordRow): ReadinessRecord => ({
  ...row,
  at: new Date(created_at),
})
