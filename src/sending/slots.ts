/**
 * Requests of a lane at once: fewer while its service has trouble, slowly more again; and no more than it takes to keep the
 * service busy, since all that more of them do is to wait for each other, in memory.
 */
export interface Slots {
  take(): Promise<void> | undefined
  give(): void
  /** After trouble; a burst of it counts once. */
  halve(): void
  /** After an answer that came in so many milliseconds, where the quickest one of late took so many. */
  grow(milliseconds: number, quickest: number): void
}

/** Milliseconds of its rate that a lane may make up for at once. */
const BURST = 100
/** Requests that may wait for each other, and those at once that are never too many. */
const QUEUED = 100
const FEW = 128
/** Milliseconds for which the quickest answer stands for what the service takes by itself: up to twice as long. */
const QUICKEST = 60_000

/** The quickest answer of late from one place, in milliseconds. */
export function createQuickest(): (milliseconds: number) => number {
  let [now, before] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let since = performance.now()
  return (milliseconds: number): number => {
    const at = performance.now()
    if (at - since > QUICKEST) {
      before = at - since > 2 * QUICKEST ? Number.POSITIVE_INFINITY : now
      now = Number.POSITIVE_INFINITY
      since = at
    }
    now = Math.min(now, Math.max(1, milliseconds))
    return Math.min(now, before)
  }
}

export function createSlots(most: number, perSecond?: number): Slots {
  let limit = most
  let active = 0
  /** Requests that began with the present limit. */
  let since = most
  let next = 0
  const waiting: (() => void)[] = []

  function paced(): Promise<void> | undefined {
    since++
    if (perSecond === undefined) return undefined
    const at = performance.now()
    next = Math.max(next + 1000 / perSecond, at - BURST)
    return next > at ? new Promise((resolve) => setTimeout(resolve, next - at)) : undefined
  }

  return {
    take() {
      if (active >= Math.floor(limit))
        return new Promise<void>((resolve) => waiting.push(resolve)).then(paced)
      active++
      return paced()
    },
    give() {
      active--
      while (active < Math.floor(limit) && waiting.length > 0) {
        active++
        waiting.shift()?.()
      }
    },
    halve() {
      if (since < limit) return
      limit = Math.max(1, limit / 2)
      since = 0
    },
    grow(milliseconds, quickest) {
      // What an answer takes longer than the quickest one, it has waited behind others of ours (TCP Vegas).
      const queued = limit * (1 - quickest / Math.max(1, milliseconds))
      if (queued > QUEUED && limit > FEW) limit = Math.max(FEW, limit - 0.5)
      else limit = Math.min(most, limit + 1 / limit)
    },
  }
}
