import { createHash } from 'node:crypto'
import type { Connection } from '../../store/sqlite/driver.ts'

/** What a table held: how many rows, and the SHA-256 of all of them in the order of its key. */
export interface TableHash {
  readonly rows: number
  readonly sha256: string
}
export type TableHashes = Readonly<Record<string, TableHash>>

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** The hashes of all tables, as the connection sees them. Reads everything. */
export function tableHashes(client: Connection): TableHashes {
  const tables = client
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .pluck()
    .all() as string[]
  return Object.fromEntries(tables.map((table) => [table, hashOf(client, table)]))
}

function hashOf(client: Connection, table: string): TableHash {
  const columns = client.prepare('SELECT name, pk FROM pragma_table_info(?) ORDER BY cid').all(table) as {
    readonly name: string
    readonly pk: number
  }[]
  const key = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk)
  // Numbers beyond 2^53 are read as they are.
  const statement = client
    .prepare(`SELECT ${columns.map(({ name }) => quoted(name)).join(', ')} FROM ${quoted(table)}
      ORDER BY ${key.length > 0 ? key.map(({ name }) => quoted(name)).join(', ') : 'rowid'}`)
    .raw()
    .safeIntegers()
  const hash = createHash('sha256')
  let rows = 0
  for (const row of statement.iterate() as IterableIterator<readonly unknown[]>) {
    rows++
    hash.update(JSON.stringify(row, typed))
  }
  return { rows, sha256: hash.digest('hex') }
}

/** Each value in a form of its own: `1` is no `"1"`. */
function typed(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { n: value.toString() }
  // One of the SQLite in Node.js; of better-sqlite3, a Buffer's `toJSON` has made it already.
  if (value instanceof Uint8Array) return Buffer.from(value).toJSON()
  // As `toJSON` of a Buffer has made it.
  return value
}
