import type { ImportPace } from './imports.ts'

/** Times the last step that others have for themselves, where anybody has called during it. */
const SHARE = 4
const LONGEST = 500

const wait = (milliseconds: number) => new Promise<void>((resume) => setTimeout(resume, milliseconds))

/** For a process that lives long: steps one after the other, but for the time that calls need. */
export function ownPace(served: () => number): Omit<ImportPace, 'maxRows'> {
  let before = served()
  return {
    rows: 500,
    milliseconds: 1000,
    async rest(took) {
      const now = served()
      const called = now !== before
      before = now
      await wait(called ? Math.min(took * SHARE, LONGEST) : 0)
    },
  }
}
