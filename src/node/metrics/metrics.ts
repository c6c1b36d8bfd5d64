import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Meter, MeteredRequest } from '../../domain/meter.ts'
import type { Measures } from '../../gateway/measures.ts'
import { VERSION } from '../../version.ts'

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
  const registers = [registry]
  const requests = new Counter({
    ...{ name: 'pushport_requests_total', help: 'Answered requests.', registers },
    labelNames: ['dialect', 'method', 'route', 'status', 'code'],
  })
  const durations = new Histogram({
    ...{ name: 'pushport_request_duration_seconds', help: 'Time from a request to its answer.', registers },
    ...{ labelNames: ['dialect', 'route'], buckets: REQUEST_BUCKETS },
  })
  /** Finding the labels' series by its text is a fraction of what the library takes. */
  const known = new Map<string, { counted: Counter.Internal; timed: Histogram.Internal<string> }>()

  function seriesOf({ dialect, method, route, status, code }: MeteredRequest, key: string) {
    const room = known.size < MOST_SERIES
    const of = {
      dialect: dialect ?? '',
      method: METHODS.has(method) ? method : 'other',
      route: room ? route : 'other',
      status,
      code: code ?? '',
    }
    const made = {
      counted: requests.labels(of),
      timed: durations.labels({ dialect: of.dialect, route: of.route }),
    }
    if (room) known.set(key, made)
    return made
  }

  return (of) => {
    const key = `${of.dialect} ${of.method} ${of.route} ${of.status} ${of.code}`
    const { counted, timed } = known.get(key) ?? seriesOf(of, key)
    counted.inc()
    timed.observe(of.milliseconds / 1000)
  }
}

function workMeter(registry: Registry, services: readonly string[]): Omit<Meter, 'request'> {
  const registers = [registry]
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name: `pushport_${name}_total`, help, labelNames, registers })
  const registrations = counter('registrations', 'Registrations of devices.', 'dialect', 'platform', 'kind')
  const sends = counter('sends', 'Attempts to reach a phone.', 'provider', 'outcome')
  // There from the start, so that the first attempt is an increase.
  for (const provider of services)
    for (const outcome of ['accepted', 'failed']) sends.inc({ provider, outcome }, 0)
  const lookUps = counter('app_lookups', 'Look-ups of apps.', 'cache')
  const [hit, miss] = [lookUps.labels('hit'), lookUps.labels('miss')]
  const stored = new Histogram({
    ...{ name: 'pushport_store_duration_seconds', help: 'Time of a plan of the store.', registers },
    ...{ labelNames: ['kind', 'result'], buckets: STORE_BUCKETS },
  })
  const groups = new Histogram({
    ...{ name: 'pushport_store_group_commits', help: 'Commits that shared a transaction.', registers },
    buckets: GROUP_BUCKETS,
  })
  const timed = {
    read: [stored.labels('read', 'ok'), stored.labels('read', 'failed')],
    commit: [stored.labels('commit', 'ok'), stored.labels('commit', 'failed')],
  } as const
  return {
    happened(kind, dialect, facet, times) {
      if (kind === 'registered' || kind === 'refreshed')
        registrations.inc({ dialect, platform: facet, kind: kind === 'registered' ? 'new' : 'known' }, times)
      else if (kind !== 'refused') sends.inc({ provider: facet, outcome: kind }, times)
    },
    lookedUp: (cached) => (cached ? hit : miss).inc(),
    stored: (what, milliseconds, failed) => timed[what][failed ? 1 : 0].observe(milliseconds / 1000),
    grouped: (commits) => groups.observe(commits),
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
