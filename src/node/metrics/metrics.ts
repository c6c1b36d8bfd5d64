import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Meter, MeteredRequest } from '../../domain/meter.ts'
import type { Measures } from '../../gateway/measures.ts'
import { VERSION } from '../../version.ts'
import { counter, histogram } from './sums.ts'

/** Seconds; a registration takes a few milliseconds. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const STORE_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5]
const GROUP_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256]
/** Combinations of labels of requests. Routes, dialects and codes are few; beyond, a route is called "other". */
const MOST_SERIES = 5000
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** Milliseconds for which devices are not counted again. */
const COUNTED_FOR = 60_000

export interface Metrics {
  readonly meter: Meter
  readonly registry: Registry
  /** From now on, the store is asked when metrics are. */
  over(measures: Measures): void
}

/** Every metric of the gateway, in one registry of its own. */
export function createMetrics(services: readonly string[] = []): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const build = { name: 'pushport_build_info', help: 'The version that runs; always 1.' }
  new Gauge({ ...build, labelNames: ['version', 'node'], registers: [registry] }).set(
    { version: VERSION, node: process.versions.node },
    1,
  )
  const request = requestMeter(registry)
  return {
    registry,
    meter: { request, ...workMeter(registry, services) },
    over: (measures) => gauges(registry, measures),
  }
}

function requestMeter(registry: Registry): Meter['request'] {
  const requests = counter({ registry, name: 'pushport_requests_total', help: 'Answered requests.' })
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

  function seriesOf({ dialect, method, route, status, code }: MeteredRequest, room: boolean) {
    const of = {
      dialect: dialect ?? '',
      method: METHODS.has(method) ? method : 'other',
      route: room ? route : 'other',
      status,
      code: room ? (code ?? '') : 'other',
    }
    return { counted: requests(of), timed: timerOf({ dialect: of.dialect, route: of.route }) }
  }

  return (of) => {
    let key = `${of.dialect} ${of.method} ${of.route} ${of.status} ${of.code}`
    const room = known.size < MOST_SERIES
    // Beyond the bound, by dialect and status alone.
    if (!room && !known.has(key)) key = `other ${of.dialect} ${of.status}`
    const series = known.get(key) ?? seriesOf(room ? of : { ...of, method: 'other' }, room)
    known.set(key, series)
    series.counted.count++
    series.timed(of.milliseconds / 1000)
  }
}

function workMeter(registry: Registry, services: readonly string[]): Omit<Meter, 'request'> {
  const told = (name: string, help: string) => ({ registry, name: `pushport_${name}`, help })
  const labelled = (name: string, help: string, labelNames: string[]) =>
    new Counter({ ...told(name, help), labelNames, registers: [registry] })
  const sends = labelled('sends_total', 'Attempts to reach a phone.', ['provider', 'outcome'])
  // There from the start, so that the first attempt is an increase.
  for (const provider of services)
    for (const outcome of ['accepted', 'failed']) sends.inc({ provider, outcome }, 0)
  const registrations = counter(told('registrations_total', 'Registrations of devices.'))
  const registered = new Map<string, { count: number }>()
  const lookUps = counter(told('app_lookups_total', 'Look-ups of apps.'))
  const [hit, miss] = [lookUps({ cache: 'hit' }), lookUps({ cache: 'miss' })]
  const stored = histogram(told('store_duration_seconds', 'Time of a plan of the store.'), STORE_BUCKETS)
  const groups = histogram(told('store_group_commits', 'Commits that shared a transaction.'), GROUP_BUCKETS)
  const timed = {
    read: [stored({ kind: 'read', result: 'ok' }), stored({ kind: 'read', result: 'failed' })],
    commit: [stored({ kind: 'commit', result: 'ok' }), stored({ kind: 'commit', result: 'failed' })],
  } as const
  return {
    // Dialects, platforms and push services are of closed lists.
    happened(what, dialect, facet, times) {
      if (what === 'refused') return
      if (what === 'accepted' || what === 'failed')
        return sends.inc({ provider: facet, outcome: what }, times)
      const kind = what === 'registered' ? 'new' : 'known'
      const key = `${dialect} ${facet} ${kind}`
      const series = registered.get(key) ?? registrations({ dialect, platform: facet, kind })
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

/** What is asked of the store whenever metrics are, but for devices: they are counted behind that, in pieces. */
function gauges(registry: Registry, measures: Measures): void {
  const gauge = (name: string, help: string, labelNames: string[], collect?: (this: Gauge) => unknown) =>
    new Gauge({
      ...{ name: `pushport_${name}`, help, labelNames, registers: [registry] },
      ...(collect && { collect: collect as () => void }),
    })
  /** Both gauges of queues are of one answer, whichever is collected first. */
  let asked: ReturnType<Measures['backlogs']> | undefined
  const backlogs = () => {
    asked ??= measures.backlogs().finally(() => {
      asked = undefined
    })
    return asked
  }
  gauge('queue_waiting', 'What waits in a queue, up to 10,000.', ['queue'], async function () {
    for (const { queue, waiting } of await backlogs()) this.set({ queue }, waiting)
  })
  gauge('queue_oldest_seconds', 'How long the oldest in a queue waits.', ['queue'], async function () {
    const all = await backlogs()
    const now = Date.now()
    for (const { queue, since } of all)
      this.set({ queue }, since === null ? 0 : Math.max(0, (now - since.getTime()) / 1000))
  })
  gauge('push_services', 'Credentials of push services by state.', ['provider', 'state'], async function () {
    const all = await measures.services()
    this.reset()
    for (const { provider } of all)
      for (const state of ['ok', 'refused', 'resting']) this.set({ provider, state }, 0)
    for (const { provider, state, count } of all) this.set({ provider, state }, count)
  })
  let counted = Number.NEGATIVE_INFINITY
  const devices = gauge('devices', 'Devices, counted once a minute at most.', ['dialect'], () => {
    const now = performance.now()
    if (now - counted < COUNTED_FOR) return
    counted = now
    void measures.devices(nextTurn).then(
      (counts) => {
        devices.reset()
        for (const [dialect, count] of counts) devices.set({ dialect }, count)
      },
      () => {
        // The next scrape tries again.
        counted = Number.NEGATIVE_INFINITY
      },
    )
  })
}

const nextTurn = () => new Promise((resume) => setImmediate(resume))
