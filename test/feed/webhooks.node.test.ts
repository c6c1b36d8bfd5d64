import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, type ServerOptions, startServer } from '../harness/server.ts'

/** The receiver of docs/events.md, extended so that it shows what it has stored. */
const PAGE = readFileSync('docs/events.md', 'utf8')
const RECEIVER = `${/```js\n([\s\S]*?)```/.exec(PAGE)?.[1]}
process.on('message', () => process.send([...devices.values()].map(({ externalId }) => externalId).sort()))`

test('the receiver of the page, told by a gateway that is killed twice, holds every device', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'receiver-'))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'receiver.mjs'), RECEIVER)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const options: ServerOptions = { runtime: 'node', env: { ALLOW_PRIVATE_TARGETS: 'on' } }
  let server = await startServer(options)
  onTestFinished(() => void server.kill())
  const app = await server.createApp({ pushwoosh: {} })
  const draft = { name: 'page', url, after: 'start' }
  const made = await server.admin('POST', `/apps/${app.id}/webhooks`, draft)
  const { id, secret } = made as { id: string; secret: string }
  const receiver = spawn(process.execPath, ['receiver.mjs'], {
    cwd: folder,
    env: { PORT: String(port), WEBHOOK_SECRET: secret },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  onTestFinished(() => void receiver.kill())
  const held = () =>
    new Promise<readonly string[]>((resume) => {
      receiver.once('message', (devices) => resume(devices as string[]))
      receiver.send('devices')
    })
  const names: string[] = []
  for (let round = 0; round < 3; round++) {
    for (let at = 0; at < 30; at++) {
      const hwid = `phone-${round}-${String(at).padStart(2, '0')}`
      const request = {
        ...{ application: app.dialects.pushwoosh?.applicationCode, hwid },
        ...{ device_type: 3, push_token: `token-${hwid}` },
      }
      const response = await fetch(`${server.origin}/json/1.3/registerDevice`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ request }),
      })
      expect(response.status).toBe(200)
      names.push(hwid)
    }
    if (round === 2) break
    await server.kill()
    server = await startServer({ ...options, folder: server.folder })
  }
  // The work of a killed process starts again when its lease ends.
  await expect.poll(held, { timeout: 150_000, interval: 500 }).toEqual(names.sort())
  expect(await server.admin('GET', `/apps/${app.id}/webhooks/${id}`)).toMatchObject({
    waiting: 0,
    dead: 0,
    stopped: null,
  })
})
