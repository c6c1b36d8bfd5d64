import { adminClient } from '../admin/client.ts'
import { createDemo, type DemoDeps } from '../admin/demo.ts'
import type { buildApp } from '../build.ts'

/** Returns the text to print. A failure is only reported, because the gateway works without a demo. */
export async function makeDemo(deps: DemoDeps): Promise<string> {
  try {
    return (await createDemo(deps)) ?? '  no demo app: there already is an app'
  } catch (error) {
    return `  no demo app: ${error instanceof Error ? error.message : error}`
  }
}

/** An in-process client of the admin API. */
export const clientWithin = (app: ReturnType<typeof buildApp>, origin: string, token: string) =>
  adminClient(origin, token, (input, init) => app.request(input, init, {}))
