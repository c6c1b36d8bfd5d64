import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MOVING } from '../store/sql/opening.ts'
import { connect } from '../store/sqlite/connection.ts'
import { type Connection, openConnection, type Statement } from '../store/sqlite/driver.ts'
import { claim, migrated, openFault } from '../store/sqlite/node-file.ts'
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
import { type MovedTable, TABLES } from './tables.ts'

/** Reads that source and target share; each statement is prepared once. */
function reading(client: Connection) {
  const prepared = new Map<string, Statement>()
  const ready = (text: string) => {
    const made = prepared.get(text) ?? client.prepare(text)
    prepared.set(text, made)
    return made
  }
  return {
    ready,
    async count({ name }: MovedTable) {
      return (ready(`SELECT count(*) AS n FROM ${quoted(name)}`).get() as { n: number }).n
    },
    async page(table: MovedTable, after: Row | null, limit: number) {
      const text = pageText(table, after && table.key.map(() => '?'))
      return ready(`${text} LIMIT ?`)
        .raw()
        .all([...(after ?? []), limit]) as Row[]
    },
  }
}

/** The names of the migrations that a build knows, in order. */
const known = (folder: string): readonly string[] =>
  (
    JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
      entries: { tag: string; when: number }[]
    }
  ).entries.map(({ tag, when }) => `${tag} ${when}`)

/**
 * The names of a database's migrations; `wrangler d1 migrations apply` stores names, Drizzle stores times.
 */
function applied(client: Connection, folder: string): readonly string[] {
  const has = (table: string) =>
    client.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table) !== undefined
  if (has('d1_migrations')) {
    const names = (
      client.prepare('SELECT name FROM d1_migrations ORDER BY id').all() as { name: string }[]
    ).map(({ name }) => name.replace(/\.sql$/, ''))
    return known(folder).filter((one) => names.includes(one.split(' ')[0] ?? ''))
  }
  if (!has('__drizzle_migrations')) return []
  const times = client.prepare('SELECT created_at AS at FROM __drizzle_migrations').all() as { at: number }[]
  return known(folder).filter((one) => times.some(({ at }) => one.endsWith(` ${at}`)))
}

/**
 * A SQLite source. It is read in one transaction, and no gateway may write to it: a running gateway holds the
 * lock, unless it only reads.
 */
export function sqliteSource(file: string, migrations: string, told = file): Source {
  if (!existsSync(file)) throw new MoveFault(`There is no file ${file}.`)
  let release = () => {}
  let client: Connection
  try {
    release = claim(file)
    client = openConnection(file, { readonly: true, fileMustExist: true })
  } catch (error) {
    release()
    throw openFault(told, error)
  }
  const close = async () => {
    client.close()
    release()
  }
  try {
    if (applied(client, migrations).length < known(migrations).length) throw otherVersion(told)
    // A consistent snapshot of the file, from the first read on.
    client.exec('BEGIN')
    const { ready, count, page } = reading(client)
    return {
      ...{ told, count, page, close },
      async lastDrawn({ name, drawn }) {
        if (drawn === undefined) return 0
        const most = ready(`SELECT max(${quoted(drawn)}) AS last FROM ${quoted(name)}`).get() as {
          last: number | null
        }
        const kept = ready('SELECT seq AS last FROM sqlite_sequence WHERE name = ?').get(name) as
          | { last: number }
          | undefined
        return Math.max(most.last ?? 0, kept?.last ?? 0)
      },
    }
  } catch (error) {
    client.close()
    release()
    throw error
  }
}

/** A SQLite target that is new or contains an unfinished move. */
export function sqliteTarget(file: string, migrations: string): Target {
  let release = () => {}
  let client: Connection
  try {
    client = connect(file, (opened) => {
      release = claim(file)
      return migrated(opened, migrations, { moving: true })
    }).client
  } catch (error) {
    release()
    throw openFault(file, error)
  }
  const { ready, count, page } = reading(client)
  const insertion = ({ name, columns }: MovedTable) =>
    ready(
      `INSERT INTO ${quoted(name)} (${columns.map((one) => quoted(one.name)).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    )
  const close = async () => {
    client.close()
    release()
  }
  return {
    ...{ told: file, count, page, close },
    async begun() {
      if (client.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(MOVING)) {
        const { progress } = client.prepare(`SELECT progress FROM ${MOVING}`).get() as { progress: string }
        return readKey(progress)
      }
      const filled = TABLES.find(({ name }) => client.prepare(`SELECT 1 FROM ${quoted(name)} LIMIT 1`).get())
      if (filled) throw notEmpty(file, filled.name)
      client.exec(`CREATE TABLE ${MOVING} (progress TEXT NOT NULL); INSERT INTO ${MOVING} VALUES ('{}')`)
      return null
    },
    async put(table, rows, progress) {
      const insert = insertion(table)
      client.transaction(() => {
        for (const row of rows) insert.run(row)
        ready(`UPDATE ${MOVING} SET progress = ?`).run(storedKey(progress))
      })()
    },
    async draw({ name }, last) {
      if (client.prepare('SELECT 1 FROM sqlite_sequence WHERE name = ?').get(name))
        client.prepare('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?').run(last, name)
      else if (last > 0)
        client.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(name, last)
    },
    async finish() {
      client.exec(`DROP TABLE ${MOVING}; ANALYZE`)
    },
  }
}
