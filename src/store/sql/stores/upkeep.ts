import type { UpkeepStore } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Bound, Db } from '../port.ts'
import { call, type Statement } from '../statement.ts'
import { dropSpent } from '../statements/counters.ts'
import { dropSuperseded, expireDue, type Removal } from '../statements/removal.ts'
import * as U from '../statements/upkeep.ts'
import { removing } from './removing.ts'
import { type Keeps, occasionValues } from './values.ts'

type Values<Names extends string> = Readonly<Record<Names, Bound>> & Readonly<Record<string, Bound>>

export function upkeepStore(db: Db, keeps: Keeps = 0): UpkeepStore {
  // Not repeatable: a second run would process, and count, the next batch.
  async function drop(
    of: Statement<unknown, 'before' | 'batch'>,
    before: Date,
    batch: number,
  ): Promise<number> {
    const [rows] = await db.commit([call(of, { before: before.getTime(), batch })])
    return rows.length
  }

  async function remove<Names extends string>(of: Removal<Names>, values: Values<Names>): Promise<number> {
    const plan = { devices: removing(of, values) }
    const { devices } = await commit(db, plan)
    return devices.removed.length
  }

  return {
    async noteTime(now) {
      const [[row]] = await db.commit([call(U.noteTime, { now: now.getTime() })])
      return row?.trusted === 1
    },
    expireDevices: (batch, occasion) => remove(expireDue, { ...occasionValues(occasion, keeps), batch }),
    dropSuperseded: (before, batch, occasion) =>
      remove(dropSuperseded, { ...occasionValues(occasion, keeps), before: before.getTime(), batch }),
    async dropSpentCounters(batch) {
      const [rows] = await db.commit([call(dropSpent, { batch })])
      return rows.length
    },
    async dropHistory(before, batch) {
      const values = { before: before.getTime(), batch }
      const { rows } = await commit(db, {
        noted: call(U.noteDropped, values),
        rows: call(U.dropHistory, values),
      })
      return rows.length
    },
    dropReceipts: (before, batch) => drop(U.dropReceipts, before, batch),
    dropTombstones: (before, batch) => drop(U.dropTombstones, before, batch),
  }
}
