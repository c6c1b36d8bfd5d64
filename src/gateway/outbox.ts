import type { Clock } from '../domain/ids.ts'
import type { PendingCall } from '../domain/webhook.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Settlement, TakenCall } from '../store/contract/webhooks.ts'
import type { Store } from '../store/store.ts'
import { secretOpener } from './webhooks.ts'

/** Makes a call; says whether it arrived. */
export type Send = (call: PendingCall) => Promise<boolean>

/** What a runtime may have under way at once. */
export interface Pace {
  readonly atOnce: number
  /** Of one webhook: the others are never behind it. */
  readonly each: number
  /** After so many calls, or so long, one `deliver` begins no more: the rest waits for the next. */
  readonly most: number
  readonly milliseconds: number
}

/**
 * The calls that wait to be made. Every webhook is a lane of its own: a receiver that hangs or fails holds up nobody
 * else's calls. What fails is tried again, ever later, for about a day; a receiver that fails for call after call is
 * left alone for a while (its circuit is open) and then tried with one call. Several deliverers may run at once: each
 * call is taken by one.
 */
export interface Outbox {
  /** Begins due calls, and tells how many. Each is settled as it ends; `ended` is told, with the fault if that failed. */
  begin(send: Send, ended: (fault?: unknown) => void): Promise<number>
  /** Makes due calls until none is left, or as many as one run may, and waits for them. How many were made. */
  deliver(send: Send): Promise<number>
  /** Resolves when none that was begun is under way any more. */
  idle(): Promise<void>
  /** Drops a batch of what waited for about a day for a receiver that never answered, or for none. How many. */
  dropAbandoned(limit: number): Promise<number>
}

const SECOND = 1000
/** Longer than any call takes: what a deliverer that died had taken is tried again after it. */
const LEASE = 60 * SECOND
const LONGEST_WAIT = 3600 * SECOND
/** Nothing waits longer: what is due behind it was written before the clock was set back. */
const HORIZON = LONGEST_WAIT + LEASE
/** With waits that double from two seconds up to an hour: about a day. */
const MOST_ATTEMPTS = 34
/** Different calls that fail one after the other until the circuit opens. */
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
  /** Calls under way and until when they are taken: after a jump of the clock they may be claimed once more. */
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

  /** `ended` before the waiters, who look at what it did. */
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
        // What ended meanwhile may have made room.
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

/** Settles what has ended: together what ended while the last settlement was on its way, never waiting for more. */
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
    // A call that its receiver will never take fails again and again: only the first time is held against the receiver.
    if (probe(call) || call.attempts === 1) one.failures++
    if (probe(call)) one.probes++
    failing.set(call.webhookId, one)
  }
  return {
    done: [...arrived, ...over, ...unwanted].map(({ id }) => id),
    arrived: [...new Set(arrived.map(({ webhookId }) => webhookId))],
    // A probe counts for everything that waits, itself included.
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
