import { createHash } from 'node:crypto'
import { keyOf, MoveFault, type Progress, type Row, type Source, type Target } from './place.ts'
import { type MovedTable, TABLES } from './tables.ts'

/** Rows per step. */
const PAGE = 2000

/** The content of a table: `hash` is SHA-256 over its rows in key order, in hexadecimal digits. */
export interface Moved {
  readonly table: string
  readonly rows: number
  readonly hash: string
}

export interface MoveStep {
  readonly phase: 'copying' | 'comparing'
  readonly table: string
  /** Rows completed in this phase, over all tables. */
  readonly done: number
  readonly total: number
}

export interface MoveOptions {
  readonly from: Source
  readonly to: Target
  readonly told?: (step: MoveStep) => void
  readonly page?: number
}

/**
 * Copies every row, resuming an interrupted move; then reads both databases completely and compares them.
 * Only after that may a gateway open the target. Throws `MoveFault` if they differ; the target then stays
 * closed.
 */
export async function move({
  from,
  to,
  told = () => {},
  page = PAGE,
}: MoveOptions): Promise<readonly Moved[]> {
  let progress: Progress = (await to.begun()) ?? {}
  const counts = new Map<MovedTable, number>()
  for (const table of TABLES) counts.set(table, await from.count(table))
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)

  let done = Object.values(progress).reduce((sum, { rows }) => sum + rows, 0)
  for (const table of TABLES) {
    for (let rows = progress[table.name]?.rows ?? 0; ; ) {
      const read = await from.page(table, progress[table.name]?.after ?? null, page)
      const last = read.at(-1)
      if (!last) break
      rows += read.length
      progress = { ...progress, [table.name]: { rows, after: keyOf(table, last) } }
      await to.put(table, read, progress)
      done += read.length
      told({ phase: 'copying', table: table.name, done, total })
      if (read.length < page) break
    }
  }
  const moved: Moved[] = []
  done = 0
  for (const table of TABLES) {
    const before = done
    const there = (rows: number) =>
      told({ phase: 'comparing', table: table.name, done: before + rows, total })
    const [own, copied] = await Promise.all([digestOf(from, table, page, there), digestOf(to, table, page)])
    if (own.rows !== copied.rows || own.hash !== copied.hash)
      throw new MoveFault(
        `${table.name} differs: ${own.rows} rows at ${from.told}, ${copied.rows} at ${to.told}. One of them was written to during the move: empty the target and start again.`,
      )
    done += own.rows
    moved.push(own)
    await to.draw(table, await from.lastDrawn(table))
  }
  await to.finish()
  return moved
}

/** Counts and hashes the rows of a table. */
export async function digestOf(
  place: Pick<Source, 'page'>,
  table: MovedTable,
  page = PAGE,
  told: (rows: number) => void = () => {},
): Promise<Moved> {
  const hash = createHash('sha256')
  let rows = 0
  for (let after: Row | null = null; ; ) {
    const read: readonly Row[] = await place.page(table, after, page)
    for (const row of read) hash.update(bytesOf(row))
    rows += read.length
    told(rows)
    const last = read.at(-1)
    if (!last || read.length < page) break
    after = keyOf(table, last)
  }
  return { table: table.name, rows, hash: hash.digest('hex') }
}

/** A row in a form that is the same for both engines. */
const bytesOf = (row: Row): string =>
  `${JSON.stringify(row.map((cell) => (cell instanceof Uint8Array ? { hex: Buffer.from(cell).toString('hex') } : cell)))}\n`
