/// <reference types="@cloudflare/vitest-pool-workers/types" />
declare module '#runtime' {
  export const runtimeName: string
  export function openDb(): Promise<import('../../src/store/sql/port.ts').Db>
  export function openOwnDb(name?: 'OWN' | 'KEYS'): Promise<import('../../src/store/sql/port.ts').Db>
  /** A server of the test: on Node it listens, in workerd `outsideFetch` knows it. */
  export function serve(
    handler: (request: Request) => Response | Promise<Response>,
  ): Promise<{ readonly origin: string; close(): void }>
  /** Calls servers of the test. */
  export const outsideFetch: import('../../src/outbound/outbound.ts').Fetch
  /** How push services are called, including those of the test. */
  export const post: import('../../src/delivery/transport/transport.ts').Post
  /** The runtime's cipher for Web Push. */
  export const encrypt: import('../../src/delivery/provider.ts').Encrypt
}

/** It comes without types. */
declare module 'http_ece' {
  interface Parameters {
    readonly version: 'aes128gcm'
    readonly privateKey: import('node:crypto').ECDH
    readonly authSecret: string
  }
  export function decrypt(body: Buffer, parameters: Parameters): Buffer
}
