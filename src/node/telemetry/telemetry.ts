import { setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Registry } from 'prom-client'
import type { Telemetry as Settings } from '../../config/telemetry.ts'
import type { Tracer } from '../../domain/tracer.ts'
import { VERSION } from '../../version.ts'
import type { Log } from '../log.ts'
import { metricProducer } from './producer.ts'
import { createTracer } from './tracer.ts'

export interface Telemetry {
  /** Undefined where only metrics are exported. */
  readonly tracer: Tracer | undefined
  /** Exports what waits, for a short while, and then gives up. */
  close(): Promise<void>
}

/** Spans that wait to be exported; beyond, new ones are dropped. */
const QUEUE = 2048
/** How long the collector may take to answer, and a stop may wait for it, in milliseconds. */
const TIMEOUT = 10_000
const LAST_WORDS = 2000
/** How often it is logged that an export failed, in milliseconds. */
const TOLD_EVERY = 60_000

export interface TelemetryDeps {
  readonly registry: Registry
  readonly log: Log
  /** The database's name in spans. */
  readonly system: string
}

/** Exports by OTLP over HTTP, behind every answer: a collector that is slow or away costs spans, and no time. */
export function startTelemetry(settings: Settings, { registry, log, system }: TelemetryDeps): Telemetry {
  tellFaults(log)
  const { service, attributes } = settings
  const resource = resourceFromAttributes({
    'service.instance.id': crypto.randomUUID(),
    ...attributes,
    'service.name': service,
    'service.version': VERSION,
  })
  const traces = settings.traces ? tracing(settings, resource) : undefined
  const metrics = settings.metrics ? metering(settings, resource, registry) : undefined
  return {
    tracer: traces && createTracer(traces.getTracer('pushport', VERSION), system),
    async close() {
      const ended = Promise.all([traces?.shutdown(), metrics?.shutdown()]).catch(() => {})
      const late = new Promise((resolve) => setTimeout(resolve, LAST_WORDS).unref())
      await Promise.race([ended, late])
    },
  }
}

function tracing(settings: Settings, resource: Resource): TracerProvider {
  const { endpoint, headers, spansMilliseconds } = settings
  const exporter = new OTLPTraceExporter({
    ...{ url: `${endpoint}/v1/traces`, headers: { ...headers }, timeoutMillis: TIMEOUT },
  })
  return new TracerProvider({
    resource,
    sampler: samplerOf(settings),
    spanProcessors: [
      new BatchSpanProcessor({
        ...{ exporter, maxQueueSize: QUEUE, scheduledDelayMillis: spansMilliseconds },
        exportTimeoutMillis: TIMEOUT,
      }),
    ],
  })
}

function metering(
  { endpoint, headers, metricsMilliseconds }: Settings,
  resource: Resource,
  registry: Registry,
): MeterProvider {
  const exporter = new OTLPMetricExporter({
    ...{ url: `${endpoint}/v1/metrics`, headers: { ...headers }, timeoutMillis: TIMEOUT },
  })
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: metricsMilliseconds,
    exportTimeoutMillis: Math.min(TIMEOUT, metricsMilliseconds),
    metricProducers: [metricProducer(registry, resource)],
  })
  return new MeterProvider({ resource, readers: [reader] })
}

function samplerOf({ sampler, share }: Settings): Sampler {
  const roots = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(share),
  }
  const [, kind = 'always_on'] = /^(?:parentbased_)?(.*)$/.exec(sampler) ?? []
  const root = roots[kind as keyof typeof roots]()
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}

function tellFaults(log: Log): void {
  let told = Number.NEGATIVE_INFINITY
  setGlobalErrorHandler((error) => {
    const now = performance.now()
    if (now - told < TOLD_EVERY) return
    told = now
    const reason = error instanceof Error ? error.message : String(error)
    log.warn({ reason }, 'traces and metrics could not be exported')
  })
}
