import { createConsumer, type Run, type Terms } from './consumer.ts'

/** How long who begins a step has what it takes, in milliseconds. */
const LEASE = 60_000

export interface StepOptions<Item> {
  /** Takes one item at most (`limit` is 1). */
  claim(terms: Terms, at: Date): Promise<readonly Item[]>
  readonly run: Run<Item>
  readonly now: () => Date
  readonly newLease: () => string
}

/**
 * Work that whoever calls goes on with piece by piece: a call takes one item, works on it and says whether there was one.
 * Safe to call concurrently; of one who dies, the item is free again after a minute.
 */
export function createStep<Item>({ claim, run, now, newLease }: StepOptions<Item>): () => Promise<boolean> {
  const consumer = createConsumer<Item>({
    source: { claim: (terms, at) => claim({ ...terms, limit: 1 }, at) },
    now,
    newLease,
    lease: LEASE,
    longestWait: LEASE,
    // The callers bound how many run.
    atOnce: Number.POSITIVE_INFINITY,
  })
  return async () => (await consumer.drain(run, { most: 1, milliseconds: Number.POSITIVE_INFINITY })) > 0
}
