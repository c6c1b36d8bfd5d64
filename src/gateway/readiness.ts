import type { DialectSetup } from '../domain/app.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { mirrorOf } from '../domain/mirror.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import type { Counted, ReadinessRecord } from '../domain/readiness.ts'
import { curvesOf, type MirrorState, type ReadinessReport, reportOf } from '../domain/readiness-report.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { DoneCounting, OpenCounting, Question, Store } from '../store/store.ts'
import { auditing, type By } from './auditing.ts'
import type { MirrorReports } from './mirrors.ts'

/** An operator's query about a dialect of an app. */
export interface ReadinessQuery {
  /** By default: since the mirror's last change, since the first import, or since the dialect was added. */
  readonly since?: Date | undefined
  readonly activeDays: number
  readonly targets: readonly number[]
  /** The number of dialects in the same request, which share its budget for counting; 1 by default. */
  readonly dialects?: number
}

/** A count without any result so far. */
export interface Counting {
  readonly devices: number
}

export type Curves = ReturnType<typeof curvesOf>

/** Progress of moves from vendors. */
export interface Readiness {
  /**
   * Counts small apps immediately. For larger ones, returns the last result and starts a new count; `counting` if there is no
   * result yet.
   */
  report(
    appId: string,
    setup: DialectSetup,
    query: ReadinessQuery,
  ): Promise<{ readonly report: ReadinessReport; readonly curves: Curves } | { readonly counting: Counting }>
  /** Stores a report that an operator signs off; null if the app no longer speaks the dialect. */
  sign(
    of: { readonly appId: string; readonly dialect: string },
    draft: Pick<ReadinessRecord, 'document' | 'note'>,
    by: By,
  ): Promise<ReadinessRecord | null>
  record(appId: string, id: string): Promise<ReadinessRecord | null>
  records(appId: string, page: PageRequest): Promise<Page<ReadinessRecord>>
  /** Counts the next batch of a running count; false if none is running. */
  step(): Promise<boolean>
  /** Deletes old counts. */
  sweep(limit: number): Promise<number>
}

interface ReadinessDeps {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
  readonly reports: MirrorReports
  readonly readyShare: number
}

/** Devices per batch: a few milliseconds during which the database accepts no other write. */
const PIECE = 1000
/** Most batches per request: a quarter of a second with a million devices (`npm run bench -- console`). */
const PIECES = 10
/** Minimum age of a large app's result before a new count: in milliseconds, and as a multiple of the count's duration. */
const FRESH = 60_000
const REST = 10
const WEEK = 7 * 86_400_000

export function createReadiness(deps: ReadinessDeps): Readiness {
  const { store, now, ids, readyShare } = deps
  const { readiness } = store
  const entryOf = auditing(deps)

  const isFresh = ({ walked, startedAt, finishedAt }: DoneCounting, pieces: number) => {
    const took = finishedAt.getTime() - startedAt.getTime()
    const age = now().getTime() - finishedAt.getTime()
    return walked > PIECE * pieces && age >= 0 && age < Math.max(FRESH, took * REST)
  }

  /** Counts for as long as a request may. */
  async function proceed(opened: OpenCounting, pieces: number): Promise<OpenCounting | DoneCounting | null> {
    let counting: OpenCounting | DoneCounting | null = opened
    for (let piece = 0; piece < pieces && counting && 'run' in counting; piece++) {
      counting = await readiness.proceed(counting, PIECE, now())
    }
    return counting
  }

  async function counted(question: Question, pieces: number): Promise<DoneCounting | Counting> {
    const last = await readiness.last(question)
    if (last && isFresh(last, pieces)) return last
    // If another process counts the same batches, use its result instead of counting them twice.
    for (let attempt = 0; attempt < pieces; attempt++) {
      const opened = await readiness.begin(question, now())
      if (!opened) break
      const went = await proceed(opened, pieces)
      if (went && 'counted' in went) return went
      if (went) return last ?? { devices: went.walked }
    }
    return last ?? (await readiness.last(question)) ?? { devices: 0 }
  }

  async function mirrorState(appId: string, setup: DialectSetup): Promise<MirrorState> {
    const mirror = mirrorOf(setup)
    const scope = { appId, dialect: setup.dialect }
    const { summary, waiting, signatures } = await deps.reports.summary(scope, mirror)
    const { requests, differing, diverged, dropped } = summary
    const weekAgo = now().getTime() - WEEK
    const faulty = signatures.some(
      ({ severity, accepted, lastAt }) => severity === 'major' && !accepted && lastAt.getTime() >= weekAgo,
    )
    return { mode: mirror?.mode ?? 'local', requests, differing, diverged, dropped, waiting, faulty }
  }

  return {
    async report(appId, setup, { since, activeDays, targets, dialects = 1 }) {
      const { dialect } = setup
      const start = await readiness.start(appId, dialect)
      const mirrored = mirrorOf(setup)?.since
      const from = since ?? (mirrored ? new Date(mirrored) : (start?.importedAt ?? start?.createdAt ?? now()))
      const found = await counted({ appId, dialect, since: from, activeDays }, Math.ceil(PIECES / dialects))
      if (!('counted' in found)) return { counting: found }
      const terms = {
        ...{ since: from, exportedAt: start?.exportedAt ?? null, activeDays, targets, readyShare },
        ...{ at: found.finishedAt, mirror: await mirrorState(appId, setup) },
      }
      const of: Counted = found.counted
      return { report: reportOf(of, terms), curves: curvesOf(of, terms) }
    },

    async sign({ appId, dialect }, { document, note }, by) {
      const record = { id: ids.row(), dialect, at: now(), actor: by.actor, note, document }
      const signed = { ...record, digest: sha256Hex(document) }
      const detail = { dialect, note, sha256: signed.digest }
      const entry = entryOf(by, 'readiness.signed', { appId, target: signed.id, detail })
      return (await readiness.sign(signed, appId, entry)) ? signed : null
    },
    record: (appId, id) => readiness.record(appId, id),
    records: (appId, page) => readiness.records(appId, page),

    async step() {
      const open = await readiness.open()
      if (!open) return false
      await readiness.proceed(open, PIECE, now())
      return true
    },
    sweep: (limit) => readiness.sweep(new Date(now().getTime() - WEEK), limit),
  }
}
