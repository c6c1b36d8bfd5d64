/// <reference types="@cloudflare/vitest-pool-workers/types" />
declare module '#runtime' {
  export const runtimeName: string
  export function openDb(): Promise<import('../../src/store/sql/port.ts').Db>
  /** A server of the test: on Node one that listens, in workerd one that `outsideFetch` knows. */
  export function serve(
    handler: (request: Request) => Response | Promise<Response>,
  ): Promise<{ readonly origin: string; close(): void }>
  /** What calls servers of the test. */
  export const outsideFetch: import('../../src/outbound/outbound.ts').Fetch
}
