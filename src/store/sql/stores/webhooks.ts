import type { Webhook } from '../../../domain/webhook.ts'
import type { WebhookStore } from '../../contract/webhooks.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { keepSecret } from '../statements/outbox.ts'
import * as W from '../statements/webhooks.ts'
import { scopeValues } from './listings.ts'
import { json } from './values.ts'

/** Waiting calls are counted up to this number, because a dead receiver may have very many. */
const COUNTED = 10_000
/** Calls dropped at once. */
const DROPPED = 500

const toWebhook = (row: W.WebhookRow): Webhook => ({
  id: row.id,
  name: row.name,
  url: row.url,
  events: JSON.parse(row.events),
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
})

export function webhookStore(db: Db): WebhookStore {
  return {
    async create(scope, { events, ...draft }, now) {
      const values = { ...scopeValues(scope), ...draft, events: json(events), now: now.getTime() }
      const {
        created: [row],
        spoken: [spoken],
      } = await commit(db, { created: call(W.createWebhook, values), spoken: call(W.speaks, values) })
      if (!spoken) return 'gone'
      return row ? toWebhook(row) : null
    },

    async update(scope, name, { url, events }, now) {
      const values = {
        ...scopeValues(scope),
        name,
        url: url ?? null,
        events: events ? json(events) : null,
        now: now.getTime(),
      }
      const drop = call(W.dropUnwanted, { ...values, most: DROPPED })
      const plan = { updated: call(W.updateWebhook, values), dropped: drop }
      const {
        updated: [row],
        dropped,
      } = await commit(db, plan, { repeatable: true })
      let more = dropped.length
      while (more === DROPPED)
        more = (await commit(db, { dropped: drop }, { repeatable: true })).dropped.length
      return row ? toWebhook(row) : null
    },

    async remove(scope, name) {
      // Remaining calls refer to a missing webhook: they are never sent, and maintenance deletes them.
      const values = { ...scopeValues(scope), name, most: DROPPED }
      const plan = { removed: call(W.removeWebhook, values), dropped: call(W.dropUnwanted, values) }
      return (await commit(db, plan)).removed.length > 0
    },

    async find(scope, name) {
      const [[row]] = await db.read([call(W.findWebhook, { ...scopeValues(scope), name })])
      return row ? toWebhook(row) : null
    },

    async list(scope) {
      const [rows] = await db.read([call(W.listWebhooks, scopeValues(scope))])
      return rows.map(toWebhook)
    },

    async states(appId) {
      const [rows] = await db.read([call(W.webhookStates, { app: appId, most: COUNTED })])
      return rows.map((row) => ({
        ...toWebhook(row),
        dialect: row.dialect,
        waiting: row.waiting,
        failures: row.failures,
        restingUntil: new Date(row.resting_until),
      }))
    },

    async keepSecret(id, sealed) {
      const [[row]] = await db.commit([call(keepSecret, { id, sealed })])
      return row?.sealed ?? null
    },
  }
}
