import { statSync } from 'node:fs'
import { join } from 'node:path'
import { moveAll } from '../../src/move/index.ts'
import type { Moved } from '../../src/move/move.ts'
import { data, MIGRATIONS, ROOT, removeDatabase } from '../kit/paths.ts'
import type { Options } from '../options.ts'
import { installPostgres } from '../peer/install.ts'
import { startCluster } from '../peer/postgres.ts'
import { seeded } from '../seed/kept.ts'

const DATABASE = 'moved'
const migrations = { sqlite: MIGRATIONS, postgres: join(ROOT, 'schema', 'postgres') }

/** A whole database from SQLite to PostgreSQL and back: throws unless both ends are what the beginning was. */
export async function moving({ devices }: Options, say: (line: string) => void): Promise<null> {
  const cluster = await startCluster(await installPostgres(say))
  const seed = await seeded(devices, say)
  const back = join(data('work'), `${process.pid}-back.db`)
  try {
    await cluster.sql('postgres', `DROP DATABASE IF EXISTS ${DATABASE}`)
    await cluster.sql('postgres', `CREATE DATABASE ${DATABASE}`)
    const postgres = `postgres://bench@127.0.0.1:${cluster.port}/${DATABASE}`
    const file = `file:${seed.file}`
    const there = await timed('SQLite to PostgreSQL', { from: file, to: postgres }, say)
    say(`${gigabytes(seed.bytes)} of SQLite are ${await sizeOf(cluster)} of PostgreSQL ${cluster.version}`)
    const again = await timed('PostgreSQL to SQLite', { from: postgres, to: `file:${back}` }, say)
    say(`and ${gigabytes(statSync(back).size)} of SQLite again`)
    const differing = there.filter(({ hash }, at) => hash !== again[at]?.hash).map(({ table }) => table)
    if (differing.length > 0) throw new Error(`there and back, ${differing.join()} differ`)
    say(`equal hashes of ${there.length} tables, there and back`)
  } finally {
    await cluster.sql('postgres', `DROP DATABASE IF EXISTS ${DATABASE}`)
    await cluster.stop()
    seed.remove()
    removeDatabase(back)
  }
  return null
}

type Way = { readonly from: string; readonly to: string }

async function timed(name: string, way: Way, say: (line: string) => void): Promise<readonly Moved[]> {
  const begun = performance.now()
  let copied = begun
  const moved = await moveAll({ ...way, migrations }, ({ phase }) => {
    if (phase === 'copying') copied = performance.now()
  })
  const rows = moved.reduce((sum, one) => sum + one.rows, 0)
  const [copying, whole] = [(copied - begun) / 1000, (performance.now() - begun) / 1000]
  const rate = Math.round(rows / whole).toLocaleString('en')
  say(
    `${name}: ${rows.toLocaleString('en')} rows in ${whole.toFixed(0)} s (${copying.toFixed(0)} s of them copying, the rest comparing): ${rate} rows a second`,
  )
  return moved
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`

const sizeOf = async (cluster: Awaited<ReturnType<typeof startCluster>>) =>
  gigabytes(Number(await cluster.sql(DATABASE, 'SELECT pg_database_size(current_database())')))
