import type { MeteredRequest } from './meter.ts'

/** Whom the gateway calls. */
export type Callee = 'push service' | 'vendor' | 'webhook'

/**
 * Notes spans of what the gateway does, where traces are exported. Nothing of it holds a token, a path, a name of a user or
 * a body, and nobody waits for what becomes of it.
 */
export interface Tracer {
  /** `headers`: the caller's trace, if it has one. `done` says what the request was, once it is answered. */
  request<T>(
    headers: Readonly<Record<'traceparent' | 'tracestate', string | undefined>>,
    work: () => Promise<T>,
    done: () => Omit<MeteredRequest, 'milliseconds'>,
  ): Promise<T>
  /** A plan of the store, in the trace that is under way; without one, none is noted. */
  plan<T>(kind: 'read' | 'commit', statements: number, work: () => Promise<T>): Promise<T>
  /** A call of another server; `headers` carry the trace on. */
  call<T extends { readonly status: number }>(
    of: { readonly to: Callee; readonly method: string; readonly url: URL },
    work: (headers: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T>
}
