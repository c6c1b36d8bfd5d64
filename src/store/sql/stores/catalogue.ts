import type { SubscriptionOutcome } from '../../../domain/subscription.ts'
import type { CatalogueStore, SubscriptionChange, SubscriptionStore } from '../../contract/catalogue.ts'
import type { Occasion } from '../../contract/occasion.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as C from '../statements/catalogue.ts'
import { shownSubscription } from '../statements/listings.ts'
import * as S from '../statements/subscriptions.ts'
import {
  announceSubscribed,
  announceUnsubscribed,
  announceUnsubscribedById,
  speaks,
} from '../statements/webhooks.ts'
import { leaseFrom } from './claiming.ts'
import { scopeValues, toCatalogueTopic, toSubscription } from './listings.ts'
import { topicRemovals } from './topic-removals.ts'
import { json, keyValues, occasionValues } from './values.ts'

export function catalogueStore(db: Db): CatalogueStore {
  const removing = topicRemovals(db)

  return {
    async create(scope, topic, now) {
      const values = { ...scopeValues(scope), ...topic, now: now.getTime() }
      const plan = {
        made: call(C.createCatalogued, values),
        spoken: call(speaks, values),
        going: call(C.findGoing, values),
      }
      for (;;) {
        const { made, spoken, going } = await commit(db, plan)
        if (spoken.length === 0) return 'gone'
        if (made[0]) return toCatalogueTopic(made[0])
        if (going.length === 0) return null
        // A topic created anew has none of its former subscriptions.
        await removing.finish({ ...values, ...leaseFrom(now) })
      }
    },

    async update(scope, name, { description }, now) {
      const values = { ...scopeValues(scope), name, description: description ?? null, now: now.getTime() }
      const [[row]] = await db.commit([call(C.updateCatalogued, values)], { repeatable: true })
      return row ? toCatalogueTopic(row) : null
    },

    async find(scope, name) {
      const [[row]] = await db.read([call(C.findCatalogued, { ...scopeValues(scope), name })])
      return row ? toCatalogueTopic(row) : null
    },

    async remove(scope, name, occasion) {
      const values = { ...scopeValues(scope), name, ...occasionValues(occasion), ...leaseFrom(occasion.at) }
      // Also continues an interrupted earlier call: the answer means that the topic is removed for good.
      const plan = {
        begin: call(C.beginGoing, values),
        log: call(C.logTopicRemoved, values),
        ...removing.pieceOf(values),
      }
      const { advanced, ended } = await commit(db, plan)
      if (advanced.length === 0) return false
      if (ended.length === 0) await removing.finish(values)
      return true
    },
  }
}

export function subscriptionStore(db: Db): SubscriptionStore {
  const values = ({ key, topics, automatic }: SubscriptionChange, occasion: Occasion) => ({
    wanted: json(topics),
    automatic: json(automatic),
    superseded: 1,
    ...keyValues(key),
    ...occasionValues(occasion),
  })

  return {
    async add(change, occasion) {
      const bound = values(change, occasion)
      const plan = {
        counts: call(S.countSubscribed, bound),
        log: call(S.logSubscribed, bound),
        write: call(S.subscribe, bound),
        told: call(announceSubscribed, bound),
        after: call(S.subscribed, bound),
      }
      // The second run finds the ids that the first one set.
      const { after } = await commit(db, plan, { repeatable: true })
      if (after.length === 0) return null
      return after.map(
        ({ topic, proposed, id, known }): SubscriptionOutcome => ({
          topic,
          id,
          changed: id === proposed,
          known: known === 1,
        }),
      )
    },

    async remove(change, occasion) {
      const bound = values(change, occasion)
      const { before } = await commit(db, {
        before: call(S.subscribed, bound),
        told: call(announceUnsubscribed, bound),
        counts: call(S.countUnsubscribed, bound),
        log: call(S.logUnsubscribed, bound),
        write: call(S.unsubscribe, bound),
      })
      if (before.length === 0) return null
      return before.map(
        ({ topic, id, known }): SubscriptionOutcome => ({
          topic,
          id,
          changed: id !== null,
          known: known === 1,
        }),
      )
    },

    async find(scope, id) {
      const [[row]] = await db.read([call(shownSubscription, { ...scopeValues(scope), id })])
      return row ? toSubscription(row) : null
    },

    async removeById(scope, id, occasion) {
      const bound = { ...scopeValues(scope), id, ...occasionValues(occasion) }
      const { removed } = await commit(db, {
        told: call(announceUnsubscribedById, bound),
        counts: call(S.countSubscription, bound),
        log: call(S.logUnsubscribedById, bound),
        removed: call(S.removeSubscription, bound),
      })
      return removed.length > 0
    },
  }
}
