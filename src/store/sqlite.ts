import type { Clock } from '../domain/ids.ts'
import type { Db } from './port.ts'
import { appStore } from './sqlite/apps.ts'
import { auditStore } from './sqlite/audit.ts'
import { authStore, documentStore } from './sqlite/auth.ts'
import { catalogueStore, subscriptionStore } from './sqlite/catalogue.ts'
import { deviceStore } from './sqlite/devices.ts'
import { directoryStore } from './sqlite/directory.ts'
import { feedbackStore } from './sqlite/feedback.ts'
import { heldStore } from './sqlite/held.ts'
import { jobStore } from './sqlite/jobs.ts'
import { listingStore } from './sqlite/listings.ts'
import { outboxStore } from './sqlite/outbox.ts'
import { receiptStore } from './sqlite/receipts.ts'
import { removals } from './sqlite/removals.ts'
import { tagStore } from './sqlite/tags.ts'
import { topicStore } from './sqlite/topics.ts'
import { upkeepStore } from './sqlite/upkeep.ts'
import { userWorkStore } from './sqlite/user-work.ts'
import { userStore } from './sqlite/users.ts'
import { webhookStore } from './sqlite/webhooks.ts'
import { call } from './statement.ts'
import { anyApp } from './statements/apps.ts'
import type { Store } from './store.ts'

/** The store over any driver that speaks SQLite. */
export function sqliteStore(db: Db, clock: Clock): Store {
  const removing = removals(db)
  return {
    apps: appStore(db, removing),
    devices: deviceStore(db),
    topics: topicStore(db),
    users: userStore(db, removing),
    tags: tagStore(db),
    userWork: userWorkStore(db),
    receipts: receiptStore(db),
    jobs: jobStore(db),
    directory: directoryStore(db, clock),
    upkeep: upkeepStore(db),
    removals: removing,
    held: heldStore(db, clock),
    audit: auditStore(db),
    listings: listingStore(db),
    catalogue: catalogueStore(db),
    subscriptions: subscriptionStore(db),
    webhooks: webhookStore(db),
    outbox: outboxStore(db),
    auth: authStore(db),
    documents: documentStore(db),
    feedback: feedbackStore(db),
    async ping() {
      if (db.health) return db.health()
      await db.read([call(anyApp, {})])
      return { fault: null, warnings: [] }
    },
  }
}
