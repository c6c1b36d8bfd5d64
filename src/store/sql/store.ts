import type { Clock } from '../../domain/ids.ts'
import type { Store } from '../store.ts'
import type { Db } from './port.ts'
import { ridden } from './riders.ts'
import { call } from './statement.ts'
import { anyApp } from './statements/apps.ts'
import { activityStore } from './stores/activity.ts'
import { appStore } from './stores/apps.ts'
import { auditStore } from './stores/audit.ts'
import { authStore, documentStore } from './stores/auth.ts'
import { catalogueStore, subscriptionStore } from './stores/catalogue.ts'
import { deviceStore } from './stores/devices.ts'
import { directoryStore } from './stores/directory.ts'
import { exportStore } from './stores/exports.ts'
import { feedStore } from './stores/feed.ts'
import { feedHookStore } from './stores/feed-hooks.ts'
import { feedbackStore } from './stores/feedback.ts'
import { heldStore } from './stores/held.ts'
import { importStore } from './stores/imports.ts'
import { jobStore } from './stores/jobs.ts'
import { listingStore } from './stores/listings.ts'
import { measureStore } from './stores/measures.ts'
import { messageStore } from './stores/messages.ts'
import { copyStore } from './stores/mirror-copies.ts'
import { mirrorStore } from './stores/mirrors.ts'
import { operatorStore } from './stores/operators.ts'
import { outboxStore } from './stores/outbox.ts'
import { providerStore } from './stores/providers.ts'
import { readinessStore } from './stores/readiness.ts'
import { receiptStore } from './stores/receipts.ts'
import { removals } from './stores/removals.ts'
import { sweepStore } from './stores/sweeps.ts'
import { tagStore } from './stores/tags.ts'
import { topicStore } from './stores/topics.ts'
import { undoStore } from './stores/undos.ts'
import { upkeepStore } from './stores/upkeep.ts'
import { userWorkStore } from './stores/user-work.ts'
import { userStore } from './stores/users.ts'
import { vaultStore } from './stores/vault.ts'
import { webhookStore } from './stores/webhooks.ts'

export interface StoreOptions {
  /** Days for which states that a change ends are kept for an undo; 0 keeps none. */
  readonly undoDays?: number
}

/** The store over any database that runs plans. */
export function sqlStore(bare: Db, clock: Clock, { undoDays = 0 }: StoreOptions = {}): Store {
  const { db, riders } = ridden(bare)
  const keeps = undoDays > 0 ? 1 : 0
  const removing = removals(db)
  return {
    apps: appStore(db, removing),
    devices: deviceStore(db, keeps),
    topics: topicStore(db),
    users: userStore(db, removing),
    tags: tagStore(db),
    userWork: userWorkStore(db),
    receipts: receiptStore(db),
    jobs: jobStore(db),
    imports: importStore(db, keeps),
    exports: exportStore(db),
    messages: messageStore(db),
    directory: directoryStore(db, clock, keeps),
    upkeep: upkeepStore(db, keeps),
    sweeps: sweepStore(db, keeps),
    removals: { claim: removing.claim, proceed: removing.proceed },
    held: heldStore(db, clock, undoDays),
    audit: auditStore(db),
    listings: listingStore(db),
    catalogue: catalogueStore(db),
    subscriptions: subscriptionStore(db),
    vault: vaultStore(db),
    webhooks: webhookStore(db),
    outbox: outboxStore(db),
    auth: authStore(db),
    documents: documentStore(db),
    providers: providerStore(db),
    feed: feedStore(db),
    feedHooks: feedHookStore(db),
    feedback: feedbackStore(db),
    mirrors: mirrorStore(db),
    copies: copyStore(db, riders),
    readiness: readinessStore(db),
    undos: undoStore(db, clock, undoDays),
    operators: operatorStore(db),
    activity: activityStore(db),
    measures: measureStore(db),
    size: async () => db.size?.() ?? null,
    async ping() {
      if (db.health) return db.health()
      await db.read([call(anyApp, {})])
      return { fault: null, warnings: [] }
    },
  }
}
