import type { MeteredRequest } from './meter.ts'

/** Kinds of servers that the gateway calls. */
export type Callee = 'push service' | 'vendor' | 'webhook'

/**
 * Records spans, if traces are exported. Spans contain no token, path, user name or body, and exporting them delays no
 * request.
 */
export interface Tracer {
  /** `headers` may contain the caller's trace context. `done` reports the request's attributes once it is answered. */
  request<T>(
    headers: Readonly<Record<'traceparent' | 'tracestate', string | undefined>>,
    work: () => Promise<T>,
    done: () => Omit<MeteredRequest, 'milliseconds'>,
  ): Promise<T>
  /** A plan of the store within the current trace; recorded only if there is one. */
  plan<T>(kind: 'read' | 'commit', statements: number, work: () => Promise<T>): Promise<T>
  /** A call to another server; `headers` are the trace context to send. */
  call<T extends { readonly status: number }>(
    of: { readonly to: Callee; readonly method: string; readonly url: URL },
    work: (headers: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T>
}
