import { expect } from 'vitest'
import { createHarness, type Harness, type HarnessOptions } from '../../harness/harness.ts'

export type Json = Readonly<Record<string, unknown>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: {
    readonly status_code?: unknown
    readonly status_message?: unknown
    readonly response?: unknown
  }
}

/** A separate app, called as a client does. */
export interface Tenant {
  readonly h: Harness
  readonly id: string
  readonly code: string
  readonly token: string
  readonly vapidKey: string
  /** The app code is added if the request names none. */
  send(method: string, request: Json, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** `response` of a call that must succeed. */
  ok(method: string, request: Json): Promise<unknown>
  /** The text of the expected argument error. */
  refused(method: string, request: Json): Promise<string>
  tags(request: Json): Promise<Json>
  devices(query?: string): Promise<readonly AdminDevice[]>
  device(externalId: string): Promise<AdminDevice>
}

export interface AdminDevice {
  readonly id: string
  readonly externalId: string
  readonly platform: string
  readonly provider: string | null
  readonly environment: string | null
  readonly token: string | null
  readonly userId: string | null
  readonly userProved: boolean
  readonly active: boolean
  readonly tags: Json
  readonly language: string | null
  readonly timezone: string | null
  readonly sdkVersion: string | null
}

export async function openTenant(setup: Json = {}, options: HarnessOptions = {}): Promise<Tenant> {
  return tenantOf(await createHarness({ dialect: 'pushwoosh', ...options }), setup)
}

export async function tenantOf(h: Harness, setup: Json = {}): Promise<Tenant> {
  const app = await h.createApp({ pushwoosh: setup })
  const { applicationCode, apiToken } = app.dialects.pushwoosh ?? {}
  const code = String(applicationCode)

  async function send(method: string, request: Json, headers: Readonly<Record<string, string>> = {}) {
    const body = { request: { application: code, ...request } }
    const response = await h.request('POST', `/json/1.3/${method}`, { headers, body })
    const { status } = response
    return { status, headers: response.headers, body: await response.json<Answer['body']>() }
  }

  async function ok(method: string, request: Json) {
    const { status, body } = await send(method, request)
    expect({ status, code: body.status_code, text: body.status_message }).toEqual({
      status: 200,
      code: 200,
      text: 'OK',
    })
    return body.response
  }

  async function devices(query = '') {
    const response = await h.admin('GET', `/apps/${app.id}/devices?limit=100${query}`)
    return (await response.json<{ devices: AdminDevice[] }>()).devices
  }

  return {
    h,
    id: app.id,
    code,
    token: String(apiToken),
    vapidKey: app.vapid.publicKey,
    send,
    ok,
    devices,
    async refused(method, request) {
      const { status, body } = await send(method, request)
      expect({ status, code: body.status_code, response: body.response }).toEqual({
        status: 200,
        code: 210,
        response: null,
      })
      expect(body.status_message).toMatch(/./)
      return String(body.status_message)
    },
    async tags(request) {
      return ((await ok('getTags', request)) as { result: Json }).result
    },
    async device(externalId) {
      const found = (await devices()).find((one) => one.externalId === externalId)
      if (!found) throw new Error(`no device ${externalId}`)
      return found
    },
  }
}

let counter = 0
/** An id that no other test has. */
export const unique = (prefix: string): string => `${prefix}-${counter++}-${crypto.randomUUID().slice(0, 8)}`
