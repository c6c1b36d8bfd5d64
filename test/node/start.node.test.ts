import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { run, temporaryFolder } from '../harness/process.ts'
import { spawnServer, startServer } from '../harness/server.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

async function refused(options: Parameters<typeof spawnServer>[0]): Promise<string> {
  const program = spawnServer(options)
  expect(await program.exited).toEqual({ code: 1, signal: null })
  expect(program.stdout).toBe('')
  return program.stderr
}

test('a second gateway on one file is refused, and tools read it all the same (newcomer F7, hostile F18)', async () => {
  const first = await startServer()
  const app = await first.createApp({ 'pusher-beams': {} })
  const told = await refused({ folder: first.folder })
  expect(told).toMatch(
    /^cannot open \S+pushport\.db: another gateway has it open: stop that one first.*DATABASE_URL\n$/,
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
    /^cannot open \S+: a newer Pushport has changed it \(1 migrations? .*start that version, or restore a backup.*\n$/,
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
  // A database that has all but the last migration: all migrations but that one, on a new file.
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

test.each([
  [['--help'], /--port PORT/],
  [['-h'], /--demo/],
  [['--version'], new RegExp(`^${version.replaceAll('.', '\\.')}\n$`)],
])('%j is answered without a start (newcomer N7)', async (args, expected) => {
  const folder = temporaryFolder()
  const program = spawnServer({ folder, args })
  expect(await program.exited).toEqual({ code: 0, signal: null })
  expect(program.stdout).toMatch(expected)
  expect(program.stderr).toBe('')
  expect(existsSync(join(folder, 'pushport.db'))).toBe(false)
})

test.each([
  [['--prot', '9000'], /^Unknown option '--prot'\. See --help\.\n$/],
  [['serve'], /^Unexpected argument 'serve'\. See --help\.\n$/],
  [['--port'], /--port.*\. See --help\.\n$/],
  [['--port', 'abc'], /^Configuration: PUSHPORT_PORT: must be a whole number from 0 to 65535\n$/],
])('%j ends the start with one line (newcomer N7)', async (args, line) => {
  const folder = temporaryFolder()
  expect(await refused({ folder, args })).toMatch(line)
  expect(existsSync(join(folder, 'pushport.db'))).toBe(false)
})

test('--port and --host win over the environment', async () => {
  const server = await startServer({
    env: { PORT: '1', PUSHPORT_HOST: '203.0.113.1' },
    args: ['--port', '0', '--host=127.0.0.1'],
  })
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  await server.stop()
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
    'better-sqlite3 is not built for this version of Node.js: run `npm rebuild better-sqlite3`.\n',
  )
})
