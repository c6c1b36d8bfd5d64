/**
 * The daily number of active devices that have been seen, and the expected dates of given shares: pure functions over counts.
 * Days are whole UTC days since 1970.
 */
import type { Days } from './readiness.ts'

const DAY = 86_400_000
/** A whole week, since usage differs between weekdays and weekends. */
const WINDOW = 7
/** With fewer first calls in the window, the estimate would be noise. */
const FEWEST_EVENTS = 20
/** If a day brings less than this share of the remaining devices, the curve has reached a plateau. */
const PLATEAU = 0.001
/** The hazard is falling if this week's is below this share of last week's. */
const FALLING = 0.7
/** Most points of a curve. */
const MOST_POINTS = 400
/** Days; estimates beyond it are omitted. */
const FURTHEST = 36_500

export const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY)
const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)

export interface Point {
  readonly date: string
  /** Devices seen by the end of the day. */
  readonly seen: number
  /** The share of active devices. */
  readonly share: number
}

/** Active devices, the days when they were first seen, and the counted period. */
export interface Cohort {
  readonly active: number
  readonly days: Days
  readonly since: Date
  readonly at: Date
}

/** The cumulative curve: one point per day up to today, limited to the most recent days. */
export function curveOf({ active, days, since, at }: Cohort): readonly Point[] {
  const today = dayOf(at)
  const first = Math.max(dayOf(since), today - MOST_POINTS + 1)
  if (first > today) return []
  const firstSeen = new Map(days)
  let seen = days.reduce((sum, [day, devices]) => (day < first ? sum + devices : sum), 0)
  return Array.from({ length: today - first + 1 }, (_, index) => {
    seen += firstSeen.get(first + index) ?? 0
    return { date: dateOf(first + index), seen, share: active === 0 ? 0 : seen / active }
  })
}

/** Reasons for a missing date. */
export type NoDate = 'too_few_days' | 'too_few_events' | 'plateau' | 'no_devices'

export interface Target {
  readonly share: number
  /** When the share was reached; absent if it was not. */
  readonly reachedAt?: string
  /** When the share was or will be reached; null without an estimate. */
  readonly date: string | null
  /** The bounds of an estimated date. */
  readonly earliest?: string
  readonly latest?: string
  readonly reason?: NoDate
}

export interface Estimate {
  /** The number of days that the estimate is based on. */
  readonly window: number
  /** The average share of devices unseen at the start of a day that were seen on that day; null if unknown. */
  readonly hazard: number | null
  readonly targets: readonly Target[]
  /** Whether the hazard is falling: frequent callers come first, so the dates may be too early. */
  readonly falling: boolean
}

interface Hazard {
  /** First calls in the period. */
  readonly events: number
  /** The sum over all days of devices unseen at the start of the day. */
  readonly exposed: number
}

/** Over this many whole days before a day. */
function hazardOf({ active, days }: Cohort, before: number, length: number): Hazard {
  const firstSeen = new Map(days)
  const start = before - length
  let unseen = days.reduce((left, [day, devices]) => (day < start ? left - devices : left), active)
  let [events, exposed] = [0, 0]
  for (let day = start; day < before; day++) {
    const seen = firstSeen.get(day) ?? 0
    events += seen
    exposed += unseen
    unseen -= seen
  }
  return { events, exposed }
}

const rateOf = ({ events, exposed }: Hazard): number => (exposed === 0 ? 0 : events / exposed)

/** The number of whole days counted so far. */
const wholeDays = ({ since, at }: Cohort): number => dayOf(at) - Math.ceil(since.getTime() / DAY)

/** Estimated dates for shares of the active devices, each with its interval or the reason why there is none. */
export function estimateOf(cohort: Cohort, shares: readonly number[]): Estimate {
  const today = dayOf(cohort.at)
  const known = wholeDays(cohort)
  const hazard = hazardOf(cohort, today, WINDOW)
  const rate = rateOf(hazard)
  const reason = reasonOf(cohort, known, hazard)
  const before = known >= 2 * WINDOW ? rateOf(hazardOf(cohort, today - WINDOW, WINDOW)) : 0
  return {
    window: WINDOW,
    hazard: known < WINDOW || cohort.active === 0 ? null : rate,
    targets: shares.map((share) => targetOf(cohort, share, hazard, reason)),
    falling: rate < FALLING * before,
  }
}

function reasonOf({ active }: Cohort, known: number, hazard: Hazard): NoDate | null {
  if (active === 0) return 'no_devices'
  if (known < WINDOW) return 'too_few_days'
  if (hazard.events < FEWEST_EVENTS) return 'too_few_events'
  return rateOf(hazard) < PLATEAU ? 'plateau' : null
}

function targetOf(cohort: Cohort, share: number, hazard: Hazard, reason: NoDate | null): Target {
  const reachedAt = reachedOn(cohort, share)
  if (reachedAt !== null) return { share, reachedAt, date: reachedAt }
  if (reason !== null) return { share, date: null, reason }
  const { events, exposed } = hazard
  const spread = 2 * Math.sqrt(events)
  const dateAt = (count: number) => dateAfter(cohort, share, Math.min(1, count / exposed))
  const [date, earliest, latest] = [events, events + spread, events - spread].map(dateAt)
  if (date === undefined || earliest === undefined || latest === undefined) {
    return { share, date: null, reason: 'plateau' }
  }
  return { share, date, earliest, latest }
}

/** The day by which a share of the active devices had been seen. */
function reachedOn({ active, days }: Cohort, share: number): string | null {
  if (active === 0) return null
  let seen = 0
  for (const [day, devices] of days) {
    seen += devices
    if (seen >= share * active) return dateOf(day)
  }
  return null
}

/** When a share will be reached if this share of the remaining devices is seen each day; undefined if never. */
function dateAfter({ active, days, at }: Cohort, share: number, rate: number): string | undefined {
  const seen = days.reduce((sum, [, devices]) => sum + devices, 0)
  const unseen = (active - seen) / active
  const needed = Math.ceil(Math.log((1 - share) / unseen) / Math.log(1 - rate))
  return needed <= FURTHEST ? dateOf(dayOf(at) + Math.max(0, needed)) : undefined
}
