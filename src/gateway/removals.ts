import type { Clock, Ids } from '../domain/ids.ts'
import type { Removal, Store } from '../store/store.ts'
import { createConsumer } from '../work/consumer.ts'

/** The rest of removals too large to be done before their answer. */
export interface Removals {
  /** Deletes a few batches; false when idle. Safe to run concurrently: a removal is leased during a step. */
  step(): Promise<boolean>
}

/** Batches per step: so a claim costs no more than what it is for. */
const PIECES = 2
/** Milliseconds. */
const LEASE = 60_000

export function createRemovals({
  store: { removals },
  now,
  ids,
}: {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
}): Removals {
  const consumer = createConsumer<Removal>({
    source: { claim: (terms, at) => removals.claim({ ...terms, limit: 1 }, at) },
    now,
    newLease: ids.row,
    lease: LEASE,
    longestWait: LEASE,
    // Each step takes one; the callers of steps bound how many run.
    atOnce: Number.POSITIVE_INFINITY,
  })

  async function remove(removal: Removal, lease: string): Promise<void> {
    for (let piece = 1; piece <= PIECES; piece++)
      if (!(await removals.proceed(removal, { lease, last: piece === PIECES }))) return
  }

  return {
    async step() {
      const did = await consumer.drain((removal, { lease }) => remove(removal, lease), {
        most: 1,
        milliseconds: Number.POSITIVE_INFINITY,
      })
      return did > 0
    },
  }
}
