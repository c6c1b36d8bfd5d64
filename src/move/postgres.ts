import { readFileSync } from 'node:fs'
import { Client, types } from 'pg'
import { type Address, tlsOptions } from '../store/postgres/address.ts'
import { migrated, missingFrom, schemaStateOf } from '../store/postgres/migrations.ts'
import { MOVING, type Opening, type SchemaState } from '../store/sql/opening.ts'
import {
  MoveFault,
  notEmpty,
  otherVersion,
  pageText,
  quoted,
  type Row,
  readKey,
  type Source,
  storedKey,
  type Target,
} from './place.ts'
import { type MovedColumn, type MovedTable, TABLES } from './tables.ts'

const TYPES = { text: 'text', integer: 'bigint', real: 'double precision', blob: 'bytea' } as const
const BIGINT = 20

/** Connects to the first host that accepts writes. */
async function connected({ hosts, tls, ...address }: Address): Promise<Client> {
  let fault: unknown
  for (const host of hosts) {
    const { user, password, database } = address
    const client = new Client({
      ...host,
      ...{ user, password, database, application_name: 'pushport move', keepAlive: true },
      ...(tls && { ssl: tlsOptions(tls, (file) => readFileSync(file, 'utf8')) }),
      types: {
        getTypeParser: (oid: number, format?: 'text' | 'binary') =>
          oid === BIGINT ? Number : types.getTypeParser(oid, format as 'text'),
      } as never,
    })
    try {
      await client.connect()
      const { rows } = await client.query<{ transaction_read_only: string }>('SHOW transaction_read_only')
      if (rows[0]?.transaction_read_only !== 'off') throw new Error('the server is read-only')
      // A move may wait for the disk only, so there are no statement timeouts.
      await client.query('SET statement_timeout = 0')
      await client.query('SET idle_in_transaction_session_timeout = 0')
      return client
    } catch (error) {
      fault = error
      await client.end().catch(() => {})
    }
  }
  throw new MoveFault(
    `${toldOf({ hosts, tls, ...address })}: ${fault instanceof Error ? fault.message : fault}`,
  )
}

const toldOf = ({ hosts, database }: Address) =>
  `postgres://${hosts.map(({ host, port }) => `${host}:${port}`).join(',')}/${database ?? ''}`

function reading(client: Client) {
  return {
    async count({ name }: MovedTable) {
      const { rows } = await client.query(`SELECT count(*) AS n FROM ${quoted(name)}`)
      return Number(rows[0].n)
    },
    async page(table: MovedTable, after: Row | null, limit: number) {
      const marks = table.key.map((key, at) => {
        const type = table.columns.find(({ name }) => name === key)?.type ?? 'text'
        return `$${at + 1}::${TYPES[type]}`
      })
      const text = `${pageText(table, after && marks)} LIMIT ${limit}`
      const { rows } = await client.query({ text, values: [...(after ?? [])], rowMode: 'array' })
      return rows as unknown as Row[]
    },
    close: () => client.end(),
  }
}

/** A PostgreSQL source. It is read in one transaction, and no writing gateway may be connected to it. */
export async function postgresSource(address: Address, migrations: string): Promise<Source> {
  const client = await connected(address)
  const told = toldOf(address)
  try {
    const { rows: busy } = await client.query(
      'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 LIMIT 1',
      [address.applicationName],
    )
    if (busy.length > 0)
      throw new MoveFault(`A gateway writes to ${told}: stop it, or start it with READ_ONLY=on.`)
    if ((await missingFrom(client, migrations)) > 0) throw otherVersion(told)
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return {
      ...{ told, ...reading(client) },
      async lastDrawn({ name, drawn }) {
        if (drawn === undefined) return 0
        const { rows } = await client.query<{ last: number | null }>(
          `SELECT last_value AS last FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = $1`,
          [`${name}_${drawn}_seq`],
        )
        return rows[0]?.last ?? 0
      },
    }
  } catch (error) {
    await client.end()
    throw error
  }
}

export async function schemaOver(address: Address, migrations: string): Promise<Opening> {
  const client = await connected(address)
  try {
    return await migrated(client, migrations)
  } finally {
    await client.end()
  }
}

/** The migrations that a PostgreSQL database lacks. */
export async function schemaStateOver(address: Address, migrations: string): Promise<SchemaState> {
  const client = await connected(address)
  try {
    return await schemaStateOf(client, migrations)
  } finally {
    await client.end()
  }
}

/** A PostgreSQL target that is empty or contains an unfinished move. */
export async function postgresTarget(address: Address, migrations: string): Promise<Target> {
  const client = await connected(address)
  const told = toldOf(address)
  try {
    await claimed(client, told, migrations)
  } catch (error) {
    await client.end()
    throw error
  }
  const atOnce = async <Made>(work: () => Promise<Made>): Promise<Made> => {
    await client.query('BEGIN')
    try {
      const made = await work()
      await client.query('COMMIT')
      return made
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }
  return {
    ...{ told, ...reading(client) },
    begun: () =>
      atOnce(async () => {
        const { rows: there } = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [MOVING])
        if (there[0].there) {
          const { rows } = await client.query(`SELECT progress FROM ${MOVING}`)
          return readKey(rows[0].progress)
        }
        for (const { name } of TABLES) {
          const { rows } = await client.query(`SELECT 1 FROM ${quoted(name)} LIMIT 1`)
          if (rows.length > 0) throw notEmpty(told, name)
        }
        await client.query(`CREATE TABLE ${MOVING} (progress text NOT NULL)`)
        await client.query(`INSERT INTO ${MOVING} VALUES ('{}')`)
        return null
      }),
    put: (table, rows, progress) =>
      atOnce(async () => {
        await client.query({
          name: `move ${table.name}`,
          text: insertion(table),
          values: table.columns.map((column, at) => rows.map((row) => element(column, row[at] ?? null))),
        })
        await client.query(`UPDATE ${MOVING} SET progress = $1`, [storedKey(progress)])
      }),
    async draw({ name, drawn }, last) {
      if (drawn === undefined || last === 0) return
      await client.query('SELECT setval($1::regclass, $2::bigint)', [`${name}_${drawn}_seq`, last])
    },
    async finish() {
      await client.query(`DROP TABLE ${MOVING}`)
      await client.query('ANALYZE')
    },
  }
}

/** Makes this the only move into the database, and creates its schema. */
async function claimed(client: Client, told: string, migrations: string): Promise<void> {
  const { rows: mine } = await client.query(`SELECT pg_try_advisory_lock(hashtext('${MOVING}')) AS mine`)
  if (!mine[0].mine) throw new MoveFault(`Another move into ${told} is running.`)
  await migrated(client, migrations, { moving: true })
  // The migrations have reset the timeout.
  await client.query('SET statement_timeout = 0')
}

/** One array per column, so that one statement inserts a page of any size. */
function insertion({ name, columns }: MovedTable): string {
  const names = columns.map((one) => quoted(one.name)).join(', ')
  const arrays = columns.map(({ type }, at) => `$${at + 1}::${TYPES[type]}[]`).join(', ')
  return `INSERT INTO ${quoted(name)} (${names}) SELECT * FROM unnest(${arrays})`
}

/** Bytes are passed in the text form of an array, which the driver does not produce itself. */
const element = ({ type }: MovedColumn, cell: Row[number]) =>
  type === 'blob' && cell instanceof Uint8Array ? Buffer.from(cell) : cell
