import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../process.ts'
import { findOwner, type Owner } from './owner.ts'

/** A test's own PostgreSQL server, on loopback only. */
export interface Cluster {
  readonly port: number
  /** The folder of its data. */
  readonly data: string
  url(database: string): string
  /** Runs SQL and returns the rows. */
  sql(text: string, database?: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  start(): Promise<void>
  /** `fast` ends sessions and writes a checkpoint; `immediate` ends like a crash. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
  /** Kills the server's processes, like a power cut. */
  kill(): Promise<void>
  /** Promotes a standby to primary. */
  promote(): Promise<void>
}

type Settings = Readonly<Record<string, string | number>>

const USER = 'pushport'
/** Commits need not survive a crash of the machine, except in tests of durability. */
const FAST: Settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }
/** The settings of an operator: a commit is on disk before it is acknowledged. */
export const DURABLE: Settings = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' }

/**
 * Creates a cluster in an empty folder and starts it. Its collation is that of a language, so byte order must
 * be requested.
 */
export async function makeCluster(folder: string, owner: Owner, settings: Settings = {}): Promise<Cluster> {
  owner.own(folder)
  const how = ['--no-sync', '--auth', 'trust', '--username', USER, '--encoding', 'UTF8']
  const order = ['--locale', 'C', '--locale-provider', 'icu', '--icu-locale', 'en-US']
  await owner.run('initdb', ['-D', join(folder, 'data'), ...how, ...order], folder)
  const cluster = await clusterIn(folder, owner, settings)
  await cluster.start()
  return cluster
}

/** The cluster whose data is already in the folder; it is not started. */
async function clusterIn(folder: string, owner: Owner, settings: Settings = {}): Promise<Cluster> {
  const data = join(folder, 'data')
  const port = await freePort()
  const pg = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, ...FAST, ...settings }
  const options = Object.entries(pg).map(([name, value]) => `-c ${name}='${value}'`)
  const control = (...args: string[]) => owner.run('pg_ctl', ['-D', data, '-w', ...args], folder)
  const url = (database: string) => `postgres://${USER}@127.0.0.1:${port}/${database}`
  return {
    ...{ port, data, url },
    sql: (text, database = 'postgres') => ask(url(database), text),
    start: () => control('-l', join(folder, 'log'), '-o', options.join(' '), 'start'),
    async stop(how = 'fast') {
      if (alive(pidIn(data))) await control('-m', how, 'stop')
    },
    promote: () => control('promote'),
    async kill() {
      const pid = pidIn(data)
      process.kill(pid, 'SIGKILL')
      while (alive(pid)) await new Promise((resume) => setTimeout(resume, 5))
    },
  }
}

/** setup.ts ends it if the test's process does not. */
export function endsWithRun(cluster: Cluster): Cluster {
  if (process.env.TEST_POSTGRES_HOME)
    appendFileSync(`${process.env.TEST_POSTGRES_HOME}/others`, `${cluster.data}\n`)
  return cluster
}

function endsWithTest(cluster: Cluster): Cluster {
  endsWithRun(cluster)
  onTestFinished(() => cluster.stop('immediate'))
  return cluster
}

/** A cluster for one test, which ends with it. */
export async function ownCluster(settings: Settings = {}): Promise<Cluster> {
  const folder = temporaryFolder()
  const home = join(folder, 'cluster')
  const owner = await findOwner(folder)
  owner.own(folder)
  mkdirSync(home)
  return endsWithTest(await makeCluster(home, owner, settings))
}

/** A synchronous standby of the cluster: without it, the cluster acknowledges nothing from now on. */
export async function standbyOf(primary: Cluster, settings: Settings = {}): Promise<Cluster> {
  const folder = temporaryFolder()
  const home = join(folder, 'cluster')
  const owner = await findOwner(folder)
  owner.own(folder)
  mkdirSync(home)
  owner.own(home)
  const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', USER]
  const how = ['--write-recovery-conf', '--checkpoint=fast', '--no-sync']
  await owner.run('pg_basebackup', [...from, '-D', join(home, 'data'), ...how], home)
  const standby = await clusterIn(home, owner, settings)
  endsWithTest(standby)
  await standby.start()
  await primary.sql(`ALTER SYSTEM SET synchronous_standby_names = '*'`)
  await primary.sql('SELECT pg_reload_conf()')
  const follows = `SELECT 1 FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')`
  while ((await primary.sql(follows)).length === 0) await new Promise((resume) => setTimeout(resume, 50))
  return standby
}

export async function ask(url: string, text: string) {
  const client = new Client(url)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text)
    return rows
  } finally {
    await client.end()
  }
}

/** The server's main process; 0 if it is not running. */
function pidIn(data: string): number {
  const file = join(data, 'postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0
}

function alive(pid: number): boolean {
  try {
    if (pid > 0) process.kill(pid, 0)
    return pid > 0
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
