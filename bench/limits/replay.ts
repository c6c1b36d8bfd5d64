import Database from 'better-sqlite3'
import type { Call } from '../../src/store/sql/port.ts'
import { boundValues } from '../../src/store/sql/statement.ts'
import { percentile } from '../kit/numbers.ts'
import type { Direct } from './direct.ts'
import type { Recorded } from './record.ts'

type Ready = readonly [Database.Statement, unknown[]]

/** As src/store/sqlite/node.ts opens it. */
const PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'secure_delete = ON',
  'cache_size = -65536',
  'temp_store = MEMORY',
]

export function replay(
  file: string,
  recorded: readonly Recorded[],
  { group: size, seconds }: { readonly group: number; readonly seconds: number },
): Direct {
  const db = new Database(file)
  for (const pragma of PRAGMAS) db.pragma(pragma)
  const prepared = new Map<string, Database.Statement>()
  const bound = (call: Call): Ready => {
    const { text } = call.statement
    const statement = prepared.get(text) ?? db.prepare(text)
    prepared.set(text, statement)
    return [statement, boundValues(call)]
  }
  const ready = recorded.map(({ reads, writes }) => ({ reads: reads.map(bound), writes: writes.map(bound) }))
  const run = ([statement, values]: Ready) =>
    statement.reader ? statement.all(values) : statement.run(values)
  const commit = db.transaction((group: typeof ready) => {
    for (const { writes } of group) writes.forEach(run)
  })

  const times: number[] = []
  const begin = performance.now()
  let done = 0
  while (done < ready.length && performance.now() - begin < seconds * 1000) {
    const group = ready.slice(done, done + size)
    const started = performance.now()
    for (const { reads } of group) reads.forEach(run)
    if (group.some(({ writes }) => writes.length > 0)) commit.immediate(group)
    times.push(performance.now() - started)
    done += group.length
  }
  const rate = (done / (performance.now() - begin)) * 1000
  db.close()
  const sorted = times.toSorted((a, b) => a - b)
  const statements = recorded.reduce((sum, { reads, writes }) => sum + reads.length + writes.length, 0)
  return {
    rate,
    answers: done,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    p999: percentile(sorted, 0.999),
    statements: statements / recorded.length,
  }
}
