import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openConnection } from '../../src/store/sqlite/driver.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { temporaryFolder } from '../harness/process.ts'
import { startServer } from '../harness/server.ts'
import { at, cli } from './kit.ts'

const tagsOf = (folder: string): readonly string[] =>
  JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')).entries.map(
    ({ tag }: { readonly tag: string }) => tag,
  )
const SQLITE = tagsOf('schema/migrations')
const POSTGRES = tagsOf('schema/postgres')

/** A database file of an older Pushport, without the last migrations. */
async function olderFile(lacking: number): Promise<string> {
  const { migrated } = await import('../../src/store/sqlite/node-file.ts')
  const folder = join(temporaryFolder(), 'migrations')
  cpSync('schema/migrations', folder, { recursive: true })
  const journal = join(folder, 'meta', '_journal.json')
  const document = JSON.parse(readFileSync(journal, 'utf8'))
  writeFileSync(journal, JSON.stringify({ ...document, entries: document.entries.slice(0, -lacking) }))
  const file = join(temporaryFolder(), 'pushport.db')
  const client = openConnection(file)
  migrated(client, folder)
  client.close()
  return file
}

test('a file is made or brought up to date once, and a dry run says what it lacks without touching it', async () => {
  const file = join(temporaryFolder(), 'new', 'pushport.db')
  const env = { DATABASE_URL: `file:${file}` }
  const told = await cli(['migrate', '--dry-run', '--json'], env)
  expect(told).toMatchObject({
    code: 0,
    json: [{ database: file, empty: true, pending: SQLITE, unknown: 0 }],
  })
  expect(existsSync(file)).toBe(false)
  expect((await cli(['migrate', '--json'], env)).json).toEqual([{ database: file, made: true, applied: [] }])
  expect(await cli(['migrate'], env)).toMatchObject({ code: 0, stdout: `${file} was up to date.\n` })

  const old = await olderFile(2)
  const older = { DATABASE_URL: `file:${old}` }
  const lacks = SQLITE.slice(-2)
  expect((await cli(['migrate', '--dry-run'], older)).stdout).toBe(`${old} lacks ${lacks.join(', ')}.\n`)
  expect((await cli(['migrate', '--dry-run', '--json'], older)).json).toMatchObject([{ pending: lacks }])
  expect((await cli(['migrate', '--json'], older)).json).toEqual([
    { database: old, made: false, applied: lacks },
  ])
  expect((await cli(['migrate', '--dry-run', '--json'], older)).json).toMatchObject([{ pending: [] }])
})

test('a file that a gateway has open is left alone, and so is one of a newer build', async () => {
  const server = await startServer({ runtime: 'node' })
  const env = { DATABASE_URL: `file:${server.databaseFile}` }
  expect(await cli(['migrate'], env)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('another gateway has it open'),
  })
  await server.stop()
  const client = openConnection(server.databaseFile)
  client.exec('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (1, 9999999999999)')
  client.close()
  expect((await cli(['migrate', '--dry-run'], env)).stdout).toContain('was migrated by a newer Pushport')
  expect(await cli(['migrate'], env)).toMatchObject({ code: 1 })
  expect(await cli(['migrate'], { DATABASE_URL: ':memory:' })).toMatchObject({ code: 2 })
  expect(await cli(['migrate'], { DATABASE_URL: 'mysql://x' })).toMatchObject({ code: 2 })
})

test('a PostgreSQL is made by one of several that migrate at once', async () => {
  const url = await freshDatabase({ bare: true })
  const env = { DATABASE_URL: url.replace(/^(postgres:\/\/[^:@/]+)@/, '$1:hidden-word@') }
  expect((await cli(['migrate', '--dry-run', '--json'], env)).json).toMatchObject([
    { empty: true, pending: POSTGRES },
  ])
  const done = await Promise.all([1, 2].map(() => cli(['migrate', '--json'], env)))
  expect(done.map(({ code }) => code)).toEqual([0, 0])
  expect(done.map(({ json }) => json[0]?.made).sort()).toEqual([false, true])
  expect((await cli(['migrate', '--dry-run', '--json'], env)).json).toMatchObject([
    { empty: false, pending: [] },
  ])
  expect(env.DATABASE_URL).toContain('hidden-word')
  expect(done[0]?.stdout).not.toContain('hidden-word')
})

test('the local half of the doctor looks at configuration, keys, store, disk and what can be reached', async () => {
  const outside = createServer((_, answer) => answer.end()).listen(0, '127.0.0.1')
  await new Promise((resume) => outside.once('listening', resume))
  const place = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`
  const look = async (env: Readonly<Record<string, string>>, ...more: readonly string[]) => {
    const { code, json } = await cli(['doctor', '--local', '--outside', place, '--json', ...more], env)
    return { code, checks: Object.fromEntries(json.map(({ check, ok, told }) => [check, ok ? 'ok' : told])) }
  }
  const server = await startServer({ runtime: 'node', env: { ADMIN_TOKEN: undefined } })
  const env = { DATABASE_URL: `file:${server.databaseFile}` }
  const host = new URL(place).host
  expect(await look(env)).toEqual({
    code: 0,
    checks: {
      ...{ configuration: 'ok', 'master key': 'ok', 'admin token': 'ok', store: 'ok', migrations: 'ok' },
      ...{ disk: 'ok', [`outside ${host}`]: 'ok', clock: 'ok' },
    },
  })
  await server.stop()

  const old = { DATABASE_URL: `file:${await olderFile(1)}` }
  expect(await look(old)).toMatchObject({
    code: 4,
    checks: {
      migrations: expect.stringContaining('1 are pending'),
      'master key': expect.stringContaining('is missing but the database exists'),
    },
  })
  expect(await look({ ...env, PORT: 'x' })).toMatchObject({
    code: 4,
    checks: { configuration: expect.stringContaining('PORT') },
  })
  const damaged = join(temporaryFolder(), 'pushport.db')
  writeFileSync(damaged, 'this is no database, and it is long enough to be read as one'.repeat(100))
  expect(await look({ DATABASE_URL: `file:${damaged}`, MASTER_KEY: 'ab'.repeat(32) })).toMatchObject({
    code: 4,
    checks: { 'master key': 'ok', store: expect.stringContaining(damaged) },
  })
  outside.close()
  expect((await look(env, '--outside', 'http://127.0.0.1:1')).checks).toMatchObject({
    'outside 127.0.0.1:1': expect.stringContaining('cannot be reached (ECONNREFUSED)'),
  })
})

test('the doctor registers a phone in every dialect, and leaves nothing', async () => {
  const server = await startServer({ runtime: 'node' })
  const done = await cli(['doctor', '--register', '--json'], at(server))
  expect(done).toMatchObject({ code: 0 })
  expect(done.json.filter(({ check }) => String(check).startsWith('registration '))).toHaveLength(5)
  expect((await cli(['app', 'list', '--json'], at(server))).json).toEqual([])
  await server.stop()
})
