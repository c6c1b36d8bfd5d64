import type { Bound } from '../sql/port.ts'
import { type Connection, openConnection, type Statement } from './driver.ts'

/** SQLite's own wait blocks its thread: it only bridges what takes a moment. */
export const BUSY_TIMEOUT = 10
/** How long an opening waits for whoever has the file. */
const OPENING_TIMEOUT = 5000

/** A connection to a file in the one way in which the product opens one. `mine` runs before it counts as open. */
export function connect<Made>(
  file: string,
  mine: (client: Connection) => Made,
): { readonly client: Connection; readonly made: Made } {
  let client: Connection | undefined
  try {
    client = openConnection(file, { timeout: OPENING_TIMEOUT })
    keepStatements(client)
    const pragma = pragmas(client)
    pragma('journal_mode = WAL')
    pragma('synchronous = FULL')
    // What is deleted is overwritten: of whoever is erased nothing stays in free pages.
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

/**
 * Keeps every statement for as long as the connection lives: Node 24 aborts the process when one of better-sqlite3's
 * objects is garbage-collected (`RemoveEnvironmentCleanupHook`, no environment). Each text is prepared once, so that they
 * are a few hundred at most.
 */
function keepStatements(client: Connection): void {
  const prepare = client.prepare.bind(client)
  const kept: Statement[] = []
  client.prepare = ((text: string) => {
    const made = prepare(text)
    kept.push(made)
    return made
  }) as typeof client.prepare
}

/** Runs a pragma, each text prepared once: the library's own `pragma` makes a statement for each call. */
export function pragmas(client: Connection): (text: string) => void {
  const prepared = new Map<string, Statement>()
  return (text) => {
    const ready = prepared.get(text) ?? client.prepare(`PRAGMA ${text}`)
    prepared.set(text, ready)
    if (ready.reader) ready.all()
    else ready.run()
  }
}

/** A statement that is ready to run. */
export interface Ready {
  /** The names of the columns of its rows; null where it answers none. */
  readonly names: readonly string[] | null
  /** Its rows, each a list in the order of the names. */
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

/** Makes objects of rows. One of thirty columns that the library makes takes half as long again. */
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
