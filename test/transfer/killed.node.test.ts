import { expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, type Server, startServer } from '../harness/server.ts'
import { fcm, type ShownImport } from './kit.ts'

const COUNT = 20_000
const KILLS = 5
const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` }
const pause = () => new Promise((resume) => setTimeout(resume, 20))

test('9.4 an import whose gateway is killed five times on the way goes on at each start, and ends with exactly its rows', async () => {
  const folder = temporaryFolder()
  let server: Server = await startServer({ folder })
  const { id: app } = await server.createApp({ pushwoosh: {} })
  const rows = Array.from({ length: COUNT }, (_, n) =>
    JSON.stringify({ externalId: `d${n}`, platform: 'android', token: fcm(`d${n}-`), tags: { n } }),
  )
  const path = `/admin/v1/apps/${app}/imports?format=ndjson&dialect=pushwoosh`
  const sent = await fetch(`${server.origin}${path}`, { method: 'POST', headers, body: rows.join('\n') })
  const { id } = (await sent.json()) as { readonly id: string }
  const shown = () => server.admin('GET', `/apps/${app}/imports/${id}`) as Promise<ShownImport>

  let before = 0
  for (let killed = 0; killed < KILLS; killed++) {
    let now = await shown()
    for (; now.rows.done <= before && now.state !== 'completed'; now = await shown()) await pause()
    before = now.rows.done
    // Else it was no kill on the way.
    expect(now.state).toBe('running')
    await server.kill()
    server = await startServer({ folder })
  }
  let end = await shown()
  for (; end.state === 'queued' || end.state === 'running'; end = await shown()) await pause()
  expect(end).toMatchObject({
    state: 'completed',
    rows: { read: COUNT, done: COUNT, total: COUNT },
    outcomes: { created: COUNT, updated: 0, merged: 0, unchanged: 0, skipped: 0, rejected: 0 },
  })
  const file = await fetch(`${server.origin}/admin/v1/apps/${app}/export?format=ndjson`, { headers })
  const devices = (await file.text()).split('\n').filter((line) => line.includes('"type":"device"'))
  expect(devices.map((line) => JSON.parse(line).externalId)).toEqual(rows.map((_, n) => `d${n}`))
  await server.stop()
}, 180_000)
