import type { ImportPace } from './imports.ts'

/**
 * Live calls get at most this many times the duration of the last step, so an import takes at least about a fifteenth of
 * the time. With 9 and steps of 200 rows, 16 connections that register lost 24 % of their rate, with this 7 to 16 %
 * (`npm run bench -- import`, alternated).
 */
const SHARE = 14
/** Milliseconds reserved for each live call, so that a few calls hardly slow down an import. */
const EACH = 5
/** The longest pause in milliseconds, because a stopping process waits for it. */
const LONGEST = 1000
/** Rows per step without and with live calls, each of which may wait for a step. */
const ROWS = 500
const FEW_ROWS = 100

export interface PaceDeps {
  /** The number of calls so far. */
  served(): number
  wait(milliseconds: number): Promise<void>
}

/** For long-lived processes: runs steps without pauses, except for the time that live calls need. */
export function ownPace({ served, wait }: PaceDeps): Omit<ImportPace, 'maxRows'> {
  let before = served()
  // Whether there are live calls is known only after a step.
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
