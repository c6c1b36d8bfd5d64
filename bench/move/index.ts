import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Moved } from '../../src/move/move.ts'
import { launch } from '../kit/child.ts'
import { peakMemory } from '../kit/memory.ts'
import { data, ROOT, removeDatabase } from '../kit/paths.ts'
import type { Options } from '../options.ts'
import { installPostgres } from '../peer/install.ts'
import { startCluster } from '../peer/postgres.ts'
import { seeded } from '../seed/kept.ts'

const DATABASE = 'moved'

/**
 * Moves a whole database from SQLite to PostgreSQL and back. Throws unless the result equals the original.
 */
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
  // A separate process, as an operator runs it, so that its memory is not the bench's.
  const child = launch(
    process.execPath,
    [join(ROOT, 'dist', 'cli.js'), 'move', '--json', '--from', way.from, '--to', way.to],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let [printed, peak] = ['', 0]
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    printed += part
  })
  const watch = setInterval(() => {
    if (child.pid !== undefined && child.exitCode === null) peak = Math.max(peak, peakMemory(child.pid))
  }, 100)
  const [code] = await once(child, 'close')
  clearInterval(watch)
  if (code !== 0) throw new Error(`${name} ended with ${code}`)
  const moved = printed
    .split('\n')
    .filter((line) => line.includes('"hash"'))
    .map((line): Moved => JSON.parse(line))
  const rows = moved.reduce((sum, one) => sum + one.rows, 0)
  const whole = (performance.now() - begun) / 1000
  const rate = Math.round(rows / whole).toLocaleString('en')
  say(
    `${name}: ${rows.toLocaleString('en')} rows in ${whole.toFixed(0)} s, copied and compared: ${rate} rows a second, with ${(peak / 1e6).toFixed(0)} MB of memory at most`,
  )
  return moved
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`

const sizeOf = async (cluster: Awaited<ReturnType<typeof startCluster>>) =>
  gigabytes(Number(await cluster.sql(DATABASE, 'SELECT pg_database_size(current_database())')))
