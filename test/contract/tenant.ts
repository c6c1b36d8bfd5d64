import { expect } from 'vitest'
import type { Adapter } from '../../src/adapter.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { createHarness, type HarnessOptions } from '../harness/harness.ts'
import type { Answer, Call, Expected, Phone, Samples, Tenant } from './samples.ts'

/** A phone that no other test has. */
export const newPhone = (): Phone => {
  const id = crypto.randomUUID()
  return { id, token: `token-${crypto.randomUUID()}:APA91b` }
}

/** The gateway with the one dialect, and how to make apps in it. */
export async function openTenants(adapter: Adapter, samples: Samples, options: HarnessOptions = {}) {
  const h = await createHarness({ adapters: [adapter], ...options })
  return async (): Promise<Tenant> => {
    const app = await h.createApp({ [adapter.name]: samples.setup?.() ?? {} })
    const dialect = app.dialects[adapter.name] ?? {}
    return { h, app, dialect, headers: (await samples.headers?.(h, dialect)) ?? {} }
  }
}

/** Sends a call with the tenant's headers and reads the answer whole. */
export async function send(tenant: Tenant, { method, path, headers, body }: Call): Promise<Answer> {
  const merged = { ...tenant.headers, ...headers }
  const response = await tenant.h.request(method, path, { headers: merged, body })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Checks an answer against what a dialect says of it. */
export function expectAnswer(answer: Answer, expected: Expected, samples: Samples): void {
  if (expected === 'accepted') {
    if (samples.success) samples.success(answer)
    else expect(`${answer.status} ${answer.text}`).toMatch(/^2\d\d /)
    return
  }
  expect(answer.status, answer.text).toBe(expected.status)
  if (expected.body) expect(answer.json).toMatchObject(expected.body)
  // A preflight's answer has no body, and is no refusal.
  if (answer.status >= 300 || answer.text !== '') samples.errorForm(answer)
}

/** Registers a phone, which must succeed; the device's external id. */
export async function registered(tenant: Tenant, samples: Samples, phone: Phone): Promise<string> {
  const answer = await send(tenant, samples.register(tenant, phone))
  expectAnswer(answer, 'accepted', samples)
  return samples.deviceId(answer, phone)
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

/** Everything that the admin API knows of an app's devices: equal before and after what must change nothing. */
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
