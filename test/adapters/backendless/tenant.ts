import { expect } from 'vitest'
import type { AmfValue } from '../../../adapters/backendless/amf/values.ts'
import {
  type AppDocument,
  createHarness,
  type Harness,
  type HarnessOptions,
  type RequestOptions,
} from '../../harness/harness.ts'
import { type BinaryAnswer, binaryCall, type CallOptions, readAnswer } from './amf/calls.ts'

export type KeyKind = 'rest' | 'js' | 'android' | 'ios' | 'dotnet' | 'custom'

export interface AdminDevice {
  readonly id: string
  readonly externalId: string
  readonly platform: string
  readonly provider: string | null
  readonly environment: string | null
  readonly token: string | null
  readonly topics: readonly string[]
  readonly active: boolean
  readonly osVersion: string | null
}

/** A separate app, and calls in its name. */
export interface BackendlessTenant {
  readonly h: Harness
  readonly app: AppDocument
  readonly id: string
  readonly keys: Readonly<Record<KeyKind, string>>
  /** A call with a key in its path; `rest` follows the key. */
  call(method: string, rest: string, init?: RequestOptions & { kind?: KeyKind }): Promise<Response>
  /** Registers a device by REST, which must succeed; returns the registration id. */
  register(members: Readonly<Record<string, unknown>>, kind?: KeyKind): Promise<string>
  /** The only object of a retrieval, or the error code. */
  read(deviceId: string): Promise<Record<string, unknown> | number>
  binary(operation: string, args: AmfValue[], options?: CallOptions): Promise<BinaryAnswer>
  devices(): Promise<AdminDevice[]>
}

/** A key of every kind, so that no test depends on generated ones. */
const freshKeys = () =>
  Object.fromEntries(
    ['rest', 'js', 'android', 'ios', 'dotnet', 'custom'].map((kind) => [
      kind,
      `${kind}-${crypto.randomUUID()}`,
    ]),
  ) as Record<KeyKind, string>

export async function openTenant(
  options: Readonly<Record<string, unknown>> = {},
  harness: Harness | HarnessOptions = {},
): Promise<BackendlessTenant> {
  const h = 'request' in harness ? harness : await createHarness({ dialect: 'backendless', ...harness })
  const keys = freshKeys()
  const app = await h.createApp({ backendless: { apiKeys: keys, ...options } })
  const id = String(app.dialects.backendless?.applicationId)

  const call: BackendlessTenant['call'] = (method, rest, { kind = 'rest', ...init } = {}) =>
    h.request(method, `/${id}/${keys[kind]}${rest}`, init)

  return {
    h,
    app,
    id,
    keys,
    call,
    async register(members, kind = 'rest') {
      const body = { os: 'ANDROID', osVersion: '14', ...members }
      const response = await call('POST', '/messaging/registrations', { body, kind })
      const text = await response.text()
      expect(response.status, text).toBe(200)
      return JSON.parse(text).registrationId
    },
    async read(deviceId) {
      const response = await call('GET', `/messaging/registrations/${encodeURIComponent(deviceId)}`)
      const body = await response.json<Record<string, unknown>>()
      return response.status === 200 ? body : Number(body.code)
    },
    async binary(operation, args, callOptions) {
      const response = await call('POST', '/binary', {
        kind: 'android',
        headers: { 'Content-Type': 'application/x-amf' },
        body: binaryCall(operation, args, callOptions),
      })
      const bytes = new Uint8Array(await response.arrayBuffer())
      expect(response.status, new TextDecoder().decode(bytes)).toBe(200)
      expect(response.headers.get('Content-Type')).toBe('application/x-amf')
      return readAnswer(bytes)
    },
    async devices() {
      const response = await h.admin('GET', `/apps/${app.id}/devices`)
      return (await response.json<{ devices: AdminDevice[] }>()).devices
    },
  }
}

/** A device id and a token that no other test has. */
export const newPhone = () => ({
  deviceId: crypto.randomUUID().toUpperCase(),
  deviceToken: `t:APA91b${crypto.randomUUID()}`,
})

export const UUID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/

/** The ids by channel of a registration id. */
export function idsOf(registrationId: string): Record<string, string> {
  return Object.fromEntries(
    registrationId.split(',').map((part) => {
      const [id = '', channel = ''] = part.split('::')
      return [channel, id]
    }),
  )
}

/** Status and code of a refusal, whose body must be the envelope of section 6. */
export async function refusalOf(response: Response): Promise<readonly [status: number, code: number]> {
  const body = await response.json<{ code: number; message: string; errorData: unknown }>()
  expect(body).toEqual({ code: expect.any(Number), message: expect.stringMatching(/./), errorData: {} })
  expect(response.headers.get('Content-Type')).toBe('application/json')
  return [response.status, body.code]
}
