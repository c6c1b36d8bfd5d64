import { expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, startServer } from '../harness/server.ts'
import { fcm, type ShownImport } from './kit.ts'

/**
 * MiB. If rows were kept, the gateway would need more before the end of the second file (verified: it
 * crashes).
 */
const HEAP = 128
const COUNTS = [5000, 20_000]
/** The characters that differ between rows. */
const WIDE = 2500
const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` }
const pause = () => new Promise((resume) => setTimeout(resume, 100))

test('a file is imported in the same heap, however many rows it has', async () => {
  const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP}` }
  const server = await startServer({ folder: temporaryFolder(), env })
  const { id: app } = await server.createApp({ pushwoosh: {} })
  for (const count of COUNTS) {
    const rows = Array.from({ length: count }, (_, n) => {
      const name = `d${count}-${n}`
      return JSON.stringify({
        externalId: name,
        platform: 'android',
        token: fcm(`${name}-`),
        tags: { n, name },
        details: { note: name.padEnd(WIDE, 'x') },
      })
    })
    const path = `/admin/v1/apps/${app}/imports?format=ndjson&dialect=pushwoosh`
    const sent = await fetch(`${server.origin}${path}`, { method: 'POST', headers, body: rows.join('\n') })
    const { id } = (await sent.json()) as { readonly id: string }
    const shown = () => server.admin('GET', `/apps/${app}/imports/${id}`) as Promise<ShownImport>
    let now = await shown()
    for (; now.state === 'queued' || now.state === 'running'; now = await shown()) await pause()
    expect(now).toMatchObject({ state: 'completed', outcomes: { created: count } })
  }
  expect(await server.stop()).toBe(0)
})
