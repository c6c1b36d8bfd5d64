/** Requests of a lane at once: fewer while its service has trouble, slowly more again. */
export interface Slots {
  take(): Promise<void> | undefined
  give(): void
  /** After trouble; a burst of it counts once. */
  halve(): void
  grow(): void
}

/** Milliseconds of its rate that a lane may make up for at once. */
const BURST = 100

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
    grow() {
      limit = Math.min(most, limit + 1 / limit)
    },
  }
}
