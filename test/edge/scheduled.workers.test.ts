import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test, vi } from 'vitest'
import worker from '../../src/worker.ts'
import { createHarness } from '../harness/harness.ts'
import { ownBinding } from '../harness/own-d1.ts'

const shared = env as unknown as Record<string, unknown> & {
  readonly DB: D1Database
  readonly EMPTY: D1Database
}
// Treated as a separate isolate, whichever test ran in this workerd before.
const bindings = { ...shared, DB: ownBinding(shared.DB), EMPTY: ownBinding(shared.EMPTY) }

async function tick(of: Record<string, unknown>): Promise<void> {
  const context = createExecutionContext()
  await worker.scheduled(createScheduledController({ scheduledTime: new Date(), cron: '*/1 * * * *' }), of)
  await waitOnExecutionContext(context)
}

test('the cron trigger removes what has expired', async () => {
  const h = await createHarness()
  const app = await h.createApp({ 'pusher-beams': {} })
  const dialect = await h.gateway.apps.find('pusher-beams', String(app.dialects['pusher-beams']?.instanceId))
  if (!dialect) throw new Error('no app')
  const register = (externalId: string, expiresAt: Date) =>
    h.gateway.devices.register({
      app: dialect,
      externalId,
      identity: 'key',
      platform: 'android',
      patch: { expiresAt },
      cause: 'test',
    })
  // The Worker uses the real time.
  await register('over', new Date(Date.now() - 1000))
  await register('not yet', new Date(Date.now() + 60_000))
  h.clock.now = new Date(0)
  const listed = async () =>
    (await (await h.admin('GET', `/apps/${app.id}/devices`)).json<{ devices: { externalId: string }[] }>())
      .devices
  expect(await listed()).toHaveLength(2)
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
  await tick(bindings)
  expect(printed.mock.calls.join()).toContain('"done":{"expiry":')
  vi.restoreAllMocks()
  expect(await listed()).toMatchObject([{ externalId: 'not yet' }])
})

test('a cron trigger that cannot do its work fails in plain words', async () => {
  await expect(tick({ ...bindings, DB: bindings.EMPTY, MASTER_KEY: undefined })).rejects.toThrow(
    'wrangler secret put MASTER_KEY',
  )
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
  await expect(tick({ ...bindings, DB: bindings.EMPTY })).rejects.toThrow('maintenance failed: expiry')
  expect(printed.mock.calls.join()).toContain('the database lacks a migration')
  vi.restoreAllMocks()
})

test('newcomer F12: when a credential was last used is kept behind the answer', async () => {
  const h = await createHarness()
  const app = await h.createApp({ 'pusher-beams': {} })
  const { instanceId, secretKey } = app.dialects['pusher-beams'] ?? {}
  const context = createExecutionContext()
  const headers = { Authorization: `Bearer ${secretKey}` }
  const url = `https://gw.example/customer_api/v1/instances/${instanceId}/users/nobody`
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
  const answer = await worker.fetch(new Request(url, { method: 'DELETE', headers }), bindings, context)
  await waitOnExecutionContext(context)
  printed.mockRestore()
  expect(answer.status).toBe(200)
  const { credentials } = await (await h.admin('GET', `/apps/${app.id}/credentials`)).json<{
    credentials: { lastUsedAt: string | null }[]
  }>()
  expect(credentials).toEqual([expect.objectContaining({ lastUsedAt: expect.stringMatching(/^2/) })])
})
