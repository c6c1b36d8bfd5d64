/// <reference types="@cloudflare/vitest-pool-workers/types" />
declare module '#runtime' {
  export const runtimeName: string
  export function openDb(): Promise<import('../../src/store/sql/port.ts').Db>
}
