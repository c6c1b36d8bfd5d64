/** Moving house: a whole database from one engine to another. */
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

/** Moves everything. Throws `MoveFault` or `StoreUnavailable`: what has been copied by then stays, and a second call goes on. */
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

/** What would be moved. */
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

/** Makes the schema in a PostgreSQL, or brings it up to date. Throws as `moveAll` does. */
export const schemaMade = (url: string, migrations: string): Promise<Opening> =>
  schemaOver(addressOf(url), migrations)
