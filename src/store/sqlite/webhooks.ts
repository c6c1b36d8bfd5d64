import type { PendingCall, Webhook } from '../../domain/webhook.ts'
import type { OutboxStore, WebhookStore } from '../contract/webhooks.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as W from '../statements/webhooks.ts'
import { scopeValues } from './listings.ts'
import { json } from './values.ts'

const toWebhook = (row: W.WebhookRow): Webhook => ({
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
      const [[row]] = await db.commit([call(W.createWebhook, values)])
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
      const [[row]] = await db.commit([call(W.updateWebhook, values), call(W.dropUnwanted, values)], {
        repeatable: true,
      })
      return row ? toWebhook(row) : null
    },

    async remove(scope, name) {
      const values = { ...scopeValues(scope), name }
      const [[row]] = await db.commit([call(W.removeWebhook, values), call(W.dropUnwanted, values)])
      return row !== undefined
    },

    async find(scope, name) {
      const [[row]] = await db.read([call(W.findWebhook, { ...scopeValues(scope), name })])
      return row ? toWebhook(row) : null
    },

    async list(scope) {
      const [rows] = await db.read([call(W.listWebhooks, scopeValues(scope))])
      return rows.map(toWebhook)
    },
  }
}

export function outboxStore(db: Db): OutboxStore {
  return {
    async due(now) {
      const [rows] = await db.read([call(W.anyDue, { now: now.getTime() })])
      return rows.length > 0
    },

    async claim({ now, leaseUntil, limit }) {
      const values = { now: now.getTime(), leaseUntil: leaseUntil.getTime(), limit }
      const [rows] = await db.commit([call(W.claimCalls, values)])
      return rows.flatMap(({ id, dialect, event, attempts, url, identifier }): PendingCall[] =>
        url === null || identifier === null
          ? []
          : [{ id, dialect, identifier, url, attempts, event: JSON.parse(event) }],
      )
    },

    async settle(ids) {
      await db.commit([call(W.settleCalls, { ids: json(ids) })], { repeatable: true })
    },

    async postpone(calls) {
      const due = calls.map(({ id, dueAt }) => ({ id, dueAt: dueAt.getTime() }))
      await db.commit([call(W.postponeCalls, { calls: json(due) })], { repeatable: true })
    },
  }
}
