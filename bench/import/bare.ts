import { closeSync, openSync, writeSync } from 'node:fs'
import Database from 'better-sqlite3'
import { connect } from '../../src/store/sqlite/connection.ts'

/** Devices per transaction, as in an import. */
const STEP = 500
/** Tables that an import fills, each with its device column. */
const TABLES = {
  push_tokens: 'p.id = d.push_token_id',
  devices: 'p.number = d.number',
  tags: 'p.device_id = d.id',
  subscriptions: 'p.device = d.number',
  import_marks: 'p.device = d.number',
  events: 'p.app_id = d.app_id AND p.device_id = d.id',
} as const

/** Rows that are read in advance, so that reading is not measured. */
const AHEAD = 20

/**
 * Writes the rows that an import made into a second database of the same schema, directly with
 * better-sqlite3, with the same pragmas and steps of the same size; returns the milliseconds for writing.
 */
export function bareInserts(from: string, into: string): number {
  const source = new Database(from, { readonly: true })
  const { client } = connect(into, () => {})
  const begin = client.prepare('BEGIN IMMEDIATE')
  const commit = client.prepare('COMMIT')
  const ways = Object.entries(TABLES).map(([table, on]) => {
    const names = source.pragma(`table_info(${table})`) as { readonly name: string }[]
    const list = names.map(({ name }) => name)
    const read = source
      .prepare(
        `SELECT ${list.map((name) => `p.${name}`).join()} FROM devices d CROSS JOIN ${table} p ON ${on}
         WHERE d.imported_at IS NOT NULL AND d.number > ? AND d.number <= ?`,
      )
      .raw()
    const write = client.prepare(
      `INSERT INTO ${table} (${list.join()}) VALUES (${list.map(() => '?').join()})`,
    )
    return { read, write }
  })
  const last = source.prepare('SELECT max(number) FROM devices').pluck().get() as number
  let took = 0
  for (let number = 0; number < last; number += STEP * AHEAD) {
    const steps = Array.from({ length: AHEAD }, (_, at) => {
      const first = number + at * STEP
      return ways.map(({ read, write }) => ({ rows: read.all(first, first + STEP) as unknown[][], write }))
    })
    const begun = performance.now()
    for (const step of steps) {
      begin.run()
      for (const { rows, write } of step) for (const row of rows) write.run(row)
      commit.run()
    }
    took += performance.now() - begun
  }
  client.close()
  source.close()
  return took
}

const READ = `SELECT d.*, p.provider, p.token, p.environment, p.keys, p.state FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id
  WHERE d.app_id = ? AND d.dialect = ? AND d.id > ? ORDER BY d.id LIMIT ?`
const TAGS = 'SELECT name, type, value FROM tags WHERE device_id = ? ORDER BY name'
const TOPICS = 'SELECT topic, id FROM subscriptions WHERE device = ? ORDER BY topic'

/**
 * Reads the devices of an export with their tags and topics, and writes the same number of bytes; returns the
 * milliseconds.
 */
export function bareExport(from: string, app: string, dialect: string, to: string, bytes: number): number {
  const source = new Database(from, { readonly: true })
  const [read, tags, topics] = [source.prepare(READ), source.prepare(TAGS), source.prepare(TOPICS)]
  const count = source.prepare('SELECT count(*) FROM devices WHERE app_id = ?').pluck().get(app) as number
  const piece = Buffer.alloc(Math.ceil((bytes / count) * STEP), 'x')
  const file = openSync(to, 'w')
  const begun = performance.now()
  for (let after = ''; ; ) {
    const rows = read.all(app, dialect, after, STEP) as { id: string; number: number }[]
    for (const { id, number } of rows) {
      tags.all(id)
      topics.all(number)
    }
    after = rows.at(-1)?.id ?? after
    if (rows.length === 0) break
    writeSync(file, piece.subarray(0, Math.ceil((piece.length * rows.length) / STEP)))
  }
  const took = performance.now() - begun
  closeSync(file)
  source.close()
  return took
}
