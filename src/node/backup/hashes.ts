import { createHash } from 'node:crypto'
import type { Connection } from '../../store/sqlite/driver.ts'

/** The content of a table: the number of rows, and the SHA-256 of all rows in the order of the key. */
export interface TableHash {
  readonly rows: number
  readonly sha256: string
}
export type TableHashes = Readonly<Record<string, TableHash>>

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** The hashes of all tables, as the connection sees them. Reads every row. */
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
  // Integers beyond 2^53 are read without loss.
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

/** Encodes each value with its type, so that `1` differs from `"1"`. */
function typed(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { n: value.toString() }
  // Bytes from the SQLite in Node.js; better-sqlite3 returns a Buffer, which `toJSON` has already converted.
  if (value instanceof Uint8Array) return Buffer.from(value).toJSON()
  // The result of a Buffer's `toJSON`.
  return value
}
