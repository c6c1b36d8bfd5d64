import { once } from 'node:events'
import { launch } from '../kit/child.ts'
import { existing, phone, scatteredOf } from '../seed/phone.ts'
import { installation, objectIdOf, register } from './measures.ts'
import type { Cluster } from './postgres.ts'

const TABLE = '"_Installation"'
const MARKED = 777_777_777_700

export type StartParse = (database: string) => Promise<{ readonly port: number; stop(): Promise<void> }>

/**
 * The database with the given number of seeded phones. If it does not exist, it is created from the rows that
 * the peer writes for one phone.
 */
export async function seededPeer(
  cluster: Cluster,
  start: StartParse,
  devices: number,
  say: (line: string) => void,
): Promise<string> {
  const kept = `seed_${devices}`
  const found = await cluster.sql('postgres', `SELECT datname FROM pg_database WHERE datname = '${kept}'`)
  if (found.trim() === kept) return kept
  say(`Seeding the peer with ${devices.toLocaleString('en')} installations; kept for later runs.`)
  const making = `${kept}_making`
  await cluster.sql('postgres', `DROP DATABASE IF EXISTS ${making}`)
  await cluster.sql('postgres', `CREATE DATABASE ${making}`)
  const server = await start(making)
  await registerOne(server.port)
  await server.stop()
  await copies(cluster, making, devices)
  // Indexes that an operator adds: Parse searches both columns at every registration, and has an index on
  // neither.
  await cluster.sql(making, `CREATE INDEX by_installation ON ${TABLE} ("installationId")`)
  await cluster.sql(making, `CREATE INDEX by_token ON ${TABLE} ("deviceToken")`)
  await cluster.sql(making, 'VACUUM (ANALYZE)')
  await cluster.sql('postgres', `ALTER DATABASE ${making} RENAME TO ${kept}`)
  return kept
}

const SOME = 20

/**
 * Registers some of the seeded phones again. Throws unless the peer finds them, like the check of our own
 * seeds (seed/check.ts).
 */
export async function checkPeer(
  cluster: Cluster,
  database: string,
  port: number,
  devices: number,
): Promise<void> {
  const count = () => cluster.sql(database, `SELECT count(*) FROM ${TABLE}`)
  const before = await count()
  for (let k = 0; k < SOME; k++) {
    await post(port, installation(existing('pushwoosh', devices, k, 'kept')))
  }
  const after = await count()
  if (after !== before) throw new Error(`parse: ${before.trim()} installations are ${after.trim()} now`)
}

async function post(port: number, document: object): Promise<void> {
  const { path, headers, body } = register(document)
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`parse: ${answer.status} ${await answer.text()}`)
}

/**
 * Registers a phone as an SDK does, with all members that are measured later, so that every column exists.
 */
async function registerOne(port: number): Promise<void> {
  const one = phone(MARKED)
  const tags = { level: 1, score: 2, name: 'Ann', colors: ['red'], city: 'city-1' }
  await post(port, { ...installation(one), channels: one.topics, ...tags })
}

/** Copies that phone's row in PostgreSQL's own text format. */
async function copies(cluster: Cluster, database: string, devices: number): Promise<void> {
  const marked = phone(MARKED)
  const row = await cluster.sql(database, `COPY ${TABLE} TO STDOUT`)
  const objectId = (await cluster.sql(database, `SELECT "objectId" FROM ${TABLE}`)).trim()
  const list = (topics: readonly string[]) => `[${topics.map((topic) => JSON.stringify(topic)).join(', ')}]`
  if (!row.includes(list(marked.topics))) throw new Error(`no channels in: ${row}`)
  const [command, connection] = cluster.psql(database)
  const loading = launch(command, [...connection, '-c', `COPY ${TABLE} FROM STDIN`], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const closed = once(loading, 'close')
  const input = loading.stdin
  if (!input) throw new Error('no way to psql')
  for (let n = 0; n < devices; n++) {
    const one = phone(n)
    const line = row
      .replace(list(marked.topics), () => list(one.topics))
      .replaceAll(marked.digits, one.digits)
      .replaceAll(scatteredOf(MARKED), scatteredOf(n))
      .replace(objectId, objectIdOf(n))
    if (!input.write(line)) await once(input, 'drain')
  }
  input.end()
  const [code] = await closed
  if (code !== 0) throw new Error(`COPY ended with ${code}`)
}
