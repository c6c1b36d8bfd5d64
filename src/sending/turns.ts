/**
 * Milliseconds per turn of the event loop that may be used to start requests, because others wait for their
 * answers.
 */
const SHARE = 1
/** Requests that may start per turn, for clocks that do not advance within a turn. */
const MOST = 8
/** Requests that may start per turn while live calls wait, and the milliseconds from one such turn to the next. */
const FEW = 1
const APART = 1
/** While live calls wait, a read is followed by a rest of at most this many times its duration. */
const RESTS = 4

/** Whether live calls wait for their answers: then sending takes less of the event loop. */
export type Waiting = () => boolean

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resume) => setTimeout(resume, milliseconds))

/**
 * Yields to all other pending work, without a timer if the runtime allows that, because a timer takes at
 * least a millisecond.
 */
export const pause = (): Promise<void> =>
  new Promise((resume) => {
    if (typeof setImmediate === 'function') setImmediate(resume)
    else setTimeout(resume)
  })

/** Yields between two reads, of which the first took so many milliseconds; for longer while live calls wait. */
export async function rest(took: number, waiting: Waiting): Promise<void> {
  await pause()
  const end = performance.now() + took * RESTS
  while (waiting() && performance.now() < end) await wait(APART)
}

/** When a page's next request may start: undefined if now. */
export type Turn = () => Promise<void> | undefined

/**
 * Limits what all pages together may start in one turn of the event loop. Lanes that wait take turns, one request each; of a
 * lane's pages, one goes first, so that others are read meanwhile. Returns a page's own `Turn`. `now` is in milliseconds.
 */
export function createTurns(
  waiting: Waiting,
  now: () => number = () => performance.now(),
): (lane: object) => Turn {
  /** The waiting pages of each lane; the lane whose turn is next is first. */
  const lines = new Map<object, (() => void)[]>()
  let open = false
  let since = 0
  let begun = 0

  const room = () => begun < (waiting() ? FEW : MOST) && now() - since < SHARE

  function begin(): void {
    open = true
    since = now()
    begun = 0
    void (waiting() ? wait(APART) : pause()).then(end)
  }

  function end(): void {
    open = false
    if (lines.size === 0) return
    begin()
    grant()
  }

  /** Lets the page whose turn it is start one request; it asks again for the next one. */
  function grant(): void {
    const [next] = lines
    if (!next || !room()) return
    const [lane, line] = next
    lines.delete(lane)
    const resume = line.shift()
    if (line.length > 0) lines.set(lane, line)
    begun++
    resume?.()
  }

  return (lane) => {
    let had = false
    return () => {
      if (!open) begin()
      const next = lines.size === 0 || (had && lines.size === 1 && lines.has(lane))
      const goesOn = had
      had = true
      if (next && room()) {
        begun++
        return undefined
      }
      const line = lines.get(lane) ?? []
      lines.set(lane, line)
      const granted = new Promise<void>((resume) => {
        if (goesOn) line.unshift(resume)
        else line.push(resume)
      })
      grant()
      return granted
    }
  }
}
