import { adminClient } from '../admin/client.ts'
import { createDemo, type DemoDeps } from '../admin/demo.ts'
import type { buildApp } from '../build.ts'

/** What to tell of it: without a demo the gateway is whole. */
export async function makeDemo(of: DemoDeps): Promise<string> {
  try {
    return (await createDemo(of)) ?? '  no demo app: there is an app already'
  } catch (error) {
    return `  no demo app: ${error instanceof Error ? error.message : error}`
  }
}

/** A client of the admin API without a socket. */
export const clientWithin = (app: ReturnType<typeof buildApp>, origin: string, token: string) =>
  adminClient(origin, token, (input, init) => app.request(input, init, {}))
