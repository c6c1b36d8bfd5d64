/** Limits a lane's concurrent requests: fewer after faults of its service, then gradually more. */
export interface Slots {
  take(): Promise<void> | undefined
  give(): void
  /** Reduces the limit after a fault; several at once count as one. */
  halve(): void
  grow(): void
}

/** Milliseconds of unused rate that a lane may catch up on at once. */
const BURST = 100

export function createSlots(most: number, perSecond?: number): Slots {
  let limit = most
  let active = 0
  /** Requests started under the current limit. */
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
