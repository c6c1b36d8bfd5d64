import { expect } from 'vitest'
import * as z from 'zod'
import { createHarness, type Harness, type HarnessOptions } from '../../harness/harness.ts'

/** The object of the vendor's page: exactly 14 members (contract section 3). */
export const DeviceObject = z.strictObject({
  id: z.string(),
  workspace_id: z.string(),
  person_id: z.string(),
  device_token: z.string(),
  platform: z.enum(['ios', 'android', 'web']),
  device_name: z.string().nullable(),
  device_model: z.string().nullable(),
  os_version: z.string().nullable(),
  app_version: z.string().nullable(),
  is_active: z.boolean(),
  is_valid: z.boolean(),
  last_used_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})
export type DeviceObject = z.infer<typeof DeviceObject>
const Listed = z.strictObject({
  devices: z.array(DeviceObject),
  total: z.number(),
  limit: z.number(),
  offset: z.number(),
})
const Dialect = z.object({
  workspaceId: z.string(),
  apiKeys: z.array(z.object({ key: z.string(), scopes: z.array(z.string()) })).optional(),
})

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly json: unknown
  readonly text: string
}
export interface CallOptions {
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** One workspace of a gateway, and the page's calls to it. */
export interface Workspace {
  readonly h: Harness
  readonly appId: string
  readonly workspaceId: string
  readonly key: string
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Registers for a person, which must succeed. */
  register(person: string, body: Readonly<Record<string, unknown>>): Promise<DeviceObject>
  list(person: string, query?: string): Promise<z.infer<typeof Listed>>
  remove(person: string, token: string): Promise<Answer>
}

export const people = (person: string): string => `/api/v1/people/${encodeURIComponent(person)}/devices`

/** No two tests share a token or a person. */
export const newToken = (): string => `fMhT8K9x:APA91b${crypto.randomUUID()}`
/** A time in this dialect's format. */
export const wholeSeconds = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`
export const newPerson = (): string => crypto.randomUUID()

export async function openWorkspace(
  options: HarnessOptions & {
    readonly harness?: Harness
    readonly document?: Readonly<Record<string, unknown>>
  } = {},
): Promise<Workspace> {
  const h = options.harness ?? (await createHarness({ dialect: 'flameup', ...options }))
  const app = await h.createApp({ flameup: options.document ?? {} })
  const { workspaceId, apiKeys } = Dialect.parse(app.dialects.flameup)
  const given = z
    .object({ apiKeys: z.array(z.object({ key: z.string().optional() })) })
    .safeParse(options.document)
  const key = apiKeys?.[0]?.key ?? given.data?.apiKeys[0]?.key ?? ''

  async function call(method: string, path: string, of: CallOptions = {}): Promise<Answer> {
    const presented = of.key === undefined ? key : of.key
    const authorization = presented === null ? {} : { Authorization: `Bearer ${presented}` }
    const headers = { ...authorization, ...of.headers }
    const response = await h.request(method, path, { headers, body: of.body })
    const text = await response.text()
    const isJson = response.headers.get('Content-Type') === 'application/json' && text !== ''
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    }
  }

  return {
    h,
    appId: app.id,
    workspaceId,
    key,
    call,
    async register(person, body) {
      const answer = await call('POST', people(person), { body })
      expect([200, 201], answer.text).toContain(answer.status)
      return DeviceObject.parse(answer.json)
    },
    async list(person, query = '') {
      const answer = await call('GET', `${people(person)}${query}`)
      expect(answer.status, answer.text).toBe(200)
      return Listed.parse(answer.json)
    },
    remove: (person, token) => call('DELETE', `${people(person)}/${encodeURIComponent(token)}`),
  }
}

/** Both shapes of the vendor's errors page in one body (contract section 9). */
export function expectError(
  answer: Answer,
  status: number,
  code: string,
  fields?: readonly string[],
): Record<string, string> | undefined {
  expect(answer.status, answer.text).toBe(status)
  const body = z
    .strictObject({
      success: z.literal(false),
      error: z.strictObject({
        type: z.literal(code.toUpperCase()),
        code: z.literal(code),
        message: z.string().min(1),
        details: z.strictObject({ fields: z.record(z.string(), z.string().min(1)) }).optional(),
      }),
      request_id: z.string().regex(/^req_.+/),
    })
    .parse(answer.json)
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
  expect(Object.keys(body.error.details?.fields ?? {}).sort()).toEqual([...(fields ?? [])].sort())
  return body.error.details?.fields
}
