/** Milliseconds of one turn of the event loop that beginning requests may take: others wait for their answers. */
const SHARE = 1
/** Requests that begin in one turn, where the clock stands still meanwhile. */
const MOST = 8

/** Lets everything else that waits have its turn. Without a timer, where the runtime can: that rests for a millisecond. */
export const pause = (): Promise<void> =>
  new Promise((resume) => {
    if (typeof setImmediate === 'function') setImmediate(resume)
    else setTimeout(resume)
  })

/** What all pages together may begin in one turn: undefined if there is room, or when to ask again. */
export function createTurns(): () => Promise<void> | undefined {
  let turn: Promise<void> | undefined
  let since = 0
  let begun = 0

  function next(): Promise<void> {
    since = performance.now()
    begun = 0
    return pause().then(() => {
      turn = undefined
    })
  }

  return () => {
    turn ??= next()
    if (begun >= MOST || performance.now() - since >= SHARE) return turn
    begun++
    return undefined
  }
}
