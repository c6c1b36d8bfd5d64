import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms))

async function ready({ origin }: Server): Promise<[number, string | undefined]> {
  const response = await fetch(`${origin}/readyz`)
  return [response.status, ((await response.json()) as { detail?: string }).detail]
}

/** The answer once it has this status. */
async function becomes(server: Server, status: number, seconds = 15): Promise<string | undefined> {
  for (const late = performance.now() + seconds * 1000; ; await pause(200)) {
    const [now, detail] = await ready(server)
    if (now === status) return detail
    if (performance.now() > late) throw new Error(`/readyz stays ${now}`)
  }
}

/** A registration with a new id; returns the status of its answer. */
async function registers(server: Server, instanceId: string): Promise<number> {
  const response = await fetch(`${server.origin}/device_api/v1/instances/${instanceId}/devices/fcm`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: randomUUID().repeat(20) }),
  })
  await response.arrayBuffer()
  return response.status
}

async function withApp(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer({ ...options, env: { LOG_LEVEL: 'silent', ...options.env } })
  const instanceId = randomUUID()
  await server.createApp({ 'pusher-beams': { instanceId } })
  return { server, instanceId }
}

/** A small disk; null if mounting is not permitted. */
function smallDisk(size: string): string | null {
  const disk = temporaryFolder()
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]).status !== 0) return null
  onTestFinished(() => void execFileSync('umount', ['-l', disk]))
  return disk
}

test('/readyz is red while the disk is full, and turns green by itself (hostile F13)', async ({ skip }) => {
  const disk = smallDisk('8m')
  if (disk === null) return skip('mounting is not permitted')
  const { server, instanceId } = await withApp({ folder: disk })
  expect(await becomes(server, 200)).toBeUndefined()
  spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'ballast')}`, 'bs=4096'], { stdio: 'ignore' })
  for (let tries = 0; (await registers(server, instanceId)) === 200 && tries < 2000; tries++);
  expect(await ready(server)).toEqual([503, 'The database cannot be used: SQLITE_FULL.'])
  execFileSync('rm', [join(disk, 'ballast')])
  await becomes(server, 200)
  expect(await registers(server, instanceId)).toBe(200)
  expect(await server.stop()).toBe(0)
})

test('/readyz is red while another process holds the write lock, and turns green by itself (hostile F13)', async () => {
  const { server, instanceId } = await withApp()
  const other = new Database(server.databaseFile)
  other.exec('BEGIN IMMEDIATE')
  expect(await registers(server, instanceId)).toBe(503)
  expect((await ready(server))[0]).toBe(503)
  other.exec('ROLLBACK')
  other.close()
  await becomes(server, 200)
  expect(await server.stop()).toBe(0)
})

/** Damages the first page of a table and of each of its indexes. */
function breakPages(databaseFile: string, table: string): void {
  const root = new Database(databaseFile, { readonly: true })
  const select = root
    .prepare<[string], number>('SELECT rootpage FROM sqlite_master WHERE tbl_name = ?')
    .pluck()
  const pages = select.all(table)
  root.close()
  expect(pages.length).toBeGreaterThan(0)
  const file = openSync(databaseFile, 'r+')
  for (const page of pages) {
    expect(page).toBeLessThan(statSync(databaseFile).size / 4096)
    writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, (page - 1) * 4096)
  }
  closeSync(file)
}

test('/readyz is red once a call has met broken pages (hostile F13)', async () => {
  const first = await withApp()
  for (let at = 0; at < 200; at++) await registers(first.server, first.instanceId)
  await first.server.stop()
  const { folder, databaseFile } = first.server
  breakPages(databaseFile, 'devices')
  const server = await startServer({ folder, env: { LOG_LEVEL: 'silent' } })
  await registers(server, first.instanceId)
  const detail = await becomes(server, 503)
  expect(detail).toMatch(/^Pages of the database are damaged \(SQLITE_CORRUPT\)/)
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  await server.stop()
})

test('a start whose work goes wrong once it listens answers calls all the same, and says so', async () => {
  const { server: first, instanceId } = await withApp()
  await first.stop()
  breakPages(first.databaseFile, 'jobs')
  const server = await startServer({ folder: first.folder })
  await server.program.printed(/"msg":"after the start"/)
  expect(await registers(server, instanceId)).toBe(200)
  expect((await ready(server))[0]).toBe(503)
  await server.stop()
})

test('a stop that comes with the line that says the address waits for the rest of the start', async () => {
  const folder = temporaryFolder()
  for (let times = 0; times < 5; times++)
    expect(await (await startServer({ folder, env: { LOG_LEVEL: 'silent' } })).stop()).toBe(0)
})
