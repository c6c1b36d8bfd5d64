import type { ClientBase } from 'pg'

const DISTRIBUTED = /CockroachDB|-YB-/

/** Whether it is one of the distributed engines: they take the calls for locks of our own, and lock nothing. */
export async function distributed(client: Pick<ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ version: string }>('SELECT version()')
  return DISTRIBUTED.test(rows[0]?.version ?? '')
}

/** When the migrations that a database has were generated, in milliseconds: by this Drizzle's migrator knows them. */
export async function appliedTo(client: Pick<ClientBase, 'query'>): Promise<readonly number[]> {
  const { rows: tables } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS there`,
  )
  if (!tables[0]?.there) return []
  const { rows } = await client.query<{ created_at: string }>(
    'SELECT created_at FROM drizzle.__drizzle_migrations',
  )
  return rows.map(({ created_at }) => Number(created_at))
}
