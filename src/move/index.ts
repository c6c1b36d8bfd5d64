/** Moves a whole database from one engine to another. */
import type { Opening } from '../store/sql/opening.ts'
import { type Moved, type MoveStep, move } from './move.ts'
import { addressOf, type Migrations, openSource, openTarget } from './open.ts'
import { schemaOver } from './postgres.ts'
import { TABLES } from './tables.ts'

export interface Places {
  readonly from: string
  readonly to: string
  readonly migrations: Migrations
}

/**
 * Moves everything. Throws `MoveFault` or `StoreUnavailable`; rows copied until then remain, and a second
 * call resumes.
 */
export async function moveAll(
  { from, to, migrations }: Places,
  told: (step: MoveStep) => void,
): Promise<readonly Moved[]> {
  const source = await openSource(from, migrations)
  try {
    const target = await openTarget(to, migrations)
    try {
      return await move({ from: source, to: target, told })
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** Counts what would be moved. */
export async function counted({
  from,
  migrations,
}: Places): Promise<readonly Pick<Moved, 'table' | 'rows'>[]> {
  const source = await openSource(from, migrations)
  try {
    const counts: Pick<Moved, 'table' | 'rows'>[] = []
    for (const table of TABLES) counts.push({ table: table.name, rows: await source.count(table) })
    return counts
  } finally {
    await source.close()
  }
}

/** Creates the schema in a PostgreSQL database, or updates it. Throws like `moveAll`. */
export const schemaMade = (url: string, migrations: string): Promise<Opening> =>
  schemaOver(addressOf(url), migrations)
