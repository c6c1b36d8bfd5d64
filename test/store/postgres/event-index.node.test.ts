import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { migrated } from '../../../src/store/postgres/migrations.ts'
import { postgresPlan } from '../../../src/store/sql/engines/postgres.ts'
import { call } from '../../../src/store/sql/statement.ts'
import { history } from '../../../src/store/sql/statements/directory.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'
import { migrationsBefore } from '../earlier.ts'

const MIGRATIONS = 'schema/postgres'

async function connected(options: { readonly bare: boolean }): Promise<Client> {
  const client = new Client(await freshDatabase(options))
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

describe('the index of a device’s events on PostgreSQL', () => {
  skipWhere(postgresMissing())

  /** The indexes that a read of a device's last events uses. */
  async function used(client: Client): Promise<readonly string[]> {
    const [prepared] = postgresPlan([call(history as never, {} as never)])
    if (!prepared) throw new Error('no statement')
    await client.query(`PREPARE asked AS ${prepared.text}`)
    const values = prepared.binds.map((name) => (name === 'app' ? `'a'` : `'d0'`)).join(', ')
    const { rows } = await client.query(`EXPLAIN EXECUTE asked(${values})`)
    return rows.flatMap((row) => /(events_\w+)/.exec(row['QUERY PLAN'])?.[1] ?? [])
  }

  test('is used with statistics of a time when there were few devices', async () => {
    const client = await connected({ bare: false })
    const add = (device: string, count: number) =>
      client.query(`INSERT INTO events (app_id, device_id, kind, cause, detail, at)
        SELECT 'a', ${device}, 'registered', 'test', '{}', n FROM generate_series(1, ${count}) n`)
    await add(`'d' || n % 20`, 2000)
    // From now on it believes that each device has a twentieth of all events, however many are new.
    await client.query('ANALYZE events')
    await add(`'new' || n`, 100_000)
    expect(new Set(await used(client))).toEqual(new Set(['events_of_device']))
  })

  const indexes = async (client: Client) => {
    const { rows } = await client.query(`
      SELECT c.relname AS name, i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relname IN ('events_by_device', 'events_of_device')`)
    return rows
  }

  test.each([false, true])(
    'replaces the one without the id (made before, while the old version runs: %s)',
    async (before) => {
      const client = await connected({ bare: true })
      await migrated(client, migrationsBefore('event_index', MIGRATIONS))
      expect(await indexes(client)).toEqual([{ name: 'events_by_device', valid: true }])
      // As CHANGELOG.md says.
      if (before)
        await client.query(
          'CREATE INDEX CONCURRENTLY IF NOT EXISTS events_of_device ON events (app_id, device_id, id)',
        )
      await migrated(client, MIGRATIONS)
      expect(await indexes(client)).toEqual([{ name: 'events_of_device', valid: true }])
    },
  )
})
