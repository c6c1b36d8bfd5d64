import type { ClientBase } from 'pg'

const DISTRIBUTED = /CockroachDB|-YB-/

/** Whether the server is a distributed engine; these accept advisory lock calls but lock nothing. */
export async function distributed(client: Pick<ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ version: string }>('SELECT version()')
  return DISTRIBUTED.test(rows[0]?.version ?? '')
}

/** When the applied migrations were generated, in milliseconds; Drizzle's migrator identifies them by it. */
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
