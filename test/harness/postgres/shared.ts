import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { parseAddress } from '../../../src/store/postgres/address.ts'
import { openPostgres } from '../../../src/store/postgres/node.ts'
import { makeCluster } from './cluster.ts'
import { findOwner } from './owner.ts'

/** What the first test that needs the shared cluster leaves for the others. */
interface Told {
  readonly server?: string
  readonly fault?: string
}

const TEMPLATE = 'template_pushport'
let databases = 0

/**
 * The URL of a new database for the caller on the cluster that all files of a run share, with the current
 * schema; `bare` has none. The first call starts the cluster.
 */
export async function freshDatabase({ bare = false } = {}): Promise<string> {
  const server = await sharedServer()
  const name = `test_${process.pid}_${++databases}`
  await run(`${server}/postgres`, `CREATE DATABASE ${name}${bare ? '' : ` TEMPLATE ${TEMPLATE}`}`)
  return `${server}/${name}`
}

/** The server's URL, without a database. */
async function sharedServer(): Promise<string> {
  const folder = process.env.TEST_POSTGRES_HOME
  if (folder === undefined)
    throw new Error('test/harness/postgres/setup.ts is no globalSetup of this project')
  const told = join(folder, 'told')
  if (claimed(join(folder, 'making'))) {
    const result: Told = await made(folder).catch((error) => ({ fault: String(error) }))
    writeFileSync(`${told}.new`, JSON.stringify(result))
    renameSync(`${told}.new`, told)
  }
  while (!existsSync(told)) await new Promise((resume) => setTimeout(resume, 50))
  const { server, fault }: Told = JSON.parse(readFileSync(told, 'utf8'))
  if (server === undefined) throw new Error(`no shared PostgreSQL: ${fault}`)
  return server
}

/** Whoever creates the folder creates the cluster. */
function claimed(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return false
  }
}

async function made(folder: string): Promise<Told> {
  const owner = await findOwner(folder)
  const cluster = await makeCluster(folder, owner, { max_connections: 300 })
  const server = cluster.url('').replace(/\/$/, '')
  await cluster.sql(`CREATE DATABASE ${TEMPLATE}`)
  const address = parseAddress(cluster.url(TEMPLATE))
  if (typeof address === 'string') throw new Error(address)
  const db = await openPostgres(address, 'schema/postgres')
  await db.close()
  return { server }
}

async function run(url: string, text: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  await client.query(text)
  await client.end()
}
