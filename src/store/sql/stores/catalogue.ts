import type { SubscriptionOutcome } from '../../../domain/subscription.ts'
import type { CatalogueStore, SubscriptionChange, SubscriptionStore } from '../../contract/catalogue.ts'
import type { Call, Db } from '../port.ts'
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
import { scopeValues, toCatalogueTopic, toSubscription } from './listings.ts'
import { json, keyValues } from './values.ts'

/** Subscriptions that one piece of a topic's removal looks at. */
const PIECE = 1000
const SMALL_PIECE = 100

export function catalogueStore(db: Db): CatalogueStore {
  const rows = db.inThread ? SMALL_PIECE : PIECE
  const pieceOf = (values: Call['values']) => {
    const { advanceGoing, countGoing, dropGoing, finishGoing } = C.goingPiece
    const more = { ...values, rows }
    return [
      call(advanceGoing, more),
      call(countGoing, more),
      call(dropGoing, more),
      call(finishGoing, more),
    ] as const
  }

  /** Goes on until nothing is left of a topic that goes, whoever does the last piece. */
  async function finished(values: Call['values']): Promise<void> {
    for (;;) {
      // Not repeatable: the second time would do the next piece.
      const [[advanced], , , [ended]] = await db.commit(pieceOf(values))
      if (!advanced || ended) return
    }
  }

  return {
    async create(scope, topic, now) {
      const values = { ...scopeValues(scope), ...topic, now: now.getTime() }
      const plan = [
        call(C.createCatalogued, values),
        call(speaks, values),
        call(C.findGoing, values),
      ] as const
      for (;;) {
        const [[row], [spoken], [going]] = await db.commit(plan)
        if (!spoken) return 'gone'
        if (row) return toCatalogueTopic(row)
        if (!going) return null
        // Whoever has it anew has none of those who had it before.
        await finished(values)
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

    async remove(scope, name) {
      const values = { ...scopeValues(scope), name }
      // Also where an earlier call broke off: it is gone for good once somebody was told so.
      const [, [advanced], , , [ended]] = await db.commit([call(C.beginGoing, values), ...pieceOf(values)])
      if (!advanced) return false
      if (!ended) await finished(values)
      return true
    },
  }
}

export function subscriptionStore(db: Db): SubscriptionStore {
  const values = ({ key, topics, automatic }: SubscriptionChange, now: Date) => ({
    ...keyValues(key),
    now: now.getTime(),
    wanted: json(topics),
    automatic: json(automatic),
    superseded: 1,
  })

  return {
    async add(change, now) {
      const bound = values(change, now)
      const plan = [
        call(S.countSubscribed, bound),
        call(S.subscribe, bound),
        call(announceSubscribed, bound),
        call(S.subscribed, bound),
      ] as const
      // The second time finds the ids that the first one gave.
      const [, , , rows] = await db.commit(plan, { repeatable: true })
      if (rows.length === 0) return null
      return rows.map(
        ({ topic, proposed, id, known }): SubscriptionOutcome => ({
          topic,
          id,
          changed: id === proposed,
          known: known === 1,
        }),
      )
    },

    async remove(change, now) {
      const bound = values(change, now)
      const [rows] = await db.commit([
        call(S.subscribed, bound),
        call(announceUnsubscribed, bound),
        call(S.countUnsubscribed, bound),
        call(S.unsubscribe, bound),
      ])
      if (rows.length === 0) return null
      return rows.map(
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

    async removeById(scope, id, now) {
      const bound = { ...scopeValues(scope), id, now: now.getTime() }
      const [, , [row]] = await db.commit([
        call(announceUnsubscribedById, bound),
        call(S.countSubscription, bound),
        call(S.removeSubscription, bound),
      ])
      return row !== undefined
    },
  }
}
