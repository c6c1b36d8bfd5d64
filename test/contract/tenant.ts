import type { Adapter } from '../../src/adapter.ts'
import type { Samples } from '../../src/conformance/samples.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { createHarness, type HarnessOptions } from '../harness/harness.ts'
import type { Tenant } from './samples.ts'

export { checkAnswer as expectAnswer, newPhone, registered, send } from '../../src/conformance/calls.ts'

/** The gateway with only the one dialect, and a way to create apps in it. */
export async function openTenants(adapter: Adapter, samples: Samples, options: HarnessOptions = {}) {
  const h = await createHarness({ adapters: [adapter], ...options })
  return async (): Promise<Tenant> => {
    const app = await h.createApp({ [adapter.name]: samples.setup?.() ?? {} })
    const dialect = app.dialects[adapter.name] ?? {}
    return { h, app, dialect, headers: (await samples.headers?.(h, dialect)) ?? {} }
  }
}

export interface AdminDevice {
  readonly externalId: string
  readonly token: string | null
  readonly active: boolean
  readonly topics: readonly string[]
}

/** The app's devices as the admin API lists them. */
export async function adminDevices({ h, app }: Tenant, query = ''): Promise<AdminDevice[]> {
  const response = await h.admin('GET', `/apps/${app.id}/devices?limit=100${query}`)
  const { devices } = await response.json<{ devices: AdminDevice[] }>()
  return devices
}

/**
 * Everything that the admin API shows of an app's devices: equal before and after a call that must change
 * nothing.
 */
export async function stateOf(tenant: Tenant): Promise<unknown> {
  const { h, app } = tenant
  const read = async (path: string): Promise<unknown> =>
    (await h.admin('GET', `/apps/${app.id}/${path}`)).json()
  return { devices: await adminDevices(tenant), topics: await read('topics'), stats: await read('stats') }
}

/** A database that fails with an error while one is set; `hits` counts how often it did. */
export function breakable() {
  const state: { fault: Error | null; hits: number } = { fault: null, hits: 0 }
  const failed = (fault: Error) => {
    state.hits++
    return Promise.reject(fault)
  }
  const db = (real: Db): Db => ({
    read: (plan) => (state.fault ? failed(state.fault) : real.read(plan)),
    commit: (plan) => (state.fault ? failed(state.fault) : real.commit(plan)),
  })
  return { db, state }
}
