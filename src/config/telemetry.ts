import * as z from 'zod'
import { share, whole, word } from './forms.ts'

/** Where traces and metrics are exported by OTLP, and how. */
export interface Telemetry {
  /** Without a trailing slash. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly service: string
  readonly attributes: Readonly<Record<string, string>>
  readonly traces: boolean
  readonly metrics: boolean
  readonly sampler: (typeof SAMPLERS)[number]
  /** Of the samplers by a ratio. */
  readonly share: number
  readonly metricsMilliseconds: number
  /** How long spans are gathered before they are exported. */
  readonly spansMilliseconds: number
}

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/** `a=b,c=d`, percent-encoded, as OpenTelemetry has it; null if it is not. */
function pairs(text: string): Readonly<Record<string, string>> | null {
  const found: Record<string, string> = {}
  for (const one of text.split(',').filter((part) => part.trim() !== '')) {
    const at = one.indexOf('=')
    if (at < 1) return null
    try {
      found[one.slice(0, at).trim()] = decodeURIComponent(one.slice(at + 1).trim())
    } catch {
      return null
    }
  }
  return found
}

const listed = z
  .string()
  .refine((text) => pairs(text) !== null, 'must have the form name=value,other=value, percent-encoded')
  .transform((text) => pairs(text) ?? {})
  .default({})

function isWeb(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol)
  } catch {
    return false
  }
}

/** The names are OpenTelemetry's own. */
export const TELEMETRY = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .refine(isWeb, 'must be an address such as http://127.0.0.1:4318')
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: word('http/protobuf').default('http/protobuf'),
  OTEL_EXPORTER_OTLP_HEADERS: listed,
  OTEL_SERVICE_NAME: z.string().min(1).default('pushport'),
  OTEL_RESOURCE_ATTRIBUTES: listed,
  OTEL_TRACES_EXPORTER: word('otlp', 'none').default('otlp'),
  OTEL_METRICS_EXPORTER: word('otlp', 'none').default('otlp'),
  OTEL_TRACES_SAMPLER: word(...SAMPLERS).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: share({}).default(1),
  OTEL_METRIC_EXPORT_INTERVAL: whole(100, 3_600_000, 60_000),
  OTEL_BSP_SCHEDULE_DELAY: whole(10, 60_000, 5000),
} as const

const Variables = z.object(TELEMETRY)

/** Undefined where nothing is exported. */
export function telemetryOf(of: z.infer<typeof Variables>): Telemetry | undefined {
  const endpoint = of.OTEL_EXPORTER_OTLP_ENDPOINT
  const traces = of.OTEL_TRACES_EXPORTER === 'otlp' && of.OTEL_TRACES_SAMPLER !== 'always_off'
  const metrics = of.OTEL_METRICS_EXPORTER === 'otlp'
  if (endpoint === undefined || !(traces || metrics)) return undefined
  return {
    ...{ endpoint, traces, metrics },
    headers: of.OTEL_EXPORTER_OTLP_HEADERS,
    service: of.OTEL_SERVICE_NAME,
    attributes: of.OTEL_RESOURCE_ATTRIBUTES,
    sampler: of.OTEL_TRACES_SAMPLER,
    share: of.OTEL_TRACES_SAMPLER_ARG,
    metricsMilliseconds: of.OTEL_METRIC_EXPORT_INTERVAL,
    spansMilliseconds: of.OTEL_BSP_SCHEDULE_DELAY,
  }
}
