import { beforeAll, describe } from 'vitest'
import type { Db } from '../../src/store/sql/port.ts'
import { appContract } from './apps.ts'
import { directoryContract } from './directory.ts'
import { driverContract } from './driver.ts'
import { feedbackContract } from './feedback.ts'
import { goneContract } from './gone.ts'
import { createKit, type StoreKit } from './kit.ts'
import { pagingContract } from './paging.ts'
import { receiptContract } from './receipts.ts'
import { tagContract } from './tags.ts'
import { topicContract } from './topics.ts'
import { upkeepContract } from './upkeep.ts'
import { userContract } from './users.ts'

/** What every driver and the store over it must do, whatever they differ in. */
export function storeContract(name: string, open: () => Promise<Db>): void {
  describe(`the store on ${name}`, () => {
    let kit: StoreKit
    beforeAll(async () => {
      kit = await createKit(open)
    })
    const opened = () => kit
    driverContract(opened)
    topicContract(opened)
    tagContract(opened)
    receiptContract(opened)
    userContract(opened)
    directoryContract(opened)
    pagingContract(opened)
    appContract(opened)
    feedbackContract(opened)
    upkeepContract(opened)
    goneContract(opened)
  })
}
