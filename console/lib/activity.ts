import type { Series } from '../parts/plot.tsx'
import { api, type Schemas, useCall } from './api.ts'

export const RANGES = [
  ['24', '24 hours'],
  ['168', '7 days'],
  ['720', '30 days'],
] as const

type Counts = Schemas['ActivityReport']['counts']
export type Kind = Counts[number]['kind']

/** The counts of one app or all apps for charts, refreshed every half minute. */
export const useActivity = (app: string | undefined, hours: number) =>
  useCall(
    `activity ${app} ${hours}`,
    () => api.GET('/activity', { params: { query: { hours, ...(app !== undefined && { app }) } } }),
    30_000,
  )

const HOUR = 3600

/** The starts of the bars: hours, or days if there would be too many. */
export function barsOf(from: string, hours: number): { times: number[]; width: number } {
  const width = hours > 48 ? 24 * HOUR : HOUR
  const begin = Math.floor(Date.parse(from) / 1000 / width) * width
  const times = Array.from(
    { length: Math.ceil((hours * HOUR) / width) + (width > HOUR ? 1 : 0) },
    (_, at) => begin + at * width,
  )
  return { times: times.filter((time) => time * 1000 <= Date.now()), width }
}

/** Layers of the bars, the largest first; after six, the others are combined. */
export function layersOf(
  counts: Counts,
  kinds: readonly Kind[],
  by: (one: Counts[number]) => string,
  { times, width }: ReturnType<typeof barsOf>,
): Series[] {
  const sums = new Map<string, number[]>()
  const first = times[0] ?? 0
  for (const one of counts) {
    if (!kinds.includes(one.kind)) continue
    const name = by(one)
    const values = sums.get(name) ?? times.map(() => 0)
    const at = Math.floor((Date.parse(one.hour) / 1000 - first) / width)
    values[at] = (values[at] ?? 0) + one.count
    sums.set(name, values)
  }
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
  const all = [...sums]
    .map(([name, values]) => ({ name, values }))
    .sort((a, b) => total(b.values) - total(a.values))
  const rest = all.slice(5)
  if (rest.length < 2) return all
  const others = times.map((_, at) => rest.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
  return [...all.slice(0, 5), { name: 'others', values: others }]
}
