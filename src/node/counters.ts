import type { Config } from '../config.ts'
import { type Counter, type Counters, pointsOf } from '../limits/rate-limit.ts'

/**
 * Rate limits, counted in the database if it has a counter for all of its gateways, otherwise in this
 * process.
 */
export function countersOver(
  config: Config,
  counter: ((name: string, points: number) => Counter) | undefined,
): Counters {
  if (!counter || config.readOnly) return {}
  return Object.fromEntries(
    Object.entries(pointsOf(config)).flatMap(([name, points]) =>
      points === undefined ? [] : [[name, counter(name, points)]],
    ),
  )
}
