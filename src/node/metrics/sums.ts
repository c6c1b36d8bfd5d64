import type { Metric, Registry } from 'prom-client'

/**
 * Counters and histograms whose series are looked up once and then only added to. The library's own metrics
 * look up their series by a text of all labels at each addition, which takes several microseconds per
 * request.
 */

type Labels = Readonly<Record<string, string | number>>
interface Told {
  readonly name: string
  readonly help: string
  readonly registry: Registry
}

interface Value {
  readonly labels: Labels
  readonly metricName: string
  readonly value: number
}

function register(
  { name, help, registry }: Told,
  type: 'counter' | 'histogram',
  values: () => Value[],
): void {
  const get = () => Promise.resolve({ ...{ name, help, type, aggregator: 'sum' }, values: values() })
  registry.registerMetric({ name, get, reset() {} } as unknown as Metric)
}

/** Returns a series of a counter; each set of labels has one. */
export function counter(told: Told): (labels: Labels) => { count: number } {
  const all: { readonly labels: Labels; count: number }[] = []
  register(told, 'counter', () =>
    all.map(({ labels, count }) => ({ labels, metricName: told.name, value: count })),
  )
  return (labels) => {
    const series = { labels, count: 0 }
    all.push(series)
    return series
  }
}

/**
 * Returns a series of a histogram: a function that observes a value. `bounds`: the upper bounds of its
 * buckets, ascending.
 */
export function histogram(
  told: Told,
  bounds: readonly number[],
): (labels: Labels) => (value: number) => void {
  const all: { readonly labels: Labels; readonly counts: number[]; sum: number }[] = []
  register(told, 'histogram', () =>
    all.flatMap(({ labels, counts, sum }) => {
      let total = 0
      const buckets = counts.map((count, at) => {
        total += count
        return {
          labels: { ...labels, le: bounds[at] ?? '+Inf' },
          metricName: `${told.name}_bucket`,
          value: total,
        }
      })
      const rest = [
        { labels, metricName: `${told.name}_sum`, value: sum },
        { labels, metricName: `${told.name}_count`, value: total },
      ]
      return [...buckets, ...rest]
    }),
  )
  return (labels) => {
    const series = { labels, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 }
    all.push(series)
    const { counts } = series
    return (value) => {
      let at = 0
      while (at < bounds.length && value > (bounds[at] ?? 0)) at++
      counts[at] = (counts[at] ?? 0) + 1
      series.sum += value
    }
  }
}
