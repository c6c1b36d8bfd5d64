import { type Import, type ImportError, OUTCOMES, type Outcome } from '../../../domain/import.ts'
import type { ImportStore, LeasedImport } from '../../contract/imports.ts'
import { NEWEST } from '../keyset.ts'
import { commit } from '../plan.ts'
import { type Call, ConstraintViolated, type Db } from '../port.ts'
import { call } from '../statement.ts'
import * as C from '../statements/import-shadow.ts'
import * as I from '../statements/imports.ts'
import { dropDryRun } from '../statements/room.ts'
import { audited } from './audit.ts'
import { anyDueIn } from './claiming.ts'
import { decidedBy, freshId, freshRows, knownAmong, withOwnIds } from './import-fresh.ts'
import { shadowOf, stepPlan } from './import-step.ts'
import { pageOf, timePlace } from './pages.ts'
import { claimValues, json, type Keeps } from './values.ts'

export const importStore = (db: Db, keeps: Keeps = 0): ImportStore => ({
  ...kept(db),
  ...ending(db),
  ...running(db, keeps),
  ...chunks(db),
})

/** Operations for operators. */
function kept(db: Db): Pick<ImportStore, 'create' | 'find' | 'findByKey' | 'list' | 'errors' | 'noteErased'> {
  const idByKey = async (app: string, key: string, now: Date) => {
    const [[row]] = await db.read([call(I.importByKey, { app, key, now: now.getTime() })])
    return row?.id ?? null
  }

  return {
    async create(draft, now, entry) {
      const { idempotency } = draft
      const values = {
        id: draft.id,
        app: draft.appId,
        dialect: draft.dialect,
        format: draft.format,
        dryRun: draft.dryRun ? 1 : 0,
        options: json(draft.options),
        fileBytes: draft.bytes,
        exportedAt: draft.exportedAt?.getTime() ?? null,
        key: idempotency?.key ?? null,
        keyUntil: idempotency?.until.getTime() ?? 0,
        error: draft.fault ? json(draft.fault) : null,
        now: now.getTime(),
      }
      const plan = {
        freed: idempotency ? [call(I.freeKey, values)] : [],
        made: call(I.insertImport, values),
        told: audited(entry),
      }
      try {
        const { made } = await commit(db, plan)
        return made.length > 0
      } catch (error) {
        if (!(error instanceof ConstraintViolated) || !idempotency) throw error
        return (await idByKey(draft.appId, idempotency.key, now)) ?? false
      }
    },

    findByKey: idByKey,

    async noteErased(app, marks, now) {
      await db.commit([erased(app, marks, now)], { repeatable: true })
    },

    async find(app, id) {
      const [[row]] = await db.read([call(I.findImport, { app, id })])
      return row ? toImport(row) : null
    },

    async list(app, { after, limit }) {
      const [rows] = await db.read([call(I.importPage, { app, limit, ...NEWEST.values(after) })])
      return pageOf(rows, limit, toImport, timePlace)
    },

    async errors(app, id, { after, limit, warnings }) {
      const values = { app, id, afterPosition: after, limit, withWarnings: warnings ? 1 : 0 }
      const [rows] = await db.read([call(I.errorPage, values)])
      return rows.map(toError)
    },
  }
}

/** Cancels and deletes imports. */
function ending(db: Db): Pick<ImportStore, 'remove' | 'prune'> {
  return {
    async remove(app, id, now, entry) {
      const values = { app, id, now: now.getTime() }
      const { cancelled } = await commit(db, {
        cancelled: call(I.cancelImport, values),
        told: audited(entry),
      })
      if (cancelled.length > 0) return 'cancelled'
      const { hidden, imports } = await commit(db, {
        hidden: call(I.hideImport, values),
        told: audited(entry),
        counts: call(I.forgetImport.counts, values),
        errors: call(I.forgetImport.errors, values),
        imports: call(I.forgetImport.imports, values),
        known: audited(entry && { ...entry, id: `${entry.id}f` }),
      })
      return hidden.length + imports.length > 0 ? 'forgotten' : null
    },

    async prune(before) {
      const values = { before: before.getTime() }
      const [old] = await db.read([call(I.anyOld, values)])
      if (old.length === 0) return []
      const { imports } = await commit(db, {
        counts: call(I.pruneImport.counts, values),
        errors: call(I.pruneImport.errors, values),
        imports: call(I.pruneImport.imports, values),
      })
      return imports.map(({ id }) => id)
    },
  }
}

/** Operations for the process that runs an import. */
const running = (
  db: Db,
  keeps: Keeps,
): Pick<ImportStore, 'claim' | 'ready' | 'release' | 'finish' | 'endLeases' | 'sweep'> => ({
  async claim(claim, now) {
    const values = claimValues({ ...claim, limit: 1 }, now)
    if (!(await anyDueIn(db, [I.anyDue], values))) return null
    const { started } = await commit(db, {
      claimed: call(I.claimImport, values),
      started: call(I.startImport, values),
    })
    return started[0] ? toLeased(started[0]) : null
  },

  ready: applying(db, keeps),

  async release(lease, now) {
    await db.commit([call(I.releaseImport, { lease, now: now.getTime() })])
  },

  async finish(lease, { fault, total }, now) {
    const error = fault && json(fault)
    await db.commit([call(I.finishImport, { lease, error, total, now: now.getTime() })])
  },

  async endLeases(now) {
    await db.commit([call(I.endImportLeases, { now: now.getTime() })])
  },

  async sweep(limit) {
    const [[found], orphans, marks] = await db.read([
      call(C.shadowed, {}),
      call(I.orphans, {}),
      call(I.orphanMarks, {}),
    ])
    if (orphans.length + marks.length > 0) {
      await db.commit([call(I.hideOrphans, {}), call(I.dropOrphanMarks, { limit })])
      return true
    }
    if (!found) return false
    const values = { importNumber: found.number, limit, ...shadowOf(found.id) }
    await db.commit([
      ...C.dropShadow.map((one) => call(one, values)),
      call(C.dropShadowDevices, values),
      call(C.dropShadowTokens, values),
      call(dropDryRun, values),
      call(C.endShadow, values),
    ])
    return true
  },
})

/**
 * Applies a step. Its rows are first treated as new, as nearly all rows of a first import are. If some exist, nothing was
 * written, and the existing ones are looked up. For an import with such rows, they are then looked up first.
 */
function applying(db: Db, keeps: Keeps): ImportStore['ready'] {
  /** The last import with existing rows. */
  let mixed: number | undefined

  /** If rows are treated as new, the plan may be refused because some exist. */
  async function attempt(plan: ReturnType<typeof stepPlan>, takes: 'some new' | 'none'): Promise<boolean> {
    try {
      const { checkpoint } = await commit(db, plan)
      return checkpoint.length > 0
    } catch (error) {
      if (!(error instanceof ConstraintViolated) || takes === 'none') throw error
      return false
    }
  }

  return (given, now) => {
    const step = withOwnIds(given)
    const { appId: app, number } = step.import
    const [all = []] = step.rounds
    const asked = decidedBy(freshRows(step), all)
    const hoped = asked.length > 0 && mixed !== number ? stepPlan(step, asked, now, keeps) : undefined
    return async () => {
      if (asked.length > 0) {
        if (hoped && mixed !== number && (await attempt(hoped, 'some new'))) return true
        const known = await knownAmong(db, asked, { app, home: app })
        mixed = known.size > 0 ? number : undefined
        const unknown = asked.filter((row) => !known.has(freshId(row)))
        const fresh = decidedBy(unknown, all)
        if (fresh.length > 0 && (await attempt(stepPlan(step, fresh, now, keeps), 'some new'))) return true
      }
      return attempt(stepPlan(step, [], now, keeps), 'none')
    }
  }
}

/** Part of a plan: marks that keep older imports from restoring data. A mark may be listed several times. */
export const erased = (app: string, marks: readonly string[], now: Date): Call =>
  // PostgreSQL refuses to write one row twice in one statement.
  call(I.noteErased, { app, marks: json([...new Set(marks)]), now: now.getTime() })

/** Files in chunks. */
const chunks = (db: Db): Pick<ImportStore, 'putChunk' | 'chunk' | 'dropChunks'> => ({
  async putChunk(id, place, bytes) {
    await db.commit([call(I.putChunk, { id, piece: place, bytes })], { repeatable: true })
  },
  async chunk(id, place) {
    const [[row]] = await db.read([call(I.getChunk, { id, piece: place })])
    return row?.bytes ?? null
  },
  async dropChunks(id) {
    await db.commit([call(I.dropChunks, { id })], { repeatable: true })
  },
})

const time = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds))

const toLeased = (row: I.ClaimedRow): LeasedImport => ({
  number: row.number,
  id: row.id,
  appId: row.app_id,
  dialect: row.dialect,
  format: row.format,
  dryRun: row.dry_run === 1,
  options: JSON.parse(row.options),
  createdAt: new Date(row.created_at),
  exportedAt: time(row.exported_at),
  rowsRead: row.rows_read,
  place: JSON.parse(row.place),
  erasures: row.erasures > 0,
})

function toImport(row: I.ImportColumns): Import {
  const outcomes: Partial<Record<Outcome, number>> = JSON.parse(row.outcomes)
  return {
    id: row.id,
    appId: row.app_id,
    dialect: row.dialect,
    format: row.format,
    dryRun: row.dry_run === 1,
    options: JSON.parse(row.options),
    state: row.state as Import['state'],
    bytes: row.bytes,
    exportedAt: time(row.exported_at),
    rows: { read: row.rows_read, done: row.rows_done, total: row.rows_total },
    error: row.error === null ? null : JSON.parse(row.error),
    createdAt: new Date(row.created_at),
    startedAt: time(row.started_at),
    finishedAt: time(row.finished_at),
    // Safe cast: the closed unions were checked before they were stored.
    outcomes: Object.fromEntries(OUTCOMES.map((one) => [one, outcomes[one] ?? 0])) as Record<Outcome, number>,
    reasons: JSON.parse(row.reasons),
    warnings: JSON.parse(row.warnings),
  }
}

interface ErrorRow {
  readonly position: number
  readonly outcome: string
  readonly reason: string | null
  readonly warnings: string
  readonly shown: string
}
const toError = (row: ErrorRow): ImportError => ({
  row: row.position,
  outcome: row.outcome as Outcome,
  reason: row.reason as ImportError['reason'],
  warnings: [...new Set(row.warnings.split(',').filter((one) => one !== ''))] as ImportError['warnings'],
  shown: JSON.parse(row.shown),
})
