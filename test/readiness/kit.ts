import type { Harness } from '../harness/harness.ts'

const TOKEN = { Authorization: 'Bearer test-admin-token-0123456789' }
export const DAY = 86_400_000

const line = (of: object): string => `${JSON.stringify(of)}\n`
export const lines = (rows: readonly object[]): string => rows.map(line).join('')

/** An answer of the admin API, with its status. */
export async function asked<T = Record<string, unknown>>(
  h: Harness,
  method: string,
  path: string,
  body?: object,
) {
  const answer = await h.request(method, `/admin/v1${path}`, {
    headers: { ...TOKEN, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false
  return { status: answer.status, headers: answer.headers, text, body: (isJson ? JSON.parse(text) : {}) as T }
}
