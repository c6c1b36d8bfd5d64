import { expect } from 'vitest'
import { openTenant, type Tenant, unique } from './kit.ts'

export const PATH = '/api/v2/audience/bulkRegisterDevice'

export interface Job {
  readonly request_id: string
  readonly status: string
  readonly progress: number
  readonly devices_success: number
  readonly devices?: readonly { readonly hwid: string; readonly status: string }[]
}

/** The Audience API as a server uses it. */
export interface Bulk {
  readonly t: Tenant
  send(body: unknown): Promise<Response>
  status(id: string, query?: string): Promise<Job>
  /** Does all pending work, of any app. */
  finish(): Promise<void>
  /** The id of a job that must be accepted. */
  accepted(devices: readonly unknown[]): Promise<string>
  /** The status of each row, in the order of the request. */
  done(devices: readonly unknown[]): Promise<string[]>
}

export async function openBulk(...options: Parameters<typeof openTenant>): Promise<Bulk> {
  const t = await openTenant(...options)
  const send = (body: unknown) => t.h.request('POST', PATH, { body })
  const status = async (id: string, query = '') =>
    (await t.h.request('GET', `${PATH}/${id}${query}`)).json<Job>()

  async function finish() {
    while (await t.h.gateway.jobs.step());
  }

  async function accepted(devices: readonly unknown[]): Promise<string> {
    const answer = await send({ application: t.code, auth: t.token, devices })
    expect(answer.status).toBe(200)
    const body = await answer.json<Job>()
    expect(body).toEqual({ request_id: expect.stringMatching(/^[0-9a-f-]{36}$/), status: 'Pending' })
    return body.request_id
  }

  async function done(devices: readonly unknown[]): Promise<string[]> {
    const id = await accepted(devices)
    await finish()
    const job = await status(id, '?detailed=true')
    expect(job).toMatchObject({ request_id: id, status: 'Completed', progress: 100 })
    expect(job.devices?.map((one) => one.hwid)).toEqual(
      devices.map((one) => (one as { hwid?: unknown } | null)?.hwid ?? ''),
    )
    const rows = job.devices?.map((one) => one.status) ?? []
    expect(job.devices_success).toBe(rows.filter((one) => one === 'done').length)
    return rows
  }

  return { t, send, status, finish, accepted, done }
}

export const device = (more: object = {}) => ({
  hwid: unique('h'),
  push_token: unique('t'),
  platform: 3,
  ...more,
})
