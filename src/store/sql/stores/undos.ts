import type { EventKind } from '../../../domain/event.ts'
import type { Clock } from '../../../domain/ids.ts'
import { type JudgedEvent, UNDO_OUTCOMES, type Undo } from '../../../domain/undo.ts'
import type { UndoStore } from '../../contract/undos.ts'
import { NEWEST } from '../keyset.ts'
import { commit } from '../plan.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import { dropLost } from '../statements/kept.ts'
import * as U from '../statements/undo.ts'
import { partsOfEvent } from '../statements/undo-conflicts.ts'
import * as R from '../statements/undo-rows.ts'
import { dropUndoCounts, dropUndos, HOLD } from '../statements/undo-upkeep.ts'
import * as V from '../statements/undo-verdicts.ts'
import { audited } from './audit.ts'
import { pageOf, timePlace } from './pages.ts'
import { conflictsOf } from './undo-conflicts.ts'
import { keptOf, NONE, NOTHING } from './undo-kept.ts'
import { roundsOf, within } from './undo-rounds.ts'
import { changeId, json } from './values.ts'

/** Before every event; `at` is not compared if a single event is undone. */
const NEVER = -1

export function undoStore(db: Db, clock: Clock, undoDays: number): UndoStore {
  const kept = keptOf(db, clock, undoDays)
  return { ...listed(db), ...running(db, kept), ...single(db, kept), ...kept.store }
}

type Kept = ReturnType<typeof keptOf>

const finding =
  (db: Db): UndoStore['find'] =>
  async (app, undo) => {
    const [[row]] = await db.read([call(R.undoById, { app, undo })])
    return row ? toUndo(row) : null
  }

/** Undos, to begin and to be shown. */
function listed(db: Db): Pick<UndoStore, 'begin' | 'find' | 'list' | 'open' | 'prune'> {
  const find = finding(db)
  return {
    find,

    async begin(draft, entry) {
      const { id: undo, appId: app, about, kind, from, until, dryRun, forced, actor, createdAt } = draft
      const [same, [last]] = await db.read([
        call(R.sameUndo, { app, about, kind: kind ?? '' }),
        call(V.lastOfAll, {}),
      ])
      if (same.length > 0 && !dryRun) return null
      const values = {
        ...{ undo, app, about, kind: kind ?? '', actor },
        ...{ now: createdAt.getTime(), fromEvent: (last?.id ?? 0) + 1 },
        ...{ fromAt: from.getTime(), untilAt: until.getTime() },
        ...{ dryRun: dryRun ? 1 : 0, forced: forced ? 1 : 0 },
      }
      await commit(db, { begun: call(R.insertUndo, values), told: audited(entry) })
      return find(app, undo)
    },

    async list(app, { after, limit }) {
      const [rows] = await db.read([call(R.undoPage, { app, limit, ...NEWEST.values(after) })])
      return pageOf(rows, limit, toUndo, timePlace)
    },

    async open() {
      const [[row]] = await db.read([call(R.openUndo, {})])
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
  }
}

/** The work on an undo. */
function running(db: Db, { keptSince, formerOf, sizesOf }: Kept): Pick<UndoStore, 'proceed'> {
  const find = finding(db)
  /** The next events of an undo, in rounds. */
  async function nextOf(undo: Undo, values: ReturnType<typeof valuesOf> & { readonly walk: number }) {
    const [[end], found] = await db.read([call(V.walkEnd, values), call(V.nextOf, values)])
    const over = (end?.walked ?? 0) < values.walk || (end?.newest ?? 0) < undo.from.getTime()
    if (found.length === 0) return { rounds: [], next: end?.last ?? 0, over }
    const sizes = await sizesOf(found.map(({ id }) => id))
    const rows = found.map((row) => ({ ...row, size: sizes.get(row.id) ?? 0 }))
    const most = rows.slice(0, within(rows))
    const last = most.at(-1)
    if (most.length < rows.length && last) return { rounds: roundsOf(most), next: last.id, over: false }
    return { rounds: roundsOf(rows), next: end?.last ?? 0, over }
  }

  return {
    async proceed(undo, limit, at, reveal) {
      const values = { ...valuesOf(undo, at), walk: limit, keptSince: keptSince() }
      const { rounds, next, over } = await nextOf(undo, values)
      const pieces: (readonly Call[])[] = []
      for (const ids of rounds) {
        const former = undo.dryRun ? NOTHING : await formerOf(ids, reveal)
        pieces.push(pieceOf({ ...values, ...former, list: json(ids) }, undo.dryRun))
      }
      const moved = call(R.moveUndo, { ...values, next, done: over ? 1 : 0 })
      const held = undo.dryRun ? [] : holding(values, over ? 0 : next)
      await commit(db, { pieces, held, moved })
      return find(undo.appId, undo.id)
    },
  }
}

/** The undo of one event. */
function single(db: Db, { keptSince, formerOf }: Kept): Pick<UndoStore, 'judge' | 'takeBack'> {
  const judge: UndoStore['judge'] = async (app, event, forced, reveal) => {
    const values = {
      ...{ app, event, forced: forced ? 1 : 0, about: '', kind: '', fromAt: NEVER, untilAt: NEVER },
      ...{ undo: '', keptSince: keptSince() },
    }
    const [[row], [parts]] = await db.read([call(V.judgeEvent, values), call(partsOfEvent, values)])
    if (!row || !parts) return null
    const judged = toJudged(row)
    const conflicts = conflictsOf(judged, parts)
    // The text of a token that no device uses is not in its row, but may be kept.
    if (parts.former !== null || !conflicts.some(({ path }) => path === 'pushToken'))
      return { ...judged, conflicts }
    const [former] = JSON.parse((await formerOf([event], reveal)).formerTokens)
    return { ...judged, conflicts: conflictsOf(judged, { ...parts, former: former?.token ?? null }) }
  }

  return {
    judge,

    async takeBack(app, event, { id: undo, forced }, { at, cause }, reveal, entry) {
      const judged = await judge(app, event, forced, reveal)
      if (!judged || !UNDO_OUTCOMES.some((one) => one === judged.verdict)) return judged
      const former = await formerOf([event], reveal)
      if (former.lost !== NONE) {
        await db.commit([call(dropLost, { app, lost: former.lost })])
        return judge(app, event, forced, reveal)
      }
      const values = {
        ...former,
        keptSince: keptSince(),
        ...{ undo, app, about: '', kind: '', fromAt: NEVER, untilAt: NEVER, forced: forced ? 1 : 0 },
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
  added: `${id} added`,
})

const valuesOf = ({ id, appId, about, kind, from, until, forced, place }: Undo, at: Date) => ({
  ...{ undo: id, app: appId, about, kind: kind ?? '', fromEvent: place, forced: forced ? 1 : 0 },
  ...{ fromAt: from.getTime(), untilAt: until.getTime() },
  ...namesOf(id),
  ...{ now: at.getTime(), cause: `undo ${id}`, change: changeId() },
})

const pieceOf = (
  values: ReturnType<typeof valuesOf> &
    typeof NOTHING & { readonly list: string; readonly keptSince: number },
  dryRun: boolean,
): readonly Call[] => [
  ...(values.lost === NONE ? [] : [call(dropLost, values)]),
  call(V.countVerdicts, values),
  ...(dryRun ? [] : [call(V.pickVerdicts, values), ...U.TAKE_BACK.map((one) => call(one, values))]),
]

/** Runs after a batch: no user may have more devices than the app allows. `openBefore`: the start of the next batch. */
const holding = (values: Omit<ReturnType<typeof valuesOf>, 'tokens'>, openBefore: number): readonly Call[] =>
  HOLD.map((one) => call(one, { ...values, openBefore }))

const toJudged = (row: {
  readonly id: number
  readonly device_id: string
  readonly kind: string
  readonly at: number
  readonly verdict: string | null
}): Omit<JudgedEvent, 'conflicts'> => ({
  ...{ id: row.id, deviceId: row.device_id, kind: row.kind, at: new Date(row.at) },
  // Safe cast: the statement returns only these values.
  verdict: row.verdict as JudgedEvent['verdict'],
})

const toUndo = (row: R.UndoRow): Undo => ({
  ...{ id: row.id, appId: row.app_id, about: row.about, actor: row.actor, place: row.place },
  // Safe cast: only kinds of events are written.
  kind: row.kind === '' ? null : (row.kind as EventKind),
  ...{ from: new Date(row.from_at), until: new Date(row.until_at), createdAt: new Date(row.created_at) },
  ...{ dryRun: row.dry_run === 1, forced: row.forced === 1, counts: JSON.parse(row.counts) },
  finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
})
