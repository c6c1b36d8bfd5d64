import { beforeAll, describe } from 'vitest'
import type { Db } from '../../src/store/sql/port.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { driverContract } from './driver.ts'
import { createKit, type StoreKit } from './kit.ts'
import { rowContract } from './rows.ts'

/**
 * What every SQL database must do under the statements of `src/store/sql`, and the rows that these leave in
 * its tables.
 */
export function databaseContract(name: string, open: () => Promise<Db>): void {
  describe(`the database of ${name}`, () => {
    let db: Db
    let kit: StoreKit
    beforeAll(async () => {
      db = await open()
      kit = await createKit(async (clock) => sqlStore(db, clock, { undoDays: 7 }))
    })
    driverContract(() => db)
    rowContract(
      () => db,
      () => kit,
    )
  })
}
