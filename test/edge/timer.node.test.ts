import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { startServer } from '../harness/server.ts'

test('on Node a timer does what the cron trigger does on Workers, and a stop waits for it', async () => {
  const server = await startServer({ env: { MAINTENANCE_SECONDS: '1' } })
  const app = await server.createApp({ 'pusher-beams': {} })
  const base = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices/fcm`
  for (const token of ['over', 'not yet']) {
    const response = await fetch(`${server.origin}${base}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    })
    expect(response.status).toBe(200)
  }
  const file = new Database(server.databaseFile)
  const expire = `UPDATE devices SET expires_at = 1 WHERE push_token_id = (SELECT id FROM push_tokens WHERE token = 'over')`
  expect(file.prepare(expire).run().changes).toBe(1)
  file.close()

  await server.program.printed(/"done":\{"expiry":1\},"msg":"maintenance"/)
  expect(await server.admin('GET', `/apps/${app.id}/devices`)).toMatchObject({
    devices: [{ token: 'not yet' }],
  })
  expect([await server.stop(), server.walLeft()]).toEqual([0, false])
})
