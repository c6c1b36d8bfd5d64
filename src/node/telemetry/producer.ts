import { type HrTime, ValueType } from '@opentelemetry/api'
import { hrTime, millisToHrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics'
import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client'
import { VERSION } from '../../version.ts'

type Metric = MetricObjectWithValues<MetricValue<string> & { readonly metricName?: string }>
type Values = Metric['values']
interface Times {
  readonly startTime: HrTime
  readonly endTime: HrTime
}

/** Provides every metric of `/metrics`, under the same name, to OpenTelemetry. */
export function metricProducer(registry: Registry, resource: Resource): MetricProducer {
  const startTime = millisToHrTime(Date.now())
  return {
    async collect() {
      const times = { startTime, endTime: hrTime() }
      const all = (await registry.getMetricsAsJSON()) as unknown as Metric[]
      const metrics = all.flatMap((metric) => converted(metric, times) ?? [])
      const scope = { name: 'pushport', version: VERSION }
      return { resourceMetrics: { resource, scopeMetrics: [{ scope, metrics }] }, errors: [] }
    },
  }
}

function converted({ name, help, type, values }: Metric, times: Times): MetricData | null {
  const descriptor = { name, description: help, unit: '', valueType: ValueType.DOUBLE }
  const of = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE }
  const points = () => values.map(({ labels, value }) => ({ ...times, attributes: texts(labels), value }))
  switch (String(type)) {
    case 'counter':
      return { ...of, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points() }
    case 'gauge':
      return { ...of, dataPointType: DataPointType.GAUGE, dataPoints: points() }
    case 'histogram':
      return { ...of, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(name, values, times) }
    default:
      return null
  }
}

type Labels = Readonly<Record<string, string | number | undefined>>
const texts = (labels: Labels) =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))

/** Prometheus buckets are cumulative; those of OpenTelemetry are not. */
function histograms(name: string, values: Values, times: Times): DataPoint<Histogram>[] {
  const all = new Map<
    string,
    { attributes: Record<string, string>; bounds: number[]; totals: number[]; sum: number }
  >()
  for (const { labels, metricName, value } of values) {
    const { le, ...rest } = labels as Labels
    const attributes = texts(rest)
    const key = JSON.stringify(attributes)
    const one = all.get(key) ?? { attributes, bounds: [], totals: [], sum: 0 }
    all.set(key, one)
    if (metricName === `${name}_sum`) one.sum = value
    if (metricName !== `${name}_bucket`) continue
    one.totals.push(value)
    if (le !== '+Inf') one.bounds.push(Number(le))
  }
  return [...all.values()].map(({ attributes, bounds, totals, sum }) => {
    const counts = totals.map((total, at) => total - (totals[at - 1] ?? 0))
    return {
      ...times,
      attributes,
      value: { buckets: { boundaries: bounds, counts }, sum, count: totals.at(-1) ?? 0 },
    }
  })
}
