import type { Post, Transport } from '../../delivery/transport/transport.ts'
import type { Callee, Tracer } from '../../domain/tracer.ts'
import type { Fetch } from '../../outbound/outbound.ts'
import type { Call, Db, Results } from '../../store/sql/port.ts'

/**
 * Traces outgoing calls and database queries if there is a tracer. Only webhook receivers, which belong to
 * the app, get the trace context; vendors and push services never do.
 */

export function tracedFetch(tracer: Tracer | undefined, fetch: Fetch, to: Callee): Fetch {
  if (!tracer) return fetch
  return (url, init) =>
    tracer.call({ to, method: init.method ?? 'GET', url: new URL(url) }, (trace) => {
      if (to !== 'webhook') return fetch(url, init)
      const headers = new Headers(init.headers)
      for (const [name, value] of Object.entries(trace)) headers.set(name, value)
      return fetch(url, { ...init, headers })
    })
}

const PUSH = { to: 'push service', method: 'POST' } as const

export const tracedPost = (tracer: Tracer | undefined, post: Post): Post =>
  tracer ? (url, call) => tracer.call({ ...PUSH, url }, () => post(url, call)) : post

export function tracedTransport(tracer: Tracer | undefined, transport: Transport): Transport {
  if (!tracer) return transport
  return {
    connect(base, options) {
      const connection = transport.connect(base, options)
      return {
        ...connection,
        send: (call) => tracer.call({ ...PUSH, url: base }, () => connection.send(call)),
      }
    },
  }
}

export function tracedDb<Opened extends Db>(tracer: Tracer | undefined, db: Opened): Opened {
  if (!tracer) return db
  const noted = <const Plan extends readonly Call[]>(
    kind: 'read' | 'commit',
    plan: Plan,
    work: () => Promise<Results<Plan>>,
  ) => tracer.plan(kind, plan.length, work)
  return {
    ...db,
    read: (plan) => noted('read', plan, () => db.read(plan)),
    commit: (plan, options) => noted('commit', plan, () => db.commit(plan, options)),
  }
}
