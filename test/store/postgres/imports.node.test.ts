import { afterAll, beforeAll } from 'vitest'
import { parseAddress } from '../../../src/store/postgres/address.ts'
import { openPostgres } from '../../../src/store/postgres/node.ts'
import { sqlStore } from '../../../src/store/sql/store.ts'
import { importContract } from '../../contract/imports.ts'
import { createKit, type StoreKit } from '../../contract/kit.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'

let kit: StoreKit
let close: () => Promise<void>
beforeAll(async () => {
  const address = parseAddress(await freshDatabase())
  if (typeof address === 'string') throw new Error(address)
  const db = await openPostgres(address, 'schema/postgres')
  close = () => db.close()
  kit = await createKit(async (clock) => sqlStore(db, clock))
})
afterAll(() => close())

importContract(() => kit)
