import type { Sweep, SweepStore } from '../../contract/sweeps.ts'
import { OLDEST } from '../keyset.ts'
import { commit } from '../plan.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import * as S from '../statements/sweeps.ts'
import { removing } from './removing.ts'
import { json, type Keeps, occasionValues } from './values.ts'

/** Most rows scanned per batch, and most rows deleted with their dependent rows. */
const LOOKS = 500
const REMOVES = 100

type Place = Sweep['place']
/** The writes of a batch, whether another one follows now, and where that or the next pass begins. */
interface Done {
  readonly writes: readonly Call[]
  readonly more: boolean
  readonly next: Place
}

export function sweepStore(db: Db, keeps: Keeps = 0): SweepStore {
  const pieces: Readonly<Record<Sweep['kind'], (of: Values) => Promise<Done>>> = {
    async events({ app, place, before }) {
      const walk = { app, afterEvent: Number(place?.[0] ?? 0), walk: LOOKS }
      const [rows] = await db.read([call(S.oldEvents, walk)])
      const young = rows.findIndex(({ at }) => at >= before)
      const old = young < 0 ? rows : rows.slice(0, young)
      const last = old.at(-1)
      // New events are appended, so the next pass begins where this one ended.
      if (!last) return { writes: [], more: false, next: place }
      const values = { ...walk, event: last.id, lastAt: Math.max(...old.map(({ at }) => at)) }
      const writes = [S.noteMissed, S.dropLetters, S.dropEvents].map((one) => call(one, values))
      return { writes, more: old.length === LOOKS, next: [last.id] }
    },

    async receipts({ app, place, before }) {
      const values = { app, before, batch: LOOKS, ...S.BY_REPORT.values(place) }
      const [rows] = await db.read([call(S.reportsSeen, values)])
      const last = rows.length === LOOKS ? rows.at(-1) : undefined
      return {
        writes: rows.length > 0 ? [call(S.dropReports, values)] : [],
        more: last !== undefined,
        next: last ? [last.message, last.device, last.kind] : null,
      }
    },

    async messages({ app, before }) {
      const values = { app, before, limit: REMOVES }
      const gone = await db.commit(S.dropMessages.map((one) => call(one, values)))
      return { writes: [], more: gone.some((rows) => rows.length === REMOVES), next: null }
    },

    async inactiveDevices({ app, place, before, occasion }) {
      const values = { app, before, batch: REMOVES, ...OLDEST.values(place), ...occasion }
      const [rows] = await db.read([call(S.devicesSeen, values)])
      const { hanging, removed } = removing(S.dropInactive, values)
      const last = rows.length === REMOVES ? rows.at(-1) : undefined
      return {
        writes: rows.length > 0 ? [...hanging, removed] : [],
        more: last !== undefined,
        next: last ? [last.created_at, last.id] : null,
      }
    },
  }

  return {
    async claim({ lease, until }, at) {
      const now = at.getTime()
      const [due] = await db.read([call(S.anyDue, { now })])
      if (due.length === 0) return null
      const [[row]] = await db.commit([call(S.claimSweep, { lease, until: until.getTime(), now })])
      return row ? toSweep(row) : null
    },

    async proceed({ appId: app, kind, place }, { lease, before, again }, occasion) {
      const of = { app, place, before: before.getTime(), occasion: occasionValues(occasion, keeps) }
      const { writes, more, next } = await pieces[kind](of)
      const dueAt = more ? occasion.at.getTime() : again.getTime()
      const values = { app, kind, lease, dueAt, place: next === null ? '' : json(next) }
      await commit(db, { writes, noted: call(S.noteSweep, values) })
    },
  }
}

interface Values {
  readonly app: string
  readonly place: Place
  readonly before: number
  readonly occasion: ReturnType<typeof occasionValues>
}

const toSweep = (row: { app_id: string; kind: string; days: number; place: string }): Sweep => ({
  appId: row.app_id,
  kind: row.kind as Sweep['kind'],
  days: row.days,
  place: row.place === '' ? null : JSON.parse(row.place),
})
