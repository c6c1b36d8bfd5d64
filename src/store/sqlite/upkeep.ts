import type { Db } from '../port.ts'
import { call, type Statement } from '../statement.ts'
import { expireDue } from '../statements/removal.ts'
import * as U from '../statements/upkeep.ts'
import type { UpkeepStore } from '../store.ts'
import { occasionValues } from './values.ts'

export function upkeepStore(db: Db): UpkeepStore {
  // Not repeatable: a second time would do, and count, the next piece.
  async function drop(statement: Statement<unknown>, before: Date, batch: number): Promise<number> {
    const [rows] = await db.commit([call(statement, { before: before.getTime(), batch })])
    return rows.length
  }

  return {
    async expireDevices(batch, occasion) {
      const values = { ...occasionValues(occasion), batch }
      const results = await db.commit(expireDue.plan.map((statement) => call(statement, values)))
      return (results.at(-1) ?? []).length
    },
    dropHistory: (before, batch) => drop(U.dropHistory, before, batch),
    dropReceipts: (before, batch) => drop(U.dropReceipts, before, batch),
    dropTombstones: (before, batch) => drop(U.dropTombstones, before, batch),
  }
}
