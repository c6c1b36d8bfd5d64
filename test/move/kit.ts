import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Row, Source, Target } from '../../src/move/place.ts'
import { postgresSource, postgresTarget } from '../../src/move/postgres.ts'
import { sqliteSource, sqliteTarget } from '../../src/move/sqlite.ts'
import { type MovedColumn, type MovedTable, TABLES } from '../../src/move/tables.ts'
import { parseAddress } from '../../src/store/postgres/address.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { temporaryFolder } from '../harness/process.ts'

export const MIGRATIONS = { sqlite: 'schema/migrations', postgres: 'schema/postgres' }

/** A database for either end of a move. */
export interface Home {
  readonly url: string
  source(): Promise<Source>
  target(): Promise<Target>
}

function fileHome(file = join(temporaryFolder(), 'pushport.db')): Home {
  return {
    url: `file:${file}`,
    source: async () => sqliteSource(file, MIGRATIONS.sqlite),
    target: async () => sqliteTarget(file, MIGRATIONS.sqlite),
  }
}

async function postgresHome(): Promise<Home> {
  const url = await freshDatabase({ bare: true })
  const address = parseAddress(url)
  if (typeof address === 'string') throw new Error(address)
  return {
    url,
    source: () => postgresSource(address, MIGRATIONS.postgres),
    target: () => postgresTarget(address, MIGRATIONS.postgres),
  }
}

export const homes = { 'a file': async () => fileHome(), 'a PostgreSQL': postgresHome }

/** Texts that an engine, a driver or a file might change. */
const TEXTS = [
  '',
  ' ',
  'Ü😀',
  'ΑΒΓ "quoted" \'single\' \\N {1,"2"} $1',
  'a\nb;\r\n--c',
  'Z',
  'a',
  '\u{10ffff}',
]
const INTEGERS = [0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 1_700_000_000_000]
const REALS = [0, 0.1, -1.5e-300, 1e21, 12345678.9, 1 / 3]

/** Indexes read values inside these. */
const DOCUMENTS = ['detail', 'details', 'event', 'input', 'options']

function cell({ name, type }: MovedColumn, row: number, key: boolean): Row[number] {
  if (!key && row % 5 === 4) return null
  const pick = <T>(of: readonly T[]) => of[row % of.length] as T
  if (type === 'integer') return key ? row + 1 : pick(INTEGERS)
  if (type === 'real') return pick(REALS)
  if (type === 'blob') return Uint8Array.from([0, 255, 92, row % 256, Math.floor(row / 256)])
  if (DOCUMENTS.includes(name)) return JSON.stringify({ userId: pick(TEXTS), by: null, n: 1.0, row }, null, 2)
  return key ? `${pick(TEXTS)}${row}` : `${pick(TEXTS)}-${row}`
}

const notNull = columnsThatNeedValues()

/** Rows of every kind for a table, in no order; `count` is not a multiple of 7, so that each occurs once. */
const rowsFor = (table: MovedTable, count: number): readonly Row[] =>
  Array.from({ length: count }, (_, at) => (at * 7) % count).map((row) =>
    table.columns.map((column) => {
      const needed = table.key.includes(column.name) || notNull.has(`${table.name}.${column.name}`)
      return cell(column, row, needed)
    }),
  )

/** Inserts rows into every table, as a move does, and closes. */
export async function fill(home: Home, count: number): Promise<void> {
  const target = await home.target()
  await target.begun()
  for (const table of TABLES) {
    await target.put(table, rowsFor(table, count), {})
    await target.draw(table, count + 100)
  }
  await target.finish()
  await target.close()
}

/** According to the newest snapshot of the schema. */
function columnsThatNeedValues(): ReadonlySet<string> {
  const folder = join(MIGRATIONS.sqlite, 'meta')
  const { entries } = JSON.parse(readFileSync(join(folder, '_journal.json'), 'utf8')) as {
    entries: { tag: string }[]
  }
  const number = entries.at(-1)?.tag.split('_')[0]
  const { tables } = JSON.parse(readFileSync(join(folder, `${number}_snapshot.json`), 'utf8')) as {
    tables: Record<string, { name: string; columns: Record<string, { name: string; notNull: boolean }> }>
  }
  return new Set(
    Object.values(tables).flatMap(({ name, columns }) =>
      Object.values(columns).flatMap((column) => (column.notNull ? [`${name}.${column.name}`] : [])),
    ),
  )
}
