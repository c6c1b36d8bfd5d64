import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { ask } from '../harness/postgres/cluster.ts'
import { postgresMissing, skipWhere } from '../harness/postgres/owner.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { temporaryFolder } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'

const STORES = 'test/fixtures/stores'
const versionsIn = (folder: string) =>
  readdirSync(folder).flatMap((name) => /^(.*)\.sql$/.exec(name)?.[1] ?? [])

/**
 * What `.scripts/earlier-store.mjs` saved of a version: the keys of the store, and the calls that filled it.
 */
interface Note {
  readonly adminToken: string
  readonly masterKey: string
  readonly app: string
  readonly commands: Readonly<Record<string, string>>
}

interface Device {
  readonly id: string
  readonly dialect: string
  readonly installationId: string
  readonly token: string
  readonly createdAt: string
}

/** A store of an earlier version, where a gateway finds it. */
interface Restored {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly note: Note
  /** The migrations that it lacks. */
  readonly behind: readonly { readonly tag: string }[]
}

function restoredFrom(stores: string, version: string, migrations: string, times: readonly number[]) {
  const journal: { entries: { tag: string; when: number }[] } = JSON.parse(
    readFileSync(join(migrations, 'meta', '_journal.json'), 'utf8'),
  )
  const note: Note = JSON.parse(readFileSync(join(stores, `${version}.json`), 'utf8'))
  const env = { ADMIN_TOKEN: note.adminToken, MASTER_KEY: note.masterKey }
  return { env, note, behind: journal.entries.filter(({ when }) => !times.includes(when)) }
}

async function onSqlite(version: string): Promise<Restored> {
  const folder = temporaryFolder()
  const client = new Database(join(folder, 'pushport.db'))
  client.exec('PRAGMA foreign_keys = OFF; BEGIN')
  client.exec(readFileSync(join(STORES, `${version}.sql`), 'utf8'))
  client.exec('COMMIT')
  const times = client.prepare('SELECT created_at FROM __drizzle_migrations').pluck().all().map(Number)
  client.close()
  return { folder, ...restoredFrom(STORES, version, 'schema/migrations', times) }
}

async function onPostgres(version: string): Promise<Restored> {
  const url = await freshDatabase({ bare: true })
  const stores = join(STORES, 'postgres')
  await ask(url, readFileSync(join(stores, `${version}.sql`), 'utf8'))
  const rows = await ask(url, 'SELECT created_at FROM drizzle.__drizzle_migrations')
  const times = rows.map((row) => Number(row.created_at))
  const found = restoredFrom(stores, version, 'schema/postgres', times)
  return { ...found, folder: temporaryFolder(), env: { ...found.env, DATABASE_URL: url } }
}

async function devicesOf({ origin }: Server, { app, adminToken }: Note): Promise<readonly Device[]> {
  const headers = { Authorization: `Bearer ${adminToken}` }
  const answer = await fetch(`${origin}/admin/v1/apps/${app}/devices`, { headers })
  const { devices } = (await answer.json()) as { devices: Device[] }
  return [...devices].sort((one, other) => one.dialect.localeCompare(other.dialect))
}

const CASES = [
  ...versionsIn(STORES).map((version) => [version, 'SQLite', undefined, () => onSqlite(version)] as const),
  ...versionsIn(join(STORES, 'postgres')).map(
    (version) => [version, 'PostgreSQL', postgresMissing(), () => onPostgres(version)] as const,
  ),
]
describe.each(CASES)('the store of version %s on %s', (_version, _engine, missing, restored) => {
  skipWhere(missing)
  test('is brought up to date by a start, and has its devices in every dialect', async () => {
    const { folder, env, note, behind } = await restored()
    const server = await startServer({ folder, env })
    if (behind.length > 0)
      expect(server.program.stderr).toContain(
        `the database was brought up to date: ${behind.map(({ tag }) => tag).join(', ')}\n`,
      )
    const devices = await devicesOf(server, note)
    expect(devices.map(({ dialect }) => dialect)).toEqual(adapters.map(({ name }) => name).sort())
    expect(new Set(devices.map(({ installationId }) => installationId)).size, 'one phone').toBe(1)
    expect(await server.stop()).toBe(0)

    const again = await startServer({ folder, env })
    expect(again.program.stderr).not.toContain('brought up to date')
    expect(await devicesOf(again, note)).toEqual(devices)
    await again.stop()
  })

  test('serves the same phones: what they send finds the device that they had', async ({ skip }) => {
    if (spawnSync('curl', ['--version']).error) skip('no `curl`: install the Debian package `curl`')
    const { folder, env, note } = await restored()
    const server = await startServer({ folder, env })
    const before = await devicesOf(server, note)
    for (const [dialect, command] of Object.entries(note.commands)) {
      const script = command.replaceAll('ORIGIN', server.origin).replaceAll('curl ', 'curl --fail-with-body ')
      const answer = spawnSync('bash', ['-ec', script], { encoding: 'utf8', timeout: 60_000 })
      expect(answer.status, `${dialect}: ${answer.stdout}${answer.stderr}`).toBe(0)
    }
    const same = ({ id, dialect, token, createdAt }: Device) => ({ id, dialect, token, createdAt })
    const after = await devicesOf(server, note)
    expect(after.map(({ dialect }) => dialect)).toEqual(before.map(({ dialect }) => dialect))
    // Beams answers a registration without an id with a new device, which takes over the token.
    const kept = ({ dialect }: Device) => dialect !== 'pusher-beams'
    expect(after.filter(kept).map(same)).toEqual(before.filter(kept).map(same))
    await server.stop()
  })
})
