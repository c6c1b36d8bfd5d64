import type { ImportPace } from './imports.ts'

/** Times the last step that live calls have for themselves, at most: then an import takes no more than a tenth of the time. */
const SHARE = 9
/** Milliseconds that they have for each of their calls: a few calls cost an import nothing that counts. */
const EACH = 5
/** Milliseconds of a rest: a process that stops waits for it. */
const LONGEST = 1000
/** Rows of a step, and of one while calls come: each of those may wait for one step. */
const ROWS = 500
const FEW_ROWS = 200

export interface PaceDeps {
  /** Calls so far. */
  served(): number
  wait(milliseconds: number): Promise<void>
}

/** For a process that lives long: steps one after the other, but for the time that calls need. */
export function ownPace({ served, wait }: PaceDeps): Omit<ImportPace, 'maxRows'> {
  let before = served()
  // Whether anybody calls is known after a step.
  let rows = FEW_ROWS
  return {
    rows: () => rows,
    milliseconds: 2000,
    async rest(took) {
      const now = served()
      const needed = (now - before) * EACH
      before = now
      rows = needed < took ? ROWS : FEW_ROWS
      await wait(Math.min(needed, took * SHARE, LONGEST))
    },
  }
}
