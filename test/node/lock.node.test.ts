// Runs on other versions of Node.js, too, because the addon implements the lock.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { startServer } from '../harness/server.ts'
import { refused } from './refused.ts'

test('a second gateway on one file is refused, and tools read it all the same (newcomer F7, hostile F18)', async () => {
  const first = await startServer()
  const app = await first.createApp({ 'pusher-beams': {} })
  const told = await refused({ folder: first.folder })
  expect(told).toMatch(
    /^cannot open \S+pushport\.db: another gateway has it open: stop that gateway first.*DATABASE_URL to another file\n$/,
  )
  const tool = new Database(first.databaseFile, { readonly: true })
  expect(tool.prepare('SELECT id FROM apps').pluck().all()).toEqual([app.id])
  const copy = join(first.folder, 'copy.db')
  await tool.backup(copy)
  tool.close()
  const backup = new Database(copy, { readonly: true })
  expect(backup.prepare('SELECT id FROM apps').pluck().all()).toEqual([app.id])
  backup.close()
  expect(await first.stop()).toBe(0)
  expect(await (await startServer({ folder: first.folder })).stop()).toBe(0)
})

test('the lock ends with its process, killed or not, and another name of the file is no way around it', async () => {
  const first = await startServer()
  const link = join(temporaryFolder(), 'link.db')
  spawnSync('ln', ['-s', first.databaseFile, link])
  expect(await refused({ env: { DATABASE_URL: `file:${link}` } })).toContain('another gateway has it open')
  await first.kill()
  const second = await startServer({ folder: first.folder })
  expect(await second.stop()).toBe(0)
})

test('gateways in memory do not meet', async () => {
  const env = { DATABASE_URL: ':memory:' }
  const [first, second] = [await startServer({ env }), await startServer({ env })]
  expect(first.program.stderr).toContain('database: in memory')
  expect([await first.stop(), await second.stop()]).toEqual([0, 0])
})
