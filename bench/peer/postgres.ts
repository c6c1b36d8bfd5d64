import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { launch, output } from '../kit/child.ts'
import { data } from '../kit/paths.ts'

/** A separate cluster for the bench, on loopback only, run by an unprivileged user. */
export interface Cluster {
  readonly port: number
  readonly version: string
  /** Runs SQL and returns its output, one row per line. */
  sql(database: string, text: string): Promise<string>
  /** The command and arguments with which `psql` connects. */
  psql(database: string): readonly [string, string[]]
  stop(): Promise<void>
}

const USER = 'bench'
/**
 * Settings of an operator for such a machine; `fsync` and `synchronous_commit` stay on, as in our
 * measurement.
 */
const SETTINGS = {
  shared_buffers: '1GB',
  effective_cache_size: '4GB',
  max_wal_size: '4GB',
  checkpoint_completion_target: '0.9',
  random_page_cost: '1.1',
  max_connections: '100',
}

export async function startCluster(bin: string): Promise<Cluster> {
  const folder = data('peer', 'postgres')
  const owner = unprivileged()
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
  chmodSync(folder, 0o700)
  const program = (name: string) => join(bin, name)
  const cluster = join(folder, 'cluster')
  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    const made = [
      '--pgdata',
      cluster,
      '--username',
      USER,
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
    ]
    await output(program('initdb'), made, { ...owner, cwd: folder })
  }
  const port = await freePort()
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const args = ['-D', cluster, '-h', '127.0.0.1', '-k', folder, '-p', String(port), ...settings]
  const server = launch(program('postgres'), args, { ...owner, cwd: folder, stdio: 'ignore' })
  const closed = once(server, 'close')

  const psql = (database: string): readonly [string, string[]] => [
    program('psql'),
    ['-h', '127.0.0.1', '-p', String(port), '-U', USER, '-d', database, '-v', 'ON_ERROR_STOP=1', '-qAt'],
  ]
  const sql = (database: string, text: string) => {
    const [command, connection] = psql(database)
    return output(command, [...connection, '-c', text])
  }
  await ready(() => sql('postgres', 'SELECT 1'))
  return {
    port,
    version: (await sql('postgres', 'SHOW server_version')).trim(),
    sql,
    psql,
    async stop() {
      // A fast shutdown ends sessions and writes a checkpoint.
      server.kill('SIGINT')
      await closed
    },
  }
}

/** PostgreSQL refuses to run as root, so Debian's own user runs it. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

const PATIENCE = 60_000

async function ready(ask: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + PATIENCE
  for (;;) {
    try {
      await ask()
      return
    } catch (error) {
      if (performance.now() > end) throw error
      await new Promise((resume) => setTimeout(resume, 200))
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
