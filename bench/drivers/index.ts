import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client } from 'pg'
import { locksOf } from '../../src/store/postgres/locks.ts'
import type { Step } from '../../src/store/postgres/plan-query.ts'
import { BEGIN, COMMIT, turn } from '../../src/store/postgres/turn.ts'
import { postgresPlan, valuesFor } from '../../src/store/sql/engines/postgres.ts'
import type { Call } from '../../src/store/sql/port.ts'
import { withAccess } from '../dialects/access.ts'
import { pushwoosh } from '../dialects/pushwoosh.ts'
import { output } from '../kit/child.ts'
import { median } from '../kit/numbers.ts'
import { data } from '../kit/paths.ts'
import { record } from '../limits/record.ts'
import type { Options } from '../options.ts'
import { installPostgres } from '../peer/install.ts'
import { startCluster } from '../peer/postgres.ts'
import { seeded } from '../seed/kept.ts'
import { fresh } from '../seed/phone.ts'
import { seededPostgres } from '../seed/postgres.ts'

const POSTGRES = '3.4.9'
const MOST = 300
/** Round-trip milliseconds to a server on another machine. */
const DELAYS = [0, 2]

type Run = (url: string, plans: readonly (readonly Step[])[]) => Promise<number>

/** Plans of new devices through both PostgreSQL drivers, one after the other over one connection each. */
export async function drivers(
  { rounds, devices, only }: Options,
  say: (line: string) => void,
): Promise<null> {
  const postgres = await installed(say)
  const cluster = await startCluster(await installPostgres(say))
  const seed = await seeded(devices, say)
  try {
    const recorded = await record(seed.file, MOST, async (send) => {
      const documents = await withAccess(seed.documents, send)
      return (k) => pushwoosh.register(documents, fresh(1, k))
    })
    const plans = recorded.map(({ writes }) => stepsOf(writes))
    const app = recorded[0]?.writes.find(({ values }) => values.app !== undefined)?.values.app
    say(`${plans.length} plans of ${plans[0]?.length} statements, ${rounds} rounds, one connection`)
    const lane = String(app)
    const each: Readonly<Record<string, Run>> = {
      'pg, a plan in one turn': inOneTurn([]),
      'postgres, begin() with an array': postgres,
      'pg, a statement after the other': oneByOne,
      'in one turn, with the lock of its row': inOneTurn(locksOf(lane, { advisory: false })),
      'in one turn, with both locks': inOneTurn(locksOf(lane, { advisory: true })),
    }
    const chosen = Object.entries(each).filter(
      ([name]) => only.length === 0 || only.some((part) => name.includes(part)),
    )
    for (const delay of DELAYS) {
      const times = new Map<string, number[]>()
      for (let round = 0; round < rounds; round++)
        for (const [name, run] of round % 2 === 1 ? chosen.toReversed() : chosen) {
          const copy = await seededPostgres(cluster, seed, say)
          const far = await farAway(cluster.port, delay)
          const took = await run(copy.url.replace(`:${cluster.port}/`, `:${far.port}/`), plans)
          times.set(name, [...(times.get(name) ?? []), took / plans.length])
          far.close()
          await copy.remove()
        }
      for (const [name, of] of times)
        say(`${String(delay).padStart(2)} ms away  ${name.padEnd(40)} ${median(of).toFixed(2)} ms a plan`)
    }
  } finally {
    seed.remove()
    await cluster.stop()
  }
  return null
}

const stepsOf = (calls: readonly Call[]): readonly Step[] =>
  postgresPlan(calls).map((statement, at) => {
    const call = calls[at]
    if (!call) throw new Error('a plan has a statement for each call')
    return { statement, values: valuesFor(statement, call) }
  })

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, pipeline: true } as ConstructorParameters<
    typeof Client
  >[0])
  await client.connect()
  return client
}

const inOneTurn =
  (locks: readonly Step[]): Run =>
  async (url, plans) => {
    const client = await connected(url)
    const session = { client, known: new Map(), release: () => {} }
    const from = performance.now()
    for (const steps of plans) {
      const [answer] = await turn(session, [[BEGIN, ...locks, ...steps, COMMIT]], 60_000)
      if (answer?.status !== 'fulfilled') throw answer?.reason
    }
    const took = performance.now() - from
    await client.end()
    return took
  }

const oneByOne: Run = async (url, plans) => {
  const client = await connected(url)
  const from = performance.now()
  for (const steps of plans) {
    await client.query('BEGIN')
    for (const { statement, values } of steps)
      await client.query({ name: nameOf(statement.text), text: statement.text, values: [...values] })
    await client.query('COMMIT')
  }
  const took = performance.now() - from
  await client.end()
  return took
}

const names = new Map<string, string>()
function nameOf(text: string): string {
  const name = names.get(text) ?? `s${names.size}`
  names.set(text, name)
  return name
}

/** The part of `postgres` that is used here; the package is not a dependency. */
interface Sql {
  begin(work: (sql: Sql) => readonly unknown[]): Promise<unknown>
  unsafe(text: string, values: readonly unknown[], options: { readonly prepare: boolean }): unknown
  end(): Promise<void>
}

async function installed(say: (line: string) => void): Promise<Run> {
  const folder = data('drivers')
  const entry = join(folder, 'node_modules', 'postgres', 'src', 'index.js')
  if (!existsSync(entry)) {
    say(`Installing postgres ${POSTGRES} in ${folder}, once.`)
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, dependencies: { postgres: POSTGRES } }),
    )
    await output('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
      cwd: folder,
    })
  }
  const { default: open }: { default: (url: string, options: object) => Sql } = await import(
    pathToFileURL(entry).href
  )
  return async (url, plans) => {
    const sql = open(url, { max: 1, onnotice: () => {} })
    await sql.begin((one) => [one.unsafe('SELECT 1', [], { prepare: true })])
    const from = performance.now()
    for (const steps of plans)
      await sql.begin((one) =>
        steps.map(({ statement, values }) => one.unsafe(statement.text, values, { prepare: true })),
      )
    const took = performance.now() - from
    await sql.end()
    return took
  }
}

/** A proxy to the server that delays each answer. */
async function farAway(port: number, delay: number) {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const one of [client, upstream]) {
      one.setNoDelay(true)
      one.on('error', () => {})
    }
    client.pipe(upstream)
    upstream.on('data', (answer) => {
      if (delay === 0) client.write(answer)
      else setTimeout(() => client.writable && client.write(answer), delay)
    })
    upstream.once('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}
