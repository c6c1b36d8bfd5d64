import type { Tally } from '../domain/meter.ts'
import { METRICS, type MetricName, STATES, waitedSeconds } from '../domain/metrics.ts'
import type { Measures } from '../gateway/measures.ts'
import { VERSION } from '../version.ts'

export interface MetricsDeps {
  readonly measures: Measures
  readonly services: readonly string[]
  readonly now: () => Date
}

type Samples = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]

/** Milliseconds for which a count of devices is reused. */
const COUNTED_FOR = 60_000

/** The answer for Prometheus: the sums of all isolates, and counts from the store. */
export function createMetrics({ measures, services, now }: MetricsDeps): () => Promise<string> {
  let counted: { readonly at: number; readonly devices: Promise<ReadonlyMap<string, number>> } | undefined

  function devices() {
    const at = now().getTime()
    if (!counted || at - counted.at >= COUNTED_FOR) counted = { at, devices: measures.devices() }
    return counted.devices.catch((error) => {
      // The next scrape retries.
      counted = undefined
      throw error
    })
  }

  return async () => {
    const tallies = await measures.tallies()
    const [queues, credentials, receivers] = [
      await measures.backlogs(),
      await measures.services(),
      await measures.receivers(),
    ]
    const [byDialect, bytes] = [await devices(), await measures.size()]
    const at = now()
    const all: Record<MetricName, Samples> = {
      build_info: [[{ version: VERSION, node: '' }, 1]],
      ...counters(tallies, services),
      queue_waiting: queues.map(({ queue, waiting }) => [{ queue }, waiting]),
      queue_oldest_seconds: queues.map(({ queue, since }) => [{ queue }, waitedSeconds(since, at)]),
      push_services: states('provider', STATES.push_services, credentials),
      webhooks: states('kind', STATES.webhooks, receivers),
      devices: [...byDialect].map(([dialect, count]) => [{ dialect }, count]),
      database_bytes: bytes === null ? [] : [[{}, bytes]],
    }
    return Object.entries(all).map(written).join('')
  }
}

function counters(tallies: readonly Tally[], services: readonly string[]) {
  const of = (name: MetricName): Samples =>
    tallies.filter(({ metric }) => metric === name).map(({ labels, amount }) => [labels, amount])
  const sent = of('sends_total')
  // Initialized with 0, so that the first attempt shows as an increase.
  const none: Samples = services.flatMap((provider) =>
    (['accepted', 'failed'] as const).flatMap((outcome) =>
      sent.some(([labels]) => labels.provider === provider && labels.outcome === outcome)
        ? []
        : [[{ provider, outcome }, 0] as const],
    ),
  )
  return {
    requests_total: of('requests_total'),
    registrations_total: of('registrations_total'),
    sends_total: [...none, ...sent],
    app_lookups_total: of('app_lookups_total'),
  }
}

/** The counts of existing objects, by state. */
function states<Name extends 'provider' | 'kind'>(
  name: Name,
  all: readonly string[],
  counts: readonly (Readonly<Record<Name, string>> & { readonly state: string; readonly count: number })[],
): Samples {
  return [...new Set(counts.map((one) => one[name]))].flatMap((label) =>
    all.map((state) => {
      const found = counts.find((one) => one[name] === label && one.state === state)
      return [{ [name]: label, state }, found?.count ?? 0] as const
    }),
  )
}

function written([name, samples]: readonly [string, Samples]): string {
  if (samples.length === 0) return ''
  const full = `pushport_${name}`
  const lines = samples.map(([labels, value]) => `${full}${labelled(labels)} ${value}\n`)
  const type = name.endsWith('_total') ? 'counter' : 'gauge'
  return `# HELP ${full} ${METRICS[name as MetricName]}\n# TYPE ${full} ${type}\n${lines.join('')}\n`
}

function labelled(labels: Readonly<Record<string, string>>): string {
  const all = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return all.length === 0 ? '' : `{${all.join(',')}}`
}

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
