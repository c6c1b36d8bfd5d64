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
  /** Undefined if only metrics are exported. */
  readonly tracer: Tracer | undefined
  /** Exports pending data for a limited time, then stops. */
  close(): Promise<void>
}

/** Most spans waiting for export; beyond that, new ones are dropped. */
const QUEUE = 2048
/** How long the collector may take to answer, and how long a stop waits for it, in milliseconds. */
const TIMEOUT = 10_000
const LAST_WORDS = 2000
/** The shortest time between two log lines about failed exports, in milliseconds. */
const TOLD_EVERY = 60_000

export interface TelemetryDeps {
  readonly registry: Registry
  readonly log: Log
  /** The database's name in spans. */
  readonly system: string
}

/**
 * Exports by OTLP over HTTP, after the answers: a slow or unreachable collector loses spans, but never delays
 * a call.
 */
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
