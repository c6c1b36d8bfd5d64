import type { Clock, Ids } from '../domain/ids.ts'
import type { Removal, Store } from '../store/store.ts'
import { createStep } from '../work/step.ts'

/** The remainder of removals that are too large to finish before their request is answered. */
export interface Removals {
  /** Deletes a few batches; false when idle. Safe to run concurrently: a removal is leased during a step. */
  step(): Promise<boolean>
}

/** Batches per step, so that a claim costs no more than its work. */
const PIECES = 2

export function createRemovals({
  store: { removals },
  now,
  ids,
}: {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
}): Removals {
  async function remove(removal: Removal, lease: string): Promise<void> {
    for (let piece = 1; piece <= PIECES; piece++)
      if (!(await removals.proceed(removal, { lease, last: piece === PIECES }))) return
  }

  return {
    step: createStep<Removal>({
      claim: (terms, at) => removals.claim(terms, at),
      run: (removal, { lease }) => remove(removal, lease),
      now,
      newLease: ids.row,
    }),
  }
}
