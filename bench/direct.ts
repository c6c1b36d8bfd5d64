// The limit of the database side: the statements of a registration, with the values that the gateway would give them,
// straight on better-sqlite3, in groups that share one transaction and so one fsync.
import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { adapters } from '../adapters/index.ts'
import { buildApp, buildGateway } from '../src/build.ts'
import { parseConfig } from '../src/config.ts'
import type { Bound, Call, Db } from '../src/store/sql/port.ts'
import { boundValues } from '../src/store/sql/statement.ts'
import { sqlStore } from '../src/store/sql/store.ts'
import { openNodeDb } from '../src/store/sqlite/node.ts'
import { dialects, FLEET, type Shot } from './dialects.ts'

interface Job {
  readonly file: string
  readonly migrations: string
  readonly dialect: string
  readonly mode: 'first' | 'steady'
  readonly group: number
  readonly seconds: number
}

/** The calls of one registration: the reads before its commit, and the commit. */
interface Recorded {
  readonly reads: Call[]
  readonly writes: Call[]
}

const job: Job = JSON.parse(process.argv[2] ?? '{}')
const MOST = 3000
const plans = await record()
const { rate, times } = replay(plans)
times.sort((a, b) => a - b)
const at = (part: number) => times[Math.floor(times.length * part)]
console.log(JSON.stringify({ rate, p50: at(0.5), p99: at(0.99) }))

/** Sends registrations through the whole gateway over a database that notes what is asked of it. */
async function record(): Promise<Recorded[]> {
  const dialect = dialects.find(({ name }) => name === job.dialect)
  if (!dialect) throw new Error(`no dialect ${job.dialect}`)
  const real = openNodeDb(job.file, job.migrations)
  let now: Recorded | null = null
  const noting: Db = {
    read(plan) {
      now?.reads.push(...plan)
      return real.read(plan)
    },
    commit(plan) {
      if (!now) return real.commit(plan)
      // Not done here: it is what the replay measures.
      now.writes.push(...plan)
      return Promise.reject(new Error('noted'))
    },
  }
  const config = parseConfig({ RATE_LIMIT: 'off', APP_CACHE_SECONDS: '60' })
  const gateway = buildGateway(
    sqlStore(noting, () => new Date()),
    { ...config, masterKey: randomBytes(32).toString('base64') },
    { adapters },
  )
  const token = randomBytes(16).toString('hex')
  const app = buildApp(config, {
    adapters,
    gateway: () => gateway,
    adminToken: () => token,
    address: () => '127.0.0.1',
    log: () => {},
  })
  const send = ({ path, ...init }: Shot) => app.request(path, init)
  const created = await app.request('/admin/v1/apps', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ name: 'bench', dialects: { [job.dialect]: {} } }),
  })
  const document = ((await created.json()) as { dialects: Record<string, Record<string, unknown>> }).dialects[
    job.dialect
  ]
  if (!document) throw new Error('no app')
  // The devices of the fleet, and the app in the gateway's cache.
  const fleet = Array.from({ length: FLEET }, (_, n) => send(dialect.steady(document, n)))
  for (const { status } of await Promise.all(fleet)) {
    if (status >= 300) throw new Error(`a registration was answered ${status}`)
  }
  const recorded: Recorded[] = []
  for (let n = 0; n < MOST; n++) {
    now = { reads: [], writes: [] }
    await send(job.mode === 'first' ? dialect.first(document, n) : dialect.steady(document, n % FLEET))
    if (now.writes.length > 0 !== (job.mode === 'first')) throw new Error(`unexpected writes: ${job.mode}`)
    recorded.push(now)
  }
  await real.close()
  return recorded
}

function replay(recorded: readonly Recorded[]): { rate: number; times: number[] } {
  const db = new Database(job.file)
  // As src/store/sqlite/node.ts opens it.
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('cache_size = -65536')
  db.pragma('temp_store = MEMORY')
  const prepared = new Map<string, Database.Statement>()
  const bound = (call: Call): [Database.Statement, Bound[]] => {
    const { text } = call.statement
    const statement = prepared.get(text) ?? db.prepare(text)
    prepared.set(text, statement)
    return [statement, boundValues(call)]
  }
  const ready = recorded.map(({ reads, writes }) => ({ reads: reads.map(bound), writes: writes.map(bound) }))
  const run = ([statement, values]: [Database.Statement, Bound[]]) =>
    statement.reader ? statement.all(values) : statement.run(values)
  const commit = db.transaction((group: typeof ready) => {
    for (const { writes } of group) writes.forEach(run)
  })

  const times: number[] = []
  const begin = performance.now()
  let done = 0
  while (done < ready.length && performance.now() - begin < job.seconds * 1000) {
    const group = ready.slice(done, done + job.group)
    const started = performance.now()
    for (const { reads } of group) reads.forEach(run)
    if (group.some(({ writes }) => writes.length > 0)) commit.immediate(group)
    times.push(performance.now() - started)
    done += group.length
  }
  const rate = (done / (performance.now() - begin)) * 1000
  db.close()
  return { rate, times }
}
