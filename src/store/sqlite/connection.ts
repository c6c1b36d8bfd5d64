import type { Bound } from '../sql/port.ts'
import { type Connection, openConnection, type Statement } from './driver.ts'

/** SQLite's own wait blocks the thread, so it only covers short locks. */
export const BUSY_TIMEOUT = 10
/** How long opening waits for another process that has the file, in milliseconds. */
const OPENING_TIMEOUT = 5000

/** Opens a connection with the settings used everywhere. `mine` runs before it counts as open. */
export function connect<Made>(
  file: string,
  mine: (client: Connection) => Made,
): { readonly client: Connection; readonly made: Made } {
  let client: Connection | undefined
  try {
    client = openConnection(file, { timeout: OPENING_TIMEOUT })
    const pragma = pragmas(client)
    pragma('journal_mode = WAL')
    pragma('synchronous = FULL')
    // Overwrites deleted data, so that free pages contain nothing of an erased user.
    pragma('secure_delete = ON')
    pragma('cache_size = -65536')
    pragma('temp_store = MEMORY')
    const made = mine(client)
    pragma(`busy_timeout = ${BUSY_TIMEOUT}`)
    return { client, made }
  } catch (error) {
    client?.close()
    throw error
  }
}

/** Runs pragmas with cached statements; the library's `pragma` prepares a new statement for each call. */
export function pragmas(client: Connection): (text: string) => void {
  const prepared = new Map<string, Statement>()
  return (text) => {
    const ready = prepared.get(text) ?? client.prepare(`PRAGMA ${text}`)
    prepared.set(text, ready)
    if (ready.reader) ready.all()
    else ready.run()
  }
}

/** A prepared statement. */
export interface Ready {
  /** The column names of its rows; null if it returns none. */
  readonly names: readonly string[] | null
  /** Its rows as lists in the order of the names. */
  run(values: readonly Bound[]): unknown[][]
}

export function ready(client: Connection, text: string): Ready {
  const statement = client.prepare(text)
  if (!statement.reader) {
    return {
      names: null,
      run(values) {
        statement.run(values)
        return []
      },
    }
  }
  statement.raw()
  return {
    names: statement.columns().map(({ name }) => name),
    run: (values) => statement.all(values) as unknown[][],
  }
}

/** Turns rows into objects. For thirty columns, the library's own conversion takes half as long again. */
export function rowsOf(names: readonly string[] | null): (rows: unknown[][]) => unknown[] {
  if (!names) return (rows) => rows
  const empty: Readonly<Record<string, unknown>> = Object.fromEntries(names.map((name) => [name, null]))
  const rowOf = (values: unknown[]) => {
    const row = { ...empty }
    for (let at = 0; at < names.length; at++) row[names[at] ?? ''] = values[at]
    return row
  }
  return (rows) => rows.map(rowOf)
}
