import { expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, type Server, startServer } from '../harness/server.ts'
import { fcm, type ShownImport } from './kit.ts'

const COUNT = 20_000
const KILLS = 5
const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` }
const pause = () => new Promise((resume) => setTimeout(resume, 20))

/**
 * Sends a file of new devices, `d0` and so on; returns a function for its progress at a gateway over the same
 * store.
 */
async function begun({ origin }: Server, app: string): Promise<(server: Server) => Promise<ShownImport>> {
  const rows = Array.from({ length: COUNT }, (_, n) =>
    JSON.stringify({ externalId: `d${n}`, platform: 'android', token: fcm(`d${n}-`), tags: { n } }),
  )
  const path = `/admin/v1/apps/${app}/imports?format=ndjson&dialect=pushwoosh`
  const sent = await fetch(`${origin}${path}`, { method: 'POST', headers, body: rows.join('\n') })
  const { id } = (await sent.json()) as { readonly id: string }
  return ({ admin }) => admin('GET', `/apps/${app}/imports/${id}`) as Promise<ShownImport>
}

test('9.4 an import whose gateway is killed five times on the way goes on at each start, and ends with exactly its rows', async () => {
  const folder = temporaryFolder()
  let server: Server = await startServer({ folder })
  const { id: app } = await server.createApp({ pushwoosh: {} })
  const shownBy = await begun(server, app)
  const shown = () => shownBy(server)

  let before = 0
  for (let killed = 0; killed < KILLS; killed++) {
    let now = await shown()
    for (; now.rows.done <= before && now.state !== 'completed'; now = await shown()) await pause()
    before = now.rows.done
    // Otherwise it was not killed during the import.
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
  expect(devices.map((line) => JSON.parse(line).externalId)).toEqual(
    Array.from({ length: COUNT }, (_, n) => `d${n}`),
  )
  await server.stop()
})

/**
 * Milliseconds that a live call may take during an import (migration.md 2.8), or on a slow machine a part of the import's own
 * time.
 */
const LONGEST = 1500
const PART = 1 / 5
/** One in how many devices of the file calls meanwhile. */
const EACH = 100

test('9.4 20,000 rows are imported exactly while phones call, and no call of theirs waits 1.5 s', async () => {
  const server = await startServer({ folder: temporaryFolder() })
  const { id: app, dialects } = await server.createApp({ pushwoosh: {} })
  const application = dialects.pushwoosh?.applicationCode
  const shownBy = await begun(server, app)
  const shown = () => shownBy(server)

  const waits: number[] = []
  async function register(hwid: string, push_token: string) {
    const request = { application, hwid, device_type: 3, push_token }
    const began = performance.now()
    const answer = await fetch(`${server.origin}/json/1.3/registerDevice`, {
      method: 'POST',
      body: JSON.stringify({ request }),
    })
    expect(await answer.json()).toMatchObject({ status_code: 200 })
    waits.push(performance.now() - began)
  }
  // Devices of the file: some before their rows are imported, some after. And as many unknown ones.
  const own: string[] = []
  const since = performance.now()
  let end = await shown()
  for (let n = COUNT - 1; end.state === 'queued' || end.state === 'running'; n -= EACH) {
    if (n >= 0) {
      own.push(`d${n}`)
      await Promise.all([register(`d${n}`, fcm(`own${n}-`)), register(`new${n}`, fcm(`new${n}-`))])
    }
    await pause()
    end = await shown()
  }
  expect(Math.max(...waits)).toBeLessThan(Math.max(LONGEST, (performance.now() - since) * PART))
  expect(own.length).toBeGreaterThan(5)
  expect(end).toMatchObject({ state: 'completed', rows: { read: COUNT, done: COUNT, total: COUNT } })
  const { created = 0, merged = 0, updated = 0, unchanged = 0, skipped = 0, rejected = 0 } = end.outcomes
  expect({ all: created + merged + skipped, updated, unchanged, rejected }).toEqual({
    ...{ all: COUNT, updated: 0, unchanged: 0, rejected: 0 },
  })
  // Rows whose phones had called before fill empty values, but no token.
  expect(merged + skipped).toBeLessThanOrEqual(own.length)
  expect(end.reasons).toEqual(skipped > 0 ? { older_than_live: skipped } : {})

  const file = await fetch(`${server.origin}/admin/v1/apps/${app}/export?format=ndjson`, { headers })
  const devices = (await file.text())
    .split('\n')
    .filter((line) => line.includes('"type":"device"'))
    .map((line) => JSON.parse(line))
  const tokens = new Map(devices.map(({ externalId, token }) => [externalId, token]))
  expect(devices).toHaveLength(COUNT + own.length)
  expect(tokens.size).toBe(COUNT + own.length)
  for (const hwid of own) {
    expect(tokens.get(hwid)).toBe(fcm(`${hwid.replace('d', 'own')}-`))
    expect(tokens.get(hwid.replace('d', 'new'))).toBe(fcm(`${hwid.replace('d', 'new')}-`))
  }
  for (const { externalId, tags } of devices)
    if (!externalId.startsWith('new')) expect(tags).toMatchObject({ n: Number(externalId.slice(1)) })
  await server.stop()
})
