export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** The simulated time, which only moves forward and only on request. */
export interface Clock {
  readonly now: () => Date
  moveTo(at: number): void
}

export function clockFrom(start: string): Clock {
  let at = new Date(start)
  return {
    now: () => at,
    moveTo(to) {
      if (to > at.getTime()) at = new Date(to)
    },
  }
}
