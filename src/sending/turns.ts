/**
 * Milliseconds per turn of the event loop that may be used to start requests, because others wait for their
 * answers.
 */
const SHARE = 1
/** Requests that may start per turn, for clocks that do not advance within a turn. */
const MOST = 8

/**
 * Yields to all other pending work, without a timer if the runtime allows that, because a timer takes at
 * least a millisecond.
 */
export const pause = (): Promise<void> =>
  new Promise((resume) => {
    if (typeof setImmediate === 'function') setImmediate(resume)
    else setTimeout(resume)
  })

/**
 * Limits what all pages together may start in one turn: undefined if there is room, otherwise when to ask
 * again.
 */
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
