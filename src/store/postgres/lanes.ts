import type { Acquiring } from './alone.ts'
import { overdue, pause, waitBefore } from './attempts.ts'
import { broken } from './failure.ts'
import { locksOf } from './locks.ts'
import type { Step } from './plan-query.ts'
import type { Session } from './session.ts'
import { BEGIN, COMMIT, own, PLANNED_ONCE, plannedOnce, rolledBack, turn } from './turn.ts'

/**
 * Serializes writes that may touch the same rows: plans of one app wait for each other, plans of no app or several apps wait
 * for all. Transaction locks do so between gateways, a queue within this one, so that a busy app uses one connection. Queued
 * plans share one transaction, each with its own outcome.
 *
 * Behind the lock, each statement (READ COMMITTED) sees everything committed before, and nothing changes until the plan ends,
 * as with a single writer. SERIALIZABLE is equally exact but rolls back all but one of several concurrent registrations,
 * because each updates its app's counters (docs/scaling.md).
 */
export function lanes({ acquire, patience }: Acquiring, mostWaiting: number) {
  const all = new Map<string, Waiting[]>()
  let waiting = 0

  async function work(lane: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const due = queue.splice(0, MOST_TOGETHER)
      const late = due.filter(({ end }) => performance.now() >= end)
      for (const one of late) settle(one, () => one.reject(overdue()))
      const group = due.filter((one) => !late.includes(one))
      if (group.length > 0) await together(lane, group)
    }
    all.delete(lane)
  }

  function enter(lane: string, one: Waiting): void {
    const queue = all.get(lane)
    if (queue) return void queue.push(one)
    const made = [one]
    all.set(lane, made)
    // Collects the plans of one event loop turn.
    setImmediate(() => void work(lane, made))
  }

  function settle(_: Waiting, tell: () => void): void {
    waiting--
    tell()
  }

  async function together(lane: string, group: readonly Waiting[]): Promise<void> {
    const outcomes = await outcomesOf(acquire, lane, group)
    for (const [at, one] of group.entries()) {
      const outcome = outcomes[at]
      if (outcome && 'rows' in outcome) {
        settle(one, () => one.resolve(outcome.rows))
        continue
      }
      const fault = outcome ?? { reason: overdue(), sent: false }
      const wait = waitBefore(++one.attempts, fault, one)
      if (wait === null) settle(one, () => one.reject(fault.reason))
      else void pause(wait).then(() => enter(lane, one))
    }
  }

  return {
    get waiting() {
      return waiting
    },
    commit(lane: string, steps: readonly Step[], repeatable: boolean): Promise<unknown[][]> {
      if (waiting >= mostWaiting) return Promise.reject(overdue())
      waiting++
      return new Promise((resolve, reject) => {
        const end = performance.now() + patience
        enter(lane, { steps, repeatable, end, attempts: 0, resolve, reject })
      })
    },
  }
}

interface Waiting {
  readonly steps: readonly Step[]
  readonly repeatable: boolean
  readonly end: number
  attempts: number
  readonly resolve: (rows: unknown[][]) => void
  readonly reject: (error: unknown) => void
}

type Outcome = { readonly rows: unknown[][] } | { readonly reason: unknown; readonly sent: boolean }

/** PostgreSQL caches the state of 64 savepoints per transaction. */
const MOST_TOGETHER = 30

const SAVE = own('SAVEPOINT plan')()
const KEEP = own('RELEASE SAVEPOINT plan')()
/** Not needed if the previous plan was kept. */
const UNDO = own('ROLLBACK TO SAVEPOINT plan')()

async function outcomesOf(
  acquire: () => Promise<Session>,
  lane: string,
  group: readonly Waiting[],
): Promise<readonly Outcome[]> {
  const none = (reason: unknown, sent: boolean) => group.map(() => ({ reason, sent }))
  let session: Session
  try {
    session = await acquire()
  } catch (reason) {
    return none(reason, false)
  }
  const once = group.every(({ steps }) => steps.every(plannedOnce)) ? [PLANNED_ONCE] : []
  const begin = [BEGIN, ...once, ...locksOf(lane, { advisory: true })]
  const left = Math.max(...group.map(({ end }) => end)) - performance.now()
  const answers = await turn(session, listsOf(begin, group), left).catch((reason: unknown) => [
    { status: 'rejected' as const, reason },
  ])
  const last = answers.at(-1)
  if (last?.status === 'fulfilled') {
    session.release(false)
    return group.map((one, at) => {
      const answer = group.length === 1 ? answers[0] : answers[at + 1]
      if (answer?.status !== 'fulfilled') return { reason: answer?.reason, sent: true }
      const { steps } = one
      const before = group.length === 1 ? begin.length : at === 0 ? 0 : 1
      return { rows: answer.value.slice(before, before + steps.length) }
    })
  }
  const reasons = answers.map((one): unknown => (one.status === 'rejected' ? one.reason : undefined))
  // If the connection broke or the transaction did not begin, that is the cause of the other failures.
  const reason = reasons.find((one) => one !== undefined && broken(one)) ?? reasons[0] ?? reasons.at(-1)
  session.release(broken(reason) || !(await rolledBack(session)))
  return none(reason, true)
}

function listsOf(begin: readonly Step[], group: readonly Waiting[]): readonly (readonly Step[])[] {
  const [first] = group
  if (group.length === 1 && first) return [[...begin, ...first.steps, COMMIT]]
  return [
    [...begin, SAVE],
    ...group.map(({ steps }, at) => [...(at > 0 ? [UNDO] : []), ...steps, KEEP, SAVE]),
    [UNDO, COMMIT],
  ]
}
