import { expect, test } from 'vitest'
import { type Server, startServer } from '../../harness/server.ts'
import { unique } from './kit.ts'

const PATH = '/api/v2/audience/bulkRegisterDevice'

async function posted(server: Server, count: number) {
  const app = await server.createApp({ pushwoosh: {} })
  const { applicationCode: application, apiToken: auth } = app.dialects.pushwoosh ?? {}
  const devices = Array.from({ length: count }, () => ({
    hwid: unique('h'),
    push_token: unique('t'),
    platform: 3,
    tags: { Level: { operation: 'increment', value: 1 } },
  }))
  const body = JSON.stringify({ application, auth, devices })
  const answer = await fetch(server.origin + PATH, { method: 'POST', body })
  return { app, id: ((await answer.json()) as { request_id: string }).request_id }
}

const progress = async (server: Server, id: string) =>
  (await (await fetch(`${server.origin}${PATH}/${id}`)).json()) as {
    status: string
    progress: number
    devices_success: number
  }

test('a job begins by itself, and the server goes on with it after a power cut', async () => {
  const server = await startServer()
  const { app, id } = await posted(server, 5000)
  await expect.poll(async () => (await progress(server, id)).progress, { interval: 5 }).toBeGreaterThan(0)
  await server.kill()
  const again = await startServer({ folder: server.folder })
  expect((await progress(again, id)).status).toBe('Pending')
  await expect
    .poll(() => progress(again, id), { interval: 100 })
    .toEqual({ request_id: id, status: 'Completed', progress: 100, devices_success: 5000 })
  const { devices } = (await again.admin('GET', `/apps/${app.id}/devices?limit=100`)) as {
    devices: { tags: { Level: number } }[]
  }
  expect(new Set(devices.map(({ tags }) => tags.Level))).toEqual(new Set([1]))
  expect(await again.stop()).toBe(0)
})

test('a stop in the middle of a job ends cleanly, and the next start finishes it', async () => {
  const server = await startServer()
  const { id } = await posted(server, 2000)
  expect(await server.stop()).toBe(0)
  const again = await startServer({ folder: server.folder })
  await expect
    .poll(() => progress(again, id), { interval: 100 })
    .toMatchObject({ status: 'Completed', devices_success: 2000 })
  await again.stop()
})
