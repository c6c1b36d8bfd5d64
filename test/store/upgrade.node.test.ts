import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { temporaryFolder } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'

const STORES = 'test/fixtures/stores'
const VERSIONS = readdirSync(STORES).flatMap((name) => /^(.*)\.sql$/.exec(name)?.[1] ?? [])

/** What `.scripts/earlier-store.mjs` kept of a version: what opens the store, and the calls that filled it. */
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

const journal = (): { entries: { tag: string; when: number }[] } =>
  JSON.parse(readFileSync('schema/migrations/meta/_journal.json', 'utf8'))

function restored(version: string) {
  const folder = temporaryFolder()
  const client = new Database(join(folder, 'pushport.db'))
  client.exec('PRAGMA foreign_keys = OFF; BEGIN')
  client.exec(readFileSync(join(STORES, `${version}.sql`), 'utf8'))
  client.exec('COMMIT')
  const times = client.prepare('SELECT created_at FROM __drizzle_migrations').pluck().all().map(Number)
  client.close()
  const note: Note = JSON.parse(readFileSync(join(STORES, `${version}.json`), 'utf8'))
  return { folder, note, behind: journal().entries.filter(({ when }) => !times.includes(when)) }
}

async function devicesOf({ origin }: Server, { app, adminToken }: Note): Promise<readonly Device[]> {
  const headers = { Authorization: `Bearer ${adminToken}` }
  const answer = await fetch(`${origin}/admin/v1/apps/${app}/devices`, { headers })
  const { devices } = (await answer.json()) as { devices: Device[] }
  return [...devices].sort((one, other) => one.dialect.localeCompare(other.dialect))
}

describe.each(VERSIONS)('the store of version %s', (version) => {
  test('is brought up to date by a start, and has its devices in every dialect', async () => {
    const { folder, note, behind } = restored(version)
    const env = { ADMIN_TOKEN: note.adminToken, MASTER_KEY: note.masterKey }
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
    const { folder, note } = restored(version)
    const server = await startServer({
      ...{ folder, env: { ADMIN_TOKEN: note.adminToken, MASTER_KEY: note.masterKey } },
    })
    const before = await devicesOf(server, note)
    for (const [dialect, command] of Object.entries(note.commands)) {
      const script = command.replaceAll('ORIGIN', server.origin).replaceAll('curl ', 'curl --fail-with-body ')
      const answer = spawnSync('bash', ['-ec', script], { encoding: 'utf8', timeout: 20_000 })
      expect(answer.status, `${dialect}: ${answer.stdout}${answer.stderr}`).toBe(0)
    }
    const same = ({ id, dialect, token, createdAt }: Device) => ({ id, dialect, token, createdAt })
    const after = await devicesOf(server, note)
    expect(after.map(({ dialect }) => dialect)).toEqual(before.map(({ dialect }) => dialect))
    // Beams answers a registration without an id of its own with a new device, and takes the token along.
    const kept = ({ dialect }: Device) => dialect !== 'pusher-beams'
    expect(after.filter(kept).map(same)).toEqual(before.filter(kept).map(same))
    await server.stop()
  })
})
