import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { startServer } from '../harness/server.ts'
import { at, cli } from './kit.ts'

test('a backup has one state of a gateway that goes on registering, and becomes a gateway of its own', async () => {
  const server = await startServer({ runtime: 'node' })
  const code = '11111-AAAAA'
  await server.createApp({ pushwoosh: { applicationCode: code } })
  let stop = false
  let registered = 0
  const register = async (number: number, origin: string) => {
    const request = { application: code, hwid: `h${number}`, device_type: 3, push_token: `t${number}` }
    const headers = { 'Content-Type': 'application/json' }
    const answer = await fetch(`${origin}/json/1.3/registerDevice`, {
      ...{ method: 'POST', headers },
      body: JSON.stringify({ request }),
    })
    expect(answer.status).toBe(200)
  }
  const load = (async () => {
    while (!stop) await Promise.all(Array.from({ length: 8 }, () => register(registered++, server.origin)))
  })()
  await expect.poll(() => registered).toBeGreaterThan(200)

  const file = join(temporaryFolder(), 'backup.db')
  const before = registered - 8
  const ran = await cli(['backup', file, '--json'], at(server))
  const after = registered
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  stop = true
  await load
  const [told] = ran.json as unknown as readonly {
    tables: Record<string, { rows: number; sha256: string }>
  }[]
  const kept = told?.tables.devices?.rows ?? 0
  expect(kept).toBeGreaterThanOrEqual(before)
  expect(kept).toBeLessThanOrEqual(after)
  // A registration is either complete or absent.
  expect(told?.tables.push_tokens?.rows).toBe(kept)
  expect(statSync(file).mode & 0o777).toBe(0o600)

  const folder = temporaryFolder()
  const to = join(folder, 'pushport.db')
  expect(await cli(['restore', file, '--to', server.databaseFile], {})).toMatchObject({ code: 1 })
  expect(await cli(['restore', file, '--to', to, '--dry-run'], {})).toMatchObject({ code: 0 })
  const restored = await cli(['restore', file, '--to', to, '--json'], {})
  expect(restored.json).toMatchObject([{ tables: told?.tables }])
  expect(await cli(['restore', file, '--to', to], {})).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('already contains a database'),
  })

  const key = readFileSync(join(server.folder, 'master-key'))
  writeFileSync(join(folder, 'master-key'), key, { mode: 0o600 })
  const second = await startServer({ runtime: 'node', folder })
  const [stats] = (await cli(['app', 'list', '--json'], at(second))).json
  expect(stats).toMatchObject({ name: 'test' })
  const busy = join(temporaryFolder(), 'again.db')
  await cli(['backup', busy], at(second))
  rmSync(second.databaseFile, { force: true })
  expect(await cli(['restore', busy, '--to', second.databaseFile], {})).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('another gateway has it open'),
  })
  await Promise.all([server.stop(), second.stop()])
})

test('a backup that is damaged is not restored', async () => {
  const server = await startServer({ runtime: 'node' })
  await server.createApp({ pushwoosh: {} })
  const file = join(temporaryFolder(), 'backup.db')
  await cli(['backup', file], at(server))
  await server.stop()
  const client = new Database(file)
  client.exec("UPDATE apps SET name = 'changed'")
  client.close()
  const to = join(temporaryFolder(), 'pushport.db')
  expect(await cli(['restore', file, '--to', to], {})).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('does not match the backup’s record: apps'),
  })
  writeFileSync(file, 'not a database')
  expect(await cli(['restore', file, '--to', to], {})).toMatchObject({ code: 1 })
})

test('a Worker says by what its database is backed up', async () => {
  const server = await startServer({ runtime: 'worker' })
  const ran = await cli(['backup', join(temporaryFolder(), 'x.db')], at(server))
  expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('docs/backup.md') })
  await server.stop()
})
