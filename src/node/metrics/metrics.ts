import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { metricsRoutes } from '../../admin/metrics-routes.ts'
import type { Meter, MeteredRequest } from '../../domain/meter.ts'
import {
  activityTally,
  METRICS,
  type MetricName,
  requestLabels,
  STATES,
  waitedSeconds,
} from '../../domain/metrics.ts'
import type { Measures } from '../../gateway/measures.ts'
import { VERSION } from '../../version.ts'
import { counter, histogram } from './sums.ts'

/** Seconds; a registration takes a few milliseconds. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const STORE_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5]
const GROUP_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256]
/**
 * Most label combinations of requests. Routes, dialects and codes are limited; beyond that, the route is
 * `other`.
 */
const MOST_SERIES = 5000
/** Milliseconds for which a count of devices is reused. */
const COUNTED_FOR = 60_000

export interface Metrics {
  readonly meter: Meter
  readonly registry: Registry
  /** `/metrics` on the port of the gateway. */
  readonly routes: (adminToken: Parameters<typeof metricsRoutes>[0]) => ReturnType<typeof metricsRoutes>
  /** Sets the store that is queried when metrics are collected. */
  over(measures: Measures): void
}

/** Every metric of the gateway, in a separate registry. */
export function createMetrics(services: readonly string[] = []): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  new Gauge({ ...told('build_info'), labelNames: ['version', 'node'], registers: [registry] }).set(
    { version: VERSION, node: process.versions.node },
    1,
  )
  const request = requestMeter(registry)
  return {
    registry,
    meter: { request, ...workMeter(registry, services) },
    routes: (adminToken) => metricsRoutes(adminToken, () => registry.metrics()),
    over: (measures) => gauges(registry, measures),
  }
}

function requestMeter(registry: Registry): Meter['request'] {
  const requests = counter({ registry, ...told('requests_total') })
  const durations = histogram(
    { registry, name: 'pushport_request_duration_seconds', help: 'Time from a request to its answer.' },
    REQUEST_BUCKETS,
  )
  const timers = new Map<string, (seconds: number) => void>()
  const known = new Map<string, { counted: { count: number }; timed: (seconds: number) => void }>()

  function timerOf(labels: { dialect: string; route: string }) {
    const key = `${labels.dialect} ${labels.route}`
    const timer = timers.get(key) ?? durations(labels)
    timers.set(key, timer)
    return timer
  }

  function seriesOf(request: MeteredRequest, room: boolean) {
    const of = requestLabels(request, room)
    return { counted: requests(of), timed: timerOf({ dialect: of.dialect, route: of.route }) }
  }

  return (of) => {
    let key = `${of.dialect} ${of.method} ${of.route} ${of.status} ${of.code}`
    const room = known.size < MOST_SERIES
    // Beyond the limit, requests are counted by dialect and status only.
    if (!room && !known.has(key)) key = `other ${of.dialect} ${of.status}`
    const series = known.get(key) ?? seriesOf(of, room)
    known.set(key, series)
    series.counted.count++
    series.timed(of.milliseconds / 1000)
  }
}

function workMeter(registry: Registry, services: readonly string[]): Omit<Meter, 'request'> {
  const own = (name: string, help: string) => ({ registry, name: `pushport_${name}`, help })
  const sends = new Counter({
    ...{ ...told('sends_total'), labelNames: ['provider', 'outcome'], registers: [registry] },
  })
  // Initialized with 0, so that the first attempt shows as an increase.
  for (const provider of services)
    for (const outcome of ['accepted', 'failed']) sends.inc({ provider, outcome }, 0)
  const registrations = counter({ registry, ...told('registrations_total') })
  const registered = new Map<string, { count: number }>()
  const lookUps = counter({ registry, ...told('app_lookups_total') })
  const [hit, miss] = [lookUps({ cache: 'hit' }), lookUps({ cache: 'miss' })]
  const stored = histogram(
    own('store_duration_seconds', 'Duration of a database transaction.'),
    STORE_BUCKETS,
  )
  const groups = histogram(own('store_group_commits', 'Commits grouped into one transaction.'), GROUP_BUCKETS)
  const timed = {
    read: [stored({ kind: 'read', result: 'ok' }), stored({ kind: 'read', result: 'failed' })],
    commit: [stored({ kind: 'commit', result: 'ok' }), stored({ kind: 'commit', result: 'failed' })],
  } as const
  return {
    happened(kind, dialect, facet, times) {
      const key = `${kind} ${dialect} ${facet}`
      const known = registered.get(key)
      if (known) {
        known.count += times
        return
      }
      const tally = activityTally(kind, dialect, facet, times)
      if (tally?.metric === 'sends_total') return sends.inc(tally.labels, times)
      if (!tally) return
      const series = registrations(tally.labels)
      registered.set(key, series)
      series.count += times
    },
    lookedUp(cached) {
      if (cached) hit.count++
      else miss.count++
    },
    stored: (what, milliseconds, failed) => timed[what][failed ? 1 : 0](milliseconds / 1000),
    grouped: groups({}),
  }
}

/**
 * The values that are read from the store on each collection, except for devices, which are counted
 * separately and in pieces.
 */
function gauges(registry: Registry, measures: Measures): void {
  const gauge = (name: MetricName, labelNames: string[], collect: (this: Gauge) => unknown) =>
    new Gauge({
      ...{ ...told(name), labelNames, registers: [registry], collect: collect as () => void },
    })
  /** Both queue gauges use the same query result, whichever is collected first. */
  let asked: ReturnType<Measures['backlogs']> | undefined
  const backlogs = () => {
    asked ??= measures.backlogs().finally(() => {
      asked = undefined
    })
    return asked
  }
  gauge('queue_waiting', ['queue'], async function () {
    for (const { queue, waiting } of await backlogs()) this.set({ queue }, waiting)
  })
  gauge('queue_oldest_seconds', ['queue'], async function () {
    const all = await backlogs()
    const now = new Date()
    for (const { queue, since } of all) this.set({ queue }, waitedSeconds(since, now))
  })
  gauge('push_services', ['provider', 'state'], async function () {
    const all = await measures.services()
    this.reset()
    for (const { provider } of all) for (const state of STATES.push_services) this.set({ provider, state }, 0)
    for (const { provider, state, count } of all) this.set({ provider, state }, count)
  })
  gauge('webhooks', ['kind', 'state'], async function () {
    const all = await measures.receivers()
    this.reset()
    for (const { kind } of all) for (const state of STATES.webhooks) this.set({ kind, state }, 0)
    for (const { kind, state, count } of all) this.set({ kind, state }, count)
  })
  gauge('database_bytes', [], async function () {
    const bytes = await measures.size()
    if (bytes === null) this.remove()
    else this.set(bytes)
  })
  let counted = Number.NEGATIVE_INFINITY
  const devices = gauge('devices', ['dialect'], () => {
    const now = performance.now()
    if (now - counted < COUNTED_FOR) return
    counted = now
    void measures.devices(nextTurn).then(
      (counts) => {
        devices.reset()
        for (const [dialect, count] of counts) devices.set({ dialect }, count)
      },
      () => {
        // The next scrape retries.
        counted = Number.NEGATIVE_INFINITY
      },
    )
  })
}

/** The name and help text of a metric. */
const told = (name: MetricName) => ({ name: `pushport_${name}`, help: METRICS[name] })

const nextTurn = () => new Promise((resume) => setImmediate(resume))
