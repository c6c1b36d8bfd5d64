import type { Clock } from '../domain/ids.ts'
import type { PendingCall } from '../domain/webhook.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Settlement, TakenCall } from '../store/contract/webhooks.ts'
import type { Store } from '../store/store.ts'
import { secretOpener } from './webhooks.ts'

/** Sends a webhook call; returns whether it was delivered. */
export type Send = (call: PendingCall) => Promise<boolean>

/** Limits on webhook delivery, per runtime. */
export interface Pace {
  /** Most parallel calls in total. */
  readonly atOnce: number
  /** Most parallel calls of one webhook. */
  readonly each: number
  /** One `deliver` starts no call after this many calls or milliseconds; the rest waits for the next run. */
  readonly most: number
  readonly milliseconds: number
}

/**
 * Pending webhook calls. Every webhook has its own lane, so a receiver that hangs or fails does not delay the calls of
 * others. Failed calls are retried with increasing delays for about a day; after repeated failures of a receiver its
 * circuit opens: calls pause, then a single call probes it. Safe to run concurrently: each call is claimed by one
 * deliverer.
 */
export interface Outbox {
  /** Starts due calls and returns their number. Calls `ended` after each is settled, with the error if settling failed. */
  begin(send: Send, ended: (fault?: unknown) => void): Promise<number>
  /** Makes due calls until none is left or the run's limits are reached, and waits for them. Returns their number. */
  deliver(send: Send): Promise<number>
  /** Resolves when no call is running. */
  idle(): Promise<void>
  /**
   * Drops a batch of calls whose receiver has not answered for about a day, or whose webhook is gone. Returns their
   * number.
   */
  dropAbandoned(limit: number): Promise<number>
}

const SECOND = 1000
/** Longer than any call takes. Calls claimed by a crashed deliverer are retried after it. */
const LEASE = 60 * SECOND
const LONGEST_WAIT = 3600 * SECOND
/** No call waits longer than this; a later due time means that the clock was set back. */
const HORIZON = LONGEST_WAIT + LEASE
/** With delays that double from two seconds to an hour: about a day. */
const MOST_ATTEMPTS = 34
/** Consecutive failures of different calls that open a receiver's circuit. */
const THRESHOLD = 5

interface Outcome {
  readonly call: TakenCall
  readonly arrived: boolean
}

interface Deps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly pace: Pace
}

export function createOutbox({ store, vault, now, pace }: Deps): Outbox {
  const open = secretOpener({ store, vault })
  /** Running calls and the end of their leases: after a clock change they could be claimed again. */
  const running = new Map<string, number>()
  const waiters = new Set<() => void>()
  const settle = settler(store, now)

  async function take(): Promise<readonly TakenCall[]> {
    const at = now()
    const later = (milliseconds: number) => new Date(at.getTime() + milliseconds)
    const times = { now: at, horizon: later(HORIZON), each: pace.each }
    const limit = pace.atOnce - running.size
    if (limit <= 0 || !(await store.outbox.due(times))) return []
    const leaseUntil = later(LEASE)
    const calls = await store.outbox.claim({ ...times, leaseUntil, limit })
    const fresh = calls.filter(({ id }) => (running.get(id) ?? 0) <= at.getTime())
    for (const { id } of fresh) running.set(id, leaseUntil.getTime())
    return fresh
  }

  /** Calls `ended` before it resolves the waiters, which read what `ended` counted. */
  async function make(call: TakenCall, send: Send, ended: (fault?: unknown) => void): Promise<void> {
    let fault: unknown
    try {
      const { webhookId, sealed, failures, wanted, ...rest } = call
      const attempt = async () => {
        const secret = await open({ webhookId, sealed })
        return secret !== null && (await send({ ...rest, secret }))
      }
      await settle({ call, arrived: wanted && (await attempt().catch(() => false)) })
    } catch (error) {
      fault = error
    }
    running.delete(call.id)
    ended(fault)
    const woken = [...waiters]
    waiters.clear()
    for (const resolve of woken) resolve()
  }

  const nextEnd = () => new Promise<void>((resolve) => waiters.add(resolve))

  return {
    async begin(send, ended) {
      const calls = await take()
      for (const call of calls) void make(call, send, ended)
      return calls.length
    },

    async deliver(send) {
      let [made, ends] = [0, 0]
      let fault: unknown
      const ended = (error?: unknown) => {
        ends++
        fault ??= error
      }
      const stop = performance.now() + pace.milliseconds
      while (fault === undefined && made < pace.most && performance.now() < stop) {
        const before = ends
        const calls = await take()
        made += calls.length
        for (const call of calls) void make(call, send, ended)
        // Calls that ended meanwhile may have freed slots.
        if (calls.length > 0 || ends > before) continue
        if (ends === made) break
        await nextEnd()
      }
      while (ends < made) await nextEnd()
      if (fault !== undefined) throw fault
      return made
    },

    async idle() {
      while (running.size > 0) await nextEnd()
    },

    dropAbandoned: (limit) => store.outbox.dropAbandoned(MOST_ATTEMPTS, limit),
  }
}

/** Settles ended calls: batches those that ended during the previous settlement, without waiting for more. */
function settler(store: Store, now: Clock): (outcome: Outcome) => Promise<void> {
  let ended: Outcome[] = []
  let next: Promise<void> | undefined
  let current: Promise<unknown> = Promise.resolve()

  return (outcome) => {
    ended.push(outcome)
    next ??= current.then(() => {
      const outcomes = ended
      ended = []
      next = undefined
      const at = now()
      const settled = store.outbox.settle(
        settlementOf(outcomes, at),
        { threshold: THRESHOLD, longestWait: LONGEST_WAIT },
        at,
      )
      current = settled.catch(() => {})
      return settled
    })
    return next
  }
}

function settlementOf(outcomes: readonly Outcome[], at: Date): Settlement {
  const unwanted = outcomes.filter(({ call }) => !call.wanted).map(({ call }) => call)
  const failed = outcomes.filter(({ arrived, call }) => !arrived && call.wanted).map(({ call }) => call)
  const arrived = outcomes.filter((one) => one.arrived).map(({ call }) => call)
  const over = failed.filter(({ attempts }) => attempts >= MOST_ATTEMPTS)
  const probe = ({ failures }: TakenCall) => failures >= THRESHOLD
  const failing = new Map<string, { id: string; failures: number; probes: number }>()
  for (const call of failed) {
    const one = failing.get(call.webhookId) ?? { id: call.webhookId, failures: 0, probes: 0 }
    // A receiver that always rejects one particular call is not down: only a call's first failure counts against it.
    if (probe(call) || call.attempts === 1) one.failures++
    if (probe(call)) one.probes++
    failing.set(call.webhookId, one)
  }
  return {
    done: [...arrived, ...over, ...unwanted].map(({ id }) => id),
    arrived: [...new Set(arrived.map(({ webhookId }) => webhookId))],
    // A failed probe already counts for every waiting call, the probed one included.
    again: failed
      .filter((call) => !over.includes(call))
      .map((call) => ({
        id: call.id,
        dueAt: new Date(at.getTime() + Math.min(2 ** call.attempts * SECOND, LONGEST_WAIT)),
        counted: !probe(call),
      })),
    failing: [...failing.values()],
  }
}
