import type { ImportPace } from './imports.ts'

/** Times the last step that others have for themselves, at most: then a step takes no more than a seventh of the time. */
const SHARE = 6
/** Milliseconds that they have for each of their calls: a few calls cost an import nothing that counts. */
const EACH = 5
const LONGEST = 1000

const wait = (milliseconds: number) => new Promise<void>((resume) => setTimeout(resume, milliseconds))

/** For a process that lives long: steps one after the other, but for the time that calls need. */
export function ownPace(served: () => number): Omit<ImportPace, 'maxRows'> {
  let before = served()
  return {
    rows: 500,
    milliseconds: 1000,
    async rest(took) {
      const now = served()
      const called = now - before
      before = now
      await wait(Math.min(called * EACH, took * SHARE, LONGEST))
    },
  }
}
