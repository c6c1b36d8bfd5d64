import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Attributes,
  type Context,
  type Tracer as OpenTracer,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import type { Tracer } from '../../domain/tracer.ts'

const propagator = new W3CTraceContextPropagator()
const getter = {
  keys: (of: Readonly<Record<string, string | undefined>>) => Object.keys(of),
  get: (of: Readonly<Record<string, string | undefined>>, name: string) => of[name],
}
const setter = {
  set(of: Record<string, string>, name: string, value: string) {
    of[name] = value
  },
}

/** Only the names of errors are recorded, because messages may contain callers' data. */
function failed(span: Span, error: unknown): void {
  span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** Records spans with an OpenTelemetry tracer. */
export function createTracer(tracer: OpenTracer, system: string): Tracer {
  const under = new AsyncLocalStorage<Context>()

  async function within<T>(
    { name, kind, attributes }: { name: string; kind: SpanKind; attributes: Attributes },
    parent: Context,
    work: (span: Span, context: Context) => Promise<T>,
  ): Promise<T> {
    const span = tracer.startSpan(name, { kind, attributes }, parent)
    const context = trace.setSpan(parent, span)
    try {
      return await under.run(context, () => work(span, context))
    } catch (error) {
      failed(span, error)
      throw error
    } finally {
      span.end()
    }
  }

  return {
    request(headers, work, done) {
      const parent = propagator.extract(ROOT_CONTEXT, headers, getter)
      const of = { name: 'request', kind: SpanKind.SERVER, attributes: {} }
      return within(of, parent, async (span) => {
        const result = await work()
        if (!span.isRecording()) return result
        const { dialect, method, route, status, code } = done()
        span.updateName(`${method} ${route}`)
        span.setAttributes({
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
          ...(dialect !== null && { 'pushport.dialect': dialect }),
          ...(code !== null && { 'pushport.refusal': code }),
        })
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
        return result
      })
    },

    plan(kind, statements, work) {
      const parent = under.getStore()
      if (!parent) return work()
      const attributes = {
        'db.system.name': system,
        'db.operation.name': kind,
        'db.operation.batch.size': statements,
      }
      return within({ name: `store ${kind}`, kind: SpanKind.CLIENT, attributes }, parent, work)
    },

    call({ to, method, url }, work) {
      const attributes = {
        'http.request.method': method,
        'server.address': url.hostname,
        'pushport.callee': to,
      }
      const parent = under.getStore() ?? ROOT_CONTEXT
      return within(
        { name: `${method} ${to}`, kind: SpanKind.CLIENT, attributes },
        parent,
        async (span, context) => {
          const headers: Record<string, string> = {}
          propagator.inject(context, headers, setter)
          const answer = await work(headers)
          span.setAttribute('http.response.status_code', answer.status)
          if (answer.status >= 400) span.setStatus({ code: SpanStatusCode.ERROR })
          return answer
        },
      )
    },
  }
}
