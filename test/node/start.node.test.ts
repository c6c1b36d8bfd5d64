import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { run, temporaryFolder } from '../harness/process.ts'
import { startServer } from '../harness/server.ts'
import { refused } from './refused.ts'

test('an older build refuses the store of a newer one (newcomer F18)', async () => {
  const first = await startServer()
  await first.createApp({ 'pusher-beams': {} })
  await first.stop()
  const later = Date.now() + 1e9
  const database = new Database(first.databaseFile)
  database.prepare("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', ?)").run(later)
  database.close()
  const told = await refused({ folder: first.folder })
  expect(told).toMatch(
    /^cannot open \S+: a newer Pushport has changed it \(unknown migrations: 1\): start that version, or restore an older backup\n$/,
  )
})

test('a start says which migrations it applied, and that a database is new (newcomer F18, 1.2)', async () => {
  const first = await startServer()
  await first.program.printed(/new and empty \(if you expected your apps here.*DATABASE_URL/)
  await first.stop()
  const journal = JSON.parse(readFileSync('schema/migrations/meta/_journal.json', 'utf8')) as {
    entries: { tag: string; when: number }[]
  }
  const last = journal.entries.at(-1)
  // A database without the last migration: all others are applied to a new file.
  const folder = temporaryFolder()
  const file = join(folder, 'pushport.db')
  const database = new Database(file)
  database.exec(
    'CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)',
  )
  for (const { tag, when } of journal.entries.slice(0, -1)) {
    for (const sql of readFileSync(`schema/migrations/${tag}.sql`, 'utf8').split('--> statement-breakpoint'))
      database.exec(sql)
    database.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run(tag, when)
  }
  database.close()
  const second = await startServer({ folder })
  await second.program.printed(new RegExp(`brought up to date: ${last?.tag}\\n`))
  expect(second.program.stderr).not.toContain('new and empty')
  await second.stop()
})

test('HOST=0.0.0.0 names the addresses at which a phone finds it, where there are any (newcomer N8)', async () => {
  const server = await startServer({ env: { HOST: '0.0.0.0' } })
  await server.program.printed(/database:/)
  const addresses = [...server.program.stderr.matchAll(/on your network: http:\/\/([0-9.]+):([0-9]+)/g)]
  for (const [, address, port] of addresses) {
    expect([address, port]).not.toContain('127.0.0.1')
    expect(Number(port)).toBe(server.port)
  }
  await server.stop()
})

test('no demo app is made where nobody asked for one, also on an empty store (newcomer F9, hostile F24)', async () => {
  const server = await startServer()
  await server.program.printed(/no app yet: see "Move an app"/)
  expect(await server.admin('GET', '/apps')).toMatchObject({ apps: [] })
  await server.stop()
})

test('a misspelt variable is warned of, and the start goes on (newcomer 1.2)', async () => {
  const server = await startServer({ env: { ADMIN_TOKN: 'x' } })
  await server.program.printed(
    /Warning: ADMIN_TOKN is not a setting and has no effect; did you mean ADMIN_TOKEN\?/,
  )
  await server.stop()
})

test('an addon built for another Node is said so, and the database is not blamed (newcomer N11)', async () => {
  const folder = temporaryFolder()
  const modules = join(folder, 'node_modules', 'better-sqlite3')
  spawnSync('mkdir', ['-p', modules, join(folder, 'dist')])
  spawnSync('cp', [
    '-r',
    'node_modules/better-sqlite3/lib',
    'node_modules/better-sqlite3/package.json',
    modules,
  ])
  spawnSync('cp', [
    '-r',
    'node_modules/bindings',
    'node_modules/file-uri-to-path',
    join(folder, 'node_modules'),
  ])
  cpSync('dist', join(folder, 'dist'), { recursive: true })
  copyFileSync('package.json', join(folder, 'package.json'))
  const program = run(process.execPath, [join(folder, 'dist', 'node.js')], {
    DATABASE_URL: `file:${folder}/p.db`,
    PORT: '0',
  })
  expect((await program.exited).code).toBe(1)
  expect(program.stderr).toBe(
    'better-sqlite3 is not built for this version of Node.js: run `npm rebuild better-sqlite3`, or use Node.js 22.16 or newer, which includes SQLite.\n',
  )
})
