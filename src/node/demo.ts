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

/** The admin API without a socket. */
export const adminCalls =
  (app: ReturnType<typeof buildApp>, token: string) => async (method: string, path: string, body?: unknown) =>
    app.request(
      `/admin/v1${path}`,
      {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
      {},
    )
