import type { UpkeepStore } from '../../store.ts'
import type { Call, Db } from '../port.ts'
import { call, type Statement } from '../statement.ts'
import { dropSpent } from '../statements/counters.ts'
import { dropSuperseded, expireDue, type Removal } from '../statements/removal.ts'
import * as U from '../statements/upkeep.ts'
import { occasionValues } from './values.ts'

export function upkeepStore(db: Db): UpkeepStore {
  // Not repeatable: a second time would do, and count, the next piece.
  async function drop(statement: Statement<unknown>, before: Date, batch: number): Promise<number> {
    const [rows] = await db.commit([call(statement, { before: before.getTime(), batch })])
    return rows.length
  }

  async function remove({ plan }: Removal, values: Call['values']): Promise<number> {
    const results = await db.commit(plan.map((statement) => call(statement, values)))
    return (results.at(-1) ?? []).length
  }

  return {
    async noteTime(now) {
      const [[row]] = await db.commit([call(U.noteTime, { now: now.getTime() })])
      return row?.trusted === 1
    },
    expireDevices: (batch, occasion) => remove(expireDue, { ...occasionValues(occasion), batch }),
    dropSuperseded: (before, batch, occasion) =>
      remove(dropSuperseded, { ...occasionValues(occasion), before: before.getTime(), batch }),
    async dropSpentCounters(batch) {
      const [rows] = await db.commit([call(dropSpent, { batch })])
      return rows.length
    },
    dropHistory: (before, batch) => drop(U.dropHistory, before, batch),
    dropReceipts: (before, batch) => drop(U.dropReceipts, before, batch),
    dropTombstones: (before, batch) => drop(U.dropTombstones, before, batch),
  }
}
