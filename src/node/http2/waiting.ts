import {
  type Answer,
  type Call,
  REQUEST_MILLISECONDS,
  Unanswered,
} from '../../delivery/transport/transport.ts'

/** A request waiting for a free stream. */
interface Waiter {
  readonly call: Call
  readonly since: number
  readonly timer: NodeJS.Timeout
  readonly resolve: (answer: Promise<Answer>) => void
  readonly reject: (error: unknown) => void
}

/** Requests waiting for a free stream, each for a limited time. */
export interface Waiting {
  add(call: Call): Promise<Answer>
  /** Since when the first request has waited; undefined if none waits. */
  since(): number | undefined
  /** Releases the first request; false if none waits. */
  go(send: (call: Call) => Promise<Answer>): boolean
  failAll(error: unknown): void
}

export function createWaiting(): Waiting {
  const waiting = new Set<Waiter>()
  const first = (): Waiter | undefined => waiting.values().next().value

  function shift(): Waiter | undefined {
    const waiter = first()
    if (!waiter) return undefined
    waiting.delete(waiter)
    clearTimeout(waiter.timer)
    return waiter
  }

  return {
    add: (call) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(waiter)
          reject(new Unanswered('unreachable', 'no-free-stream'))
        }, REQUEST_MILLISECONDS)
        const waiter: Waiter = { call, since: performance.now(), timer, resolve, reject }
        waiting.add(waiter)
      }),
    since: () => first()?.since,
    go(send) {
      const waiter = shift()
      waiter?.resolve(send(waiter.call))
      return waiter !== undefined
    },
    failAll(error) {
      for (let waiter = shift(); waiter; waiter = shift()) waiter.reject(error)
    },
  }
}
