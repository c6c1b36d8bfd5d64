/**
 * Removals of what may have any number of rows. Whoever begins one has it out of sight at once and its first pieces
 * done; the rest goes here. Every step is one bounded plan, and may run anywhere, also at the same time as others.
 */
export interface RemovalStore {
  /** One piece of the removal that has waited longest; false where none waits. */
  step(): Promise<boolean>
}
