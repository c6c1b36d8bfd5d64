/**
 * Removals of any number of rows. The call that begins a removal hides the data and deletes the first batches; the rest
 * is deleted here. Every step is one bounded transaction and is safe to run concurrently.
 */
export interface RemovalStore {
  /** One batch of the removal that has waited longest; false if none waits. */
  step(): Promise<boolean>
}
