import type { JudgedEvent, Undo } from '../../../domain/undo.ts'
import type { UndoStore } from '../../contract/undos.ts'
import { NEWEST } from '../keyset.ts'
import { commit } from '../plan.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import * as U from '../statements/undo.ts'
import { dropUndoCounts, dropUndos, HOLD } from '../statements/undo-upkeep.ts'
import * as V from '../statements/undo-verdicts.ts'
import { audited } from './audit.ts'
import { pageOf, timePlace } from './pages.ts'
import { changeId, json } from './values.ts'

/** Events undone together. */
const ROUND = 50
/** Before every event; `at` is not compared if a single event is undone. */
const NEVER = -1

export function undoStore(db: Db): UndoStore {
  const find: UndoStore['find'] = async (app, undo) => {
    const [[row]] = await db.read([call(U.undoById, { app, undo })])
    return row ? toUndo(row) : null
  }

  async function judge(app: string, event: number, forced: boolean): Promise<JudgedEvent | null> {
    const values = { app, event, forced: forced ? 1 : 0, about: '', fromAt: NEVER, untilAt: NEVER }
    const [[row]] = await db.read([call(V.judgeEvent, values)])
    return row ? toJudged(row) : null
  }

  return {
    find,
    judge,

    async begin(draft, entry) {
      const { id: undo, appId: app, about, from, until, dryRun, forced, actor, createdAt } = draft
      const [same, [last]] = await db.read([call(U.sameUndo, { app, about }), call(V.lastOfAll, {})])
      if (same.length > 0 && !dryRun) return null
      const values = {
        ...{ undo, app, about, actor, now: createdAt.getTime(), fromEvent: (last?.id ?? 0) + 1 },
        ...{ fromAt: from.getTime(), untilAt: until.getTime() },
        ...{ dryRun: dryRun ? 1 : 0, forced: forced ? 1 : 0 },
      }
      await commit(db, { begun: call(U.insertUndo, values), told: audited(entry) })
      return find(app, undo)
    },

    async list(app, { after, limit }) {
      const [rows] = await db.read([call(U.undoPage, { app, limit, ...NEWEST.values(after) })])
      return pageOf(rows, limit, toUndo, timePlace)
    },

    async open() {
      const [[row]] = await db.read([call(U.openUndo, {})])
      return row ? toUndo(row) : null
    },

    async prune(before, limit) {
      const values = { before: before.getTime(), limit }
      const { undos } = await commit(db, {
        counts: call(dropUndoCounts, values),
        undos: call(dropUndos, values),
      })
      return undos.length
    },

    async proceed(undo, limit, at) {
      const values = { ...valuesOf(undo, at), walk: limit }
      const [[end], rows] = await db.read([call(V.walkEnd, values), call(V.nextOf, values)])
      const next = end?.last ?? 0
      const over = (end?.walked ?? 0) < limit || (end?.newest ?? 0) < undo.from.getTime()
      const pieces = roundsOf(rows).map((list) => pieceOf({ ...values, list: json(list) }, undo.dryRun))
      const moved = call(U.moveUndo, { ...values, next, done: over ? 1 : 0 })
      const held = undo.dryRun ? [] : holding(values, over ? 0 : next)
      await commit(db, { pieces, held, moved })
      return find(undo.appId, undo.id)
    },

    async takeBack(app, event, { id: undo, forced }, { at, cause }, entry) {
      const judged = await judge(app, event, forced)
      if (
        !judged ||
        (judged.verdict !== 'undone' && judged.verdict !== 'restored' && judged.verdict !== 'removed')
      ) {
        return judged
      }
      const values = {
        ...{ undo, app, about: '', fromAt: NEVER, untilAt: NEVER, forced: forced ? 1 : 0 },
        ...namesOf(undo),
        ...{ now: at.getTime(), cause, change: changeId(), list: json([event]), fromEvent: 0 },
      }
      const { back } = await commit(db, {
        // Decided again within the plan, so that a concurrent call takes precedence.
        picked: call(V.pickVerdicts, values),
        back: U.TAKE_BACK.map((one) => call(one, values)),
        held: holding(values, 0),
        told: audited(entry),
      })
      return back.length > 0 ? judged : null
    },
  }
}

/** Keys under which a plan keeps intermediate results until its end. */
const namesOf = (id: string) => ({
  touched: `${id} devices`,
  tokens: `${id} tokens`,
  lent: `${id} lent`,
  given: `${id} given`,
})

const valuesOf = ({ id, appId, about, from, until, forced, place }: Undo, at: Date) => ({
  ...{ undo: id, app: appId, about, fromEvent: place, forced: forced ? 1 : 0 },
  ...{ fromAt: from.getTime(), untilAt: until.getTime() },
  ...namesOf(id),
  ...{ now: at.getTime(), cause: `undo ${id}`, change: changeId() },
})

const pieceOf = (
  values: ReturnType<typeof valuesOf> & { readonly list: string },
  dryRun: boolean,
): readonly Call[] => [
  call(V.countVerdicts, values),
  ...(dryRun ? [] : [call(V.pickVerdicts, values), ...U.TAKE_BACK.map((one) => call(one, values))]),
]

/** Runs after a batch: no user may have more devices than the app allows. `openBefore`: the start of the next batch. */
const holding = (values: Omit<ReturnType<typeof valuesOf>, 'tokens'>, openBefore: number): readonly Call[] =>
  HOLD.map((one) => call(one, { ...values, openBefore }))

/** Newest first; no round has two events of one device. */
function roundsOf(rows: readonly { readonly id: number; readonly device_id: string }[]): number[][] {
  const rounds: { readonly ids: number[]; readonly devices: Set<string> }[] = []
  const reached = new Map<string, number>()
  for (const { id, device_id } of rows) {
    let at = (reached.get(device_id) ?? -1) + 1
    while ((rounds[at]?.ids.length ?? 0) >= ROUND) at++
    rounds[at] ??= { ids: [], devices: new Set() }
    rounds[at]?.ids.push(id)
    reached.set(device_id, at)
  }
  return rounds.map(({ ids }) => ids)
}

const toJudged = (row: {
  readonly id: number
  readonly device_id: string
  readonly kind: string
  readonly at: number
  readonly verdict: string | null
}): JudgedEvent => ({
  ...{ id: row.id, deviceId: row.device_id, kind: row.kind, at: new Date(row.at) },
  // Safe cast: the statement returns only these values.
  verdict: row.verdict as JudgedEvent['verdict'],
})

const toUndo = (row: U.UndoRow): Undo => ({
  ...{ id: row.id, appId: row.app_id, about: row.about, actor: row.actor, place: row.place },
  ...{ from: new Date(row.from_at), until: new Date(row.until_at), createdAt: new Date(row.created_at) },
  ...{ dryRun: row.dry_run === 1, forced: row.forced === 1, counts: JSON.parse(row.counts) },
  finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
})
