import type { Rotation, SealedKey, VaultStore } from '../../contract/vault.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as V from '../statements/vault.ts'
import { claimValues, json } from './values.ts'

type Column = keyof typeof V.SEALED
const columnOf = (name: string) => V.SEALED[name as Column]
const keyValues = ([one, two, three]: SealedKey) => ({ one, two, three })
const START = json([0, ['', '', '']])

export function vaultStore(db: Db): VaultStore {
  const rotation = async () => {
    const [[row]] = await db.read([call(V.rotationRow, {})])
    return row ? toRotation(row) : null
  }
  return {
    async marks() {
      const [[row]] = await db.read([call(V.marksRow, {})])
      return row?.sealed ?? null
    },
    async keepMarks(sealed, now) {
      const values = { sealed, place: START, now: now.getTime() }
      await db.commit([call(V.keepMarks, values)], { repeatable: true })
    },
    rotation,
    async begin(mark, anew, now) {
      const values = { mark, force: anew ? 1 : 0, place: START, now: now.getTime() }
      await db.commit([call(V.beginRotation, values)])
      return (await rotation()) as Rotation
    },
    async claim(claim, now) {
      const [rows] = await db.commit([call(V.claimRotation, claimValues(claim, now))])
      return rows.map(toRotation)
    },
    async page(column, after, limit) {
      const [rows] = await db.read([call(columnOf(column).page, { ...keyValues(after), limit })])
      return rows.map(({ one, two, three, app_id: appId, ...row }) => ({
        key: [one, two, three] as const,
        appId,
        ...row,
      }))
    },
    async settle(lease, { column, values }, { place, state, finishedAt, ...counts }) {
      const inMirror = column === 'appDialects'
      const resealed = values.map(({ key, stale, fresh }) =>
        call(columnOf(column).reseal, {
          ...keyValues(key),
          stale,
          fresh: inMirror ? json({ mirror: { sealed: fresh } }) : fresh,
        }),
      )
      const now = finishedAt?.getTime() ?? 0
      const moved = {
        ...{ lease, state, ...counts, now, endsAt: finishedAt?.getTime() ?? null },
        place: json([place.columns, place.after]),
      }
      // Each value is written only if the old one is still stored, so a second run changes nothing.
      await commit(db, { resealed, moved: call(V.settleRotation, moved) }, { repeatable: true })
    },
  }
}

function toRotation(row: V.RotationRow): Rotation {
  const [columns, after] = JSON.parse(row.place) as [number, SealedKey]
  return {
    mark: row.mark ?? '',
    state: row.state as Rotation['state'],
    place: { columns, after },
    done: row.done,
    resealed: row.resealed,
    failed: row.failed,
    startedAt: new Date(row.started_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
  }
}
