import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { nextJob } from '../calls/contenders.ts'
import type { Documents } from '../dialects/dialect.ts'
import { type Gateway, startGateway } from '../kit/gateway.ts'
import { load } from '../kit/load.ts'
import { cpuTime } from '../kit/memory.ts'
import { data, ROOT, removeDatabase } from '../kit/paths.ts'
import type { Options } from '../options.ts'
import { installPostgres } from '../peer/install.ts'
import { type Cluster, startCluster } from '../peer/postgres.ts'

const DATABASE = 'gateways'
const MEASURE = 'fresh pushwoosh'
const CONNECTIONS = 48

/** Several gateways, with an app for each of them or one for all. */
interface Site {
  readonly name: string
  readonly gateways: readonly Gateway[]
  readonly apps: readonly Documents[]
}

interface Measured {
  /** Devices registered per second. */
  readonly rate: number
  readonly p99: number
  /** CPUs that each used. */
  readonly gateways: number
  readonly server: number
}

/**
 * New devices per second through one gateway and through three over one PostgreSQL, alternated, next to a
 * SQLite file.
 */
export async function gateways(options: Options, say: (line: string) => void): Promise<null> {
  const cluster = await startCluster(await installPostgres(say))
  const file = join(data('work'), `${process.pid}-gateways.db`)
  const started: Gateway[] = []
  try {
    await cluster.sql('postgres', `DROP DATABASE IF EXISTS ${DATABASE}`)
    await cluster.sql('postgres', `CREATE DATABASE ${DATABASE}`)
    const url = `postgres://bench@127.0.0.1:${cluster.port}/${DATABASE}`
    const begin = async (variables: Readonly<Record<string, string>>) => {
      const gateway = await startGateway(file, ROOT, variables)
      started.push(gateway)
      return gateway
    }
    const shared = [1, 2, 3].map(() => () => begin({ DATABASE_URL: url }))
    const three: Gateway[] = []
    for (const start of shared) three.push(await start())
    const alone = await begin({})
    await compare(await sitesOf(three, alone), cluster, options, say)
  } finally {
    for (const gateway of started) await gateway.stop()
    await cluster.sql('postgres', `DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`)
    await cluster.stop()
    removeDatabase(file)
    rmSync(`${file}.imports`, { recursive: true, force: true })
  }
  return null
}

async function sitesOf(three: readonly Gateway[], alone: Gateway): Promise<readonly Site[]> {
  const [first] = three
  if (!first) throw new Error('three gateways')
  const apps: Documents[] = []
  for (let at = 0; at < 3; at++) apps.push(await appOf(first))
  const one = apps.slice(0, 1)
  return [
    { name: 'one gateway, SQLite', gateways: [alone], apps: [await appOf(alone)] },
    { name: 'one gateway, one app', gateways: [first], apps: one },
    { name: 'three gateways, one app', gateways: three, apps: one },
    { name: 'one gateway, three apps', gateways: [first], apps },
    { name: 'three gateways, three apps', gateways: three, apps },
  ]
}

async function appOf(gateway: Gateway): Promise<Documents> {
  const app = await gateway.admin<{ id: string; dialects: Documents['dialects'] }>('POST', '/apps', {
    name: 'bench',
    dialects: { pushwoosh: {} },
  })
  return { app: app.id, dialects: app.dialects, accessToken: '', adminToken: gateway.adminToken }
}

async function compare(
  sites: readonly Site[],
  cluster: Cluster,
  { rounds, minutes }: Options,
  say: (line: string) => void,
): Promise<void> {
  const seconds = Math.max(3, (minutes * 60) / (rounds * sites.length))
  say(`${rounds} alternated rounds of ${seconds.toFixed(0)} s, ${CONNECTIONS} connections in all, medians.`)
  const measured = new Map<Site, Measured[]>(sites.map((site) => [site, []]))
  for (const site of sites) await measure(site, cluster, 2)
  for (let round = 0; round < rounds; round++)
    for (const site of sites) measured.get(site)?.push(await measure(site, cluster, seconds))
  for (const [{ name }, all] of measured) {
    const of = (member: keyof Measured) => median(all.map((one) => one[member]))
    say(
      `${name.padEnd(28)} ${of('rate').toFixed(0).padStart(6)} a second, p99 ${of('p99').toFixed(0)} ms; CPUs: gateways ${of('gateways').toFixed(2)}, server ${of('server').toFixed(2)}`,
    )
  }
}

const median = (of: readonly number[]) => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0

async function measure({ gateways: all, apps }: Site, cluster: Cluster, seconds: number): Promise<Measured> {
  const streams = Math.max(all.length, apps.length)
  const server = (await cluster.sql(DATABASE, 'SELECT pid FROM pg_stat_activity')).split('\n').map(Number)
  const spent = (pids: readonly number[]) =>
    pids.map(cpuTime).reduce((sum, one) => sum + (Number.isNaN(one) ? 0 : one), 0)
  const ours = all.map(({ pid }) => pid)
  const [before, serverBefore, begun] = [spent(ours), spent(server), performance.now()]
  const loads = await Promise.all(
    Array.from({ length: streams }, (_, at) => {
      const [gateway, documents] = [all[at % all.length], apps[at % apps.length]]
      if (!gateway || !documents) throw new Error('no gateway or app')
      const target = { documents, devices: 0, job: nextJob() }
      const connections = CONNECTIONS / streams
      return load({ port: gateway.port, connections, seconds, measure: MEASURE, target })
    }),
  )
  const took = performance.now() - begun
  return {
    rate: loads.reduce((sum, { rate }) => sum + rate, 0),
    p99: Math.max(...loads.map(({ p99 }) => p99)),
    gateways: (spent(ours) - before) / took,
    server: (spent(server) - serverBefore) / took,
  }
}
