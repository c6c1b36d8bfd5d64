import type { DialectApp } from '../domain/app.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { EventKind, PendingCall, Webhook } from '../domain/webhook.ts'
import type { Store } from '../store/store.ts'
import { scopeOf } from './catalogue.ts'

/** Whom an app's back end wants told of what, in one dialect. A change takes effect at once. */
export interface Webhooks {
  /** Null where the name is taken. */
  create(of: {
    readonly app: DialectApp
    readonly name: string
    readonly url: string
    readonly events: readonly EventKind[]
  }): Promise<Webhook | null>
  /** What is absent stays. Null for an unknown one. */
  update(of: {
    readonly app: DialectApp
    readonly name: string
    readonly url?: string | undefined
    readonly events?: readonly EventKind[] | undefined
  }): Promise<Webhook | null>
  /** False for an unknown one. */
  remove(app: DialectApp, name: string): Promise<boolean>
  find(app: DialectApp, name: string): Promise<Webhook | null>
  list(app: DialectApp): Promise<readonly Webhook[]>
}

/** The calls that wait to be made. */
export interface Outbox {
  /**
   * Makes the due calls with `send`, which says whether one arrived. What did not is tried again, ever later, for about
   * a day. Several deliverers may run at once: each call is taken by one. How many were taken.
   */
  deliver(send: (call: PendingCall) => Promise<boolean>): Promise<number>
}

interface Deps {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
}

export function createWebhooks({ store, now, ids }: Deps): Webhooks {
  return {
    create: ({ app, ...draft }) => store.webhooks.create(scopeOf(app), { id: ids.row(), ...draft }, now()),
    update: ({ app, name, ...change }) => store.webhooks.update(scopeOf(app), name, change, now()),
    remove: (app, name) => store.webhooks.remove(scopeOf(app), name),
    find: (app, name) => store.webhooks.find(scopeOf(app), name),
    list: (app) => store.webhooks.list(scopeOf(app)),
  }
}

const SECOND = 1000
/** Longer than any call takes: what a deliverer that died had taken is tried again after it. */
const LEASE = 60 * SECOND
const BATCH = 20
const LONGEST_WAIT = 3600 * SECOND
/** With waits that double from two seconds up to an hour: about a day. */
const MOST_ATTEMPTS = 34

export function createOutbox({ store, now }: Deps): Outbox {
  return {
    async deliver(send) {
      const at = now()
      if (!(await store.outbox.due(at))) return 0
      const leaseUntil = new Date(at.getTime() + LEASE)
      const calls = await store.outbox.claim({ now: at, leaseUntil, limit: BATCH })
      if (calls.length === 0) return 0
      const arrived = await Promise.all(calls.map((call) => send(call).catch(() => false)))
      const done = calls.filter((call, i) => arrived[i] || call.attempts >= MOST_ATTEMPTS)
      const again = calls.filter((call) => !done.includes(call))
      if (done.length > 0) await store.outbox.settle(done.map(({ id }) => id))
      if (again.length > 0) {
        const later = now().getTime()
        await store.outbox.postpone(
          again.map(({ id, attempts }) => ({
            id,
            dueAt: new Date(later + Math.min(2 ** attempts * SECOND, LONGEST_WAIT)),
          })),
        )
      }
      return calls.length
    },
  }
}
