import { createConsumer, type Run, type Terms } from './consumer.ts'

/** The lease of an item during a step, in milliseconds. */
const LEASE = 60_000

export interface StepOptions<Item> {
  /** Claims at most one item (`limit` is 1). */
  claim(terms: Terms, at: Date): Promise<readonly Item[]>
  readonly run: Run<Item>
  readonly now: () => Date
  readonly newLease: () => string
}

/**
 * Work done one item per call: a call claims an item, processes it and returns whether there was one. Safe to call
 * concurrently; if a process crashes, its item is free again after a minute.
 */
export function createStep<Item>({ claim, run, now, newLease }: StepOptions<Item>): () => Promise<boolean> {
  const consumer = createConsumer<Item>({
    source: { claim: (terms, at) => claim({ ...terms, limit: 1 }, at) },
    now,
    newLease,
    lease: LEASE,
    longestWait: LEASE,
    // Callers bound the number of concurrent steps.
    atOnce: Number.POSITIVE_INFINITY,
  })
  return async () => (await consumer.drain(run, { most: 1, milliseconds: Number.POSITIVE_INFINITY })) > 0
}
