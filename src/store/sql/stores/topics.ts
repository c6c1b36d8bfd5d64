import type { Occasion, TopicChange, TopicOutcome, TopicStore } from '../../store.ts'
import { BY_ID } from '../keyset.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call, type Statement } from '../statement.ts'
import {
  countById,
  dropById,
  logDroppedById,
  removeUnsubscribed,
  subscriptionById,
} from '../statements/subscriptions.ts'
import * as T from '../statements/topics.ts'
import { pageOf, topicPlace } from './pages.ts'
import { json, keyValues, occasionValues, policyValues } from './values.ts'

const valuesOf = (change: TopicChange, occasion: Occasion) => ({
  topics: json(change.names),
  superseded: change.superseded ? 1 : 0,
  // Used for devices created by a registration; empty here.
  deviceId: '',
  ...keyValues(change.key),
  ...policyValues(change.policy),
  ...occasionValues(occasion),
})
type Write = Statement<unknown, keyof ReturnType<typeof valuesOf>>

export function topicStore(db: Db): TopicStore {
  /** Runs the writes and reads their result in the same plan. `before`: counters and events. */
  async function change(
    before: readonly Write[],
    writes: readonly Write[],
    of: TopicChange,
    occasion: Occasion,
  ): Promise<{ topics: number; held: number } | undefined> {
    const bound = valuesOf(of, occasion)
    const plan = {
      before: before.map((one) => call(one, bound)),
      writes: writes.flatMap((one) => [call(one, bound), call(T.bumpIfChanged, bound)]),
      noted: of.superseded ? [call(T.noteSuperseded, bound)] : [],
      after: call(T.topicOutcome, bound),
    }
    // Set operations, and a result read from the set: a second run finds it in its final state.
    const { after } = await commit(db, plan, { repeatable: true })
    return after[0]
  }

  const added = (of: TopicChange, after: { held: number } | undefined): TopicOutcome =>
    after === undefined ? 'unknown' : after.held === new Set(of.names).size ? 'done' : 'limit'

  return {
    async page(key, { after, limit }, { now, superseded }) {
      const bound = { now: now.getTime(), superseded: superseded ? 1 : 0, ...keyValues(key) }
      const [rows, [device]] = await db.read([
        call(T.topicPage, { ...bound, ...BY_ID.values(after), limit }),
        call(T.topicHolder, bound),
      ])
      if (!device) return null
      return pageOf(rows, limit, ({ topic }) => topic, topicPlace)
    },

    async replace(of, occasion) {
      if (new Set(of.names).size > of.policy.limit) return 'limit'
      const before = [T.countKept, T.logReplaced]
      return added(of, await change(before, [T.keepOnly, T.addListed], of, occasion))
    },

    async add(of, occasion) {
      return added(of, await change([T.countListed, T.logAdded], [T.addListed], of, occasion))
    },

    async remove(of, occasion) {
      const before = [T.countDropped, T.logDropped]
      return (await change(before, [T.dropListed], of, occasion)) ? 'done' : 'unknown'
    },

    async leave(key, names, occasion) {
      const bound = { ...keyValues(key), ...occasionValues(occasion), topics: json(names), superseded: 1 }
      const writes = [
        T.noteSuperseded,
        T.countDropped,
        T.logDropped,
        T.dropListed,
        T.bumpIfChanged,
        ...removeUnsubscribed.plan,
      ]
      const { before, after } = await commit(db, {
        before: call(T.topicOutcome, bound),
        writes: writes.map((one) => call(one, bound)),
        after: call(T.topicOutcome, bound),
      })
      return before.length > 0 ? (after[0]?.topics ?? 0) : null
    },

    async leaveById({ appId, dialect }, id, occasion) {
      const of = { app: appId, dialect, subscription: id, superseded: 1, ...occasionValues(occasion) }
      const [[found]] = await db.read([call(subscriptionById, of)])
      if (!found) return false
      // The lookup only finds the device; the write uses the subscription's id, which is never reused.
      const bound = { ...of, externalId: found.external_id }
      const { dropped } = await commit(db, {
        before: [countById, logDroppedById].map((one) => call(one, bound)),
        dropped: call(dropById, bound),
        rest: [T.bumpIfChanged, ...removeUnsubscribed.plan].map((one) => call(one, bound)),
      })
      return dropped.length > 0
    },
  }
}
