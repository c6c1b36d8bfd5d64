import { beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { activityContract } from './activity.ts'
import { appSetupContract } from './app-setups.ts'
import { appContract } from './apps.ts'
import { auditContract } from './audit.ts'
import { authContract } from './auth.ts'
import { watched } from './calls.ts'
import { catalogueContract } from './catalogue.ts'
import { deviceChangeContract } from './device-changes.ts'
import { deviceContract } from './devices.ts'
import { directoryContract } from './directory.ts'
import { documentContract } from './documents.ts'
import { exportContract } from './exports.ts'
import { feedContract } from './feed.ts'
import { feedHookContract } from './feed-hooks.ts'
import { feedbackContract } from './feedback.ts'
import { goneContract } from './gone.ts'
import { heldContract } from './held.ts'
import { importContract } from './imports.ts'
import { jobContract } from './jobs.ts'
import { createKit, type OpenStore, type StoreKit } from './kit.ts'
import { listingContract } from './listings.ts'
import { measuresContract } from './measures.ts'
import { messageContract } from './messages.ts'
import { copyContract } from './mirror-copies.ts'
import { mirrorContract } from './mirrors.ts'
import { operatorContract } from './operators.ts'
import { outboxContract } from './outbox.ts'
import { pageContract } from './pages.ts'
import { pagingContract } from './paging.ts'
import { pingContract, sizeContract } from './ping.ts'
import { providerContract } from './providers.ts'
import { queueContract } from './queue.ts'
import { readinessContract } from './readiness.ts'
import { receiptContract } from './receipts.ts'
import { removalContract } from './removals.ts'
import { subscriptionContract } from './subscriptions.ts'
import { sweepContract } from './sweeps.ts'
import { tagLimitContract } from './tag-limits.ts'
import { tagContract } from './tags.ts'
import { topicContract } from './topics.ts'
import { undoContract } from './undos.ts'
import { upkeepContract } from './upkeep.ts'
import { userTagContract } from './user-tags.ts'
import { userWorkContract } from './user-work.ts'
import { userContract } from './users.ts'
import { vaultContract } from './vault.ts'
import { webhookContract } from './webhooks.ts'

type Part = (kit: () => StoreKit) => void

/** The tests of each sub-store; every one must have some. */
const PARTS = {
  apps: [appContract, appSetupContract, goneContract],
  devices: [deviceContract, deviceChangeContract],
  topics: [topicContract],
  users: [userContract],
  tags: [tagContract, tagLimitContract, userTagContract],
  userWork: [userWorkContract],
  receipts: [receiptContract],
  jobs: [jobContract, queueContract],
  imports: [importContract],
  exports: [exportContract],
  messages: [messageContract],
  directory: [directoryContract, pageContract, pagingContract],
  upkeep: [upkeepContract],
  sweeps: [sweepContract],
  removals: [removalContract],
  held: [heldContract],
  audit: [auditContract],
  listings: [listingContract],
  catalogue: [catalogueContract],
  subscriptions: [subscriptionContract],
  vault: [vaultContract],
  webhooks: [webhookContract],
  outbox: [outboxContract],
  auth: [authContract],
  documents: [documentContract],
  providers: [providerContract],
  feed: [feedContract],
  feedHooks: [feedHookContract],
  feedback: [feedbackContract],
  mirrors: [mirrorContract],
  copies: [copyContract],
  readiness: [readinessContract],
  undos: [undoContract],
  operators: [operatorContract],
  activity: [activityContract],
  measures: [measuresContract],
  ping: [pingContract],
  size: [sizeContract],
} satisfies Readonly<Record<keyof Store, readonly Part[]>>

/** What every store must do, whatever its database; other tests may have used the database before. */
export function storeContract(name: string, open: OpenStore): void {
  describe(`the store on ${name}`, () => {
    let kit: StoreKit
    let uncalled: () => readonly string[]
    beforeAll(async () => {
      kit = await createKit(async (clock) => {
        const watching = watched(await open(clock))
        uncalled = watching.uncalled
        return watching.store
      })
    })
    for (const part of Object.values(PARTS).flat()) part(() => kit)

    test('has a case here for each method that it has', () => {
      expect(uncalled()).toEqual([])
    })
  })
}
