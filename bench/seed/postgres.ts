import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { moveAll } from '../../src/move/index.ts'
import { MIGRATIONS, ROOT } from '../kit/paths.ts'
import type { Cluster } from '../peer/postgres.ts'
import type { Seed } from './kept.ts'

const PREFIX = 'ours_'
const SCHEMA = join(ROOT, 'schema', 'postgres')
/** As for SQLite: a phone that was last seen more than an hour ago is written again. */
const STALE = 20 * 60_000

/** The same devices in PostgreSQL, in a database that a run may change. */
export interface PostgresSeed {
  readonly url: string
  readonly bytes: number
  remove(): Promise<void>
}

/**
 * A copy of the stored database, into which a seed was moved; for a million devices, that takes twenty
 * minutes, once.
 */
export async function seededPostgres(
  cluster: Cluster,
  seed: Seed,
  say: (line: string) => void,
): Promise<PostgresSeed> {
  const kept = `${PREFIX}${version()}_${seed.devices}`
  const names = (await cluster.sql('postgres', 'SELECT datname FROM pg_database')).split('\n')
  for (const name of names) {
    const old = name.startsWith(PREFIX) && !name.startsWith(`${PREFIX}${version()}_`)
    if (old || name === `${kept}_making`) await cluster.sql('postgres', `DROP DATABASE ${name}`)
  }
  if (!names.includes(kept)) await make(cluster, kept, seed, say)
  await touched(cluster, kept)
  const work = `${kept}_work`
  await cluster.sql('postgres', `DROP DATABASE IF EXISTS ${work} WITH (FORCE)`)
  await cluster.sql('postgres', `CREATE DATABASE ${work} TEMPLATE ${kept} STRATEGY FILE_COPY`)
  return {
    url: urlOf(cluster, work),
    bytes: Number(await cluster.sql(work, 'SELECT pg_database_size(current_database())')),
    remove: async () => void (await cluster.sql('postgres', `DROP DATABASE IF EXISTS ${work} WITH (FORCE)`)),
  }
}

const urlOf = ({ port }: Cluster, database: string) => `postgres://bench@127.0.0.1:${port}/${database}`

/** The version of the schema; databases of another one cannot be used. */
function version(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(SCHEMA).sort())
    if (name.endsWith('.sql')) hash.update(readFileSync(join(SCHEMA, name)))
  return hash.digest('hex').slice(0, 8)
}

async function make(
  cluster: Cluster,
  kept: string,
  { file, devices }: Seed,
  say: (line: string) => void,
): Promise<void> {
  const from = performance.now()
  say(`Moving ${devices.toLocaleString('en')} devices to PostgreSQL; kept for later runs.`)
  const making = `${kept}_making`
  await cluster.sql('postgres', `CREATE DATABASE ${making}`)
  const migrations = { sqlite: MIGRATIONS, postgres: SCHEMA }
  await moveAll({ from: `file:${file}`, to: urlOf(cluster, making), migrations }, () => {})
  await cluster.sql(making, 'VACUUM (ANALYZE)')
  await cluster.sql('postgres', `ALTER DATABASE ${making} RENAME TO ${kept}`)
  say(`  done in ${((performance.now() - from) / 1000).toFixed(0)} s`)
}

async function touched({ sql }: Cluster, database: string): Promise<void> {
  const oldest = Number(await sql(database, 'SELECT coalesce(min(last_seen_at), 0) FROM devices'))
  if (Date.now() - oldest < STALE) return
  await sql(database, `UPDATE devices SET last_seen_at = ${Date.now()}`)
  await sql(database, `UPDATE push_tokens SET registered_at = ${Date.now()}`)
  for (const table of ['devices', 'push_tokens']) await sql(database, `VACUUM (FULL, ANALYZE) ${table}`)
}
