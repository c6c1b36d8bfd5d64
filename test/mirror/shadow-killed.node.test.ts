import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'

const PHONES = 20
/** Data that waits in memory is written twice a second. */
const WRITTEN = 1500

test('a gateway in shadow that is killed loses no copy of a change, and of other calls those of the last moment', async () => {
  const vendor = createServer(() => {})
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve))
  const upstream = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`
  const folder = temporaryFolder()
  const env = { ALLOW_PRIVATE_TARGETS: 'on' }
  let server: Server = await startServer({ folder, env })
  try {
    const app = await server.createApp({ pushwoosh: {} })
    const mirror = { mode: 'shadow', upstream, timeoutMs: 2000 }
    await server.admin('PATCH', `/apps/${app.id}`, { dialects: { pushwoosh: { mirror } } })
    const { applicationCode: application } = app.dialects.pushwoosh as Readonly<Record<string, string>>
    const register = async (hwid: string) => {
      const request = { application, hwid, device_type: 3, push_token: `token of ${hwid}` }
      const answer = await fetch(`${server.origin}/json/1.3/registerDevice`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ request }),
      })
      expect(await answer.json()).toMatchObject({ status_code: 200 })
    }
    const waiting = async () => {
      const summary = await server.admin('GET', `/apps/${app.id}/mirror/pushwoosh/summary`)
      return (summary as { readonly waiting: number }).waiting
    }
    const phones = Array.from({ length: PHONES }, (_, n) => `h${n}`)
    await Promise.all(phones.map(register))
    await server.kill()
    server = await startServer({ folder, env })
    expect(await waiting()).toBe(PHONES)

    await Promise.all(phones.map(register))
    await new Promise((resume) => setTimeout(resume, WRITTEN))
    await Promise.all(['a', 'b'].map(register))
    await server.kill()
    server = await startServer({ folder, env })
    // The second call of each phone was written by then, and each new phone with its own device.
    expect(await waiting()).toBe(2 * PHONES + 2)

    await Promise.all(phones.map((hwid) => register(hwid)))
    await server.kill()
    server = await startServer({ folder, env })
    const kept = await waiting()
    expect(kept).toBeGreaterThanOrEqual(2 * PHONES + 2)
    expect(kept).toBeLessThanOrEqual(3 * PHONES + 2)

    await Promise.all(phones.map(register))
    // A gateway that is stopped properly first writes what is waiting.
    await server.stop()
    server = await startServer({ folder, env })
    expect(await waiting()).toBe(2 * PHONES + 2)
  } finally {
    await server.stop()
    vendor.closeAllConnections()
    vendor.close()
  }
})
