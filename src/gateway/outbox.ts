import { groupedBy } from '../domain/groups.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { PendingCall, WebhookDialects } from '../domain/webhook.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Settlement, TakenCall } from '../store/contract/webhooks.ts'
import type { Store } from '../store/store.ts'
import { createConsumer, type Run } from '../work/consumer.ts'
import { GIVEN, secretOpener } from './webhooks.ts'

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
  readonly ids: Ids
  readonly pace: Pace
  readonly webhookDialects: WebhookDialects
}

export function createOutbox(deps: Deps): Outbox {
  const { store, vault, now, ids, pace } = deps
  const open = secretOpener({ store, vault })
  const settle = settler(deps)
  const consumer = createConsumer<TakenCall>({
    source: {
      async claim(terms, at) {
        const claim = { ...terms, each: pace.each }
        return (await store.outbox.due(claim, at)) ? store.outbox.claim(claim, at) : []
      },
      key: ({ id }) => id,
    },
    now,
    newLease: ids.row,
    lease: LEASE,
    longestWait: LONGEST_WAIT,
    atOnce: pace.atOnce,
  })

  const making =
    (send: Send): Run<TakenCall> =>
    async (call) => {
      const { appId, sealed, failures, wanted, ...rest } = call
      const { webhookId } = call
      const attempt = async () => {
        const secret = await open({ webhookId, sealed })
        return secret !== null && (await send({ ...rest, secret: secret.replace(GIVEN, '') }))
      }
      await settle({ call, arrived: wanted && (await attempt().catch(() => false)) })
    }

  return {
    begin: (send, ended) => consumer.begin(making(send), ended),
    deliver: (send) => consumer.drain(making(send), pace),
    idle: consumer.idle,
    dropAbandoned: (limit) => store.outbox.dropAbandoned(MOST_ATTEMPTS, limit, now()),
  }
}

/** Settles ended calls: batches those that ended during the previous settlement, without waiting for more. */
function settler({ store, now, webhookDialects }: Deps): (outcome: Outcome) => Promise<void> {
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
      const circuit = { threshold: THRESHOLD, longestWait: LONGEST_WAIT }
      const waits = waitsOf(webhookDialects)
      const settled = Promise.all(
        [...groupedBy(outcomes, ({ call }) => call.appId)].map(([appId, own]) =>
          store.outbox.settle({ appId, ...settlementOf(own, at, waits) }, circuit, at),
        ),
      ).then(() => {})
      current = settled.catch(() => {})
      return settled
    })
    return next
  }
}

/** Milliseconds until a failed call is retried; undefined if it is dropped. */
const waitsOf = (dialects: WebhookDialects) => (call: TakenCall) => {
  const retries = dialects.get(call.dialect)?.retries
  const seconds = retries ? retries[call.attempts - 1] : 2 ** call.attempts
  return call.attempts >= MOST_ATTEMPTS || seconds === undefined
    ? undefined
    : Math.min(seconds * SECOND, LONGEST_WAIT)
}

function settlementOf(
  outcomes: readonly Outcome[],
  at: Date,
  waitOf: ReturnType<typeof waitsOf>,
): Omit<Settlement, 'appId'> {
  const unwanted = outcomes.filter(({ call }) => !call.wanted).map(({ call }) => call)
  const failed = outcomes.filter(({ arrived, call }) => !arrived && call.wanted).map(({ call }) => call)
  const arrived = outcomes.filter((one) => one.arrived).map(({ call }) => call)
  const over = failed.filter((call) => waitOf(call) === undefined)
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
        dueAt: new Date(at.getTime() + (waitOf(call) ?? 0)),
        counted: !probe(call),
      })),
    failing: [...failing.values()],
  }
}
