import type BetterSqlite from 'better-sqlite3'

type Database = BetterSqlite.Database
type Make = (...given: unknown[]) => unknown

/** better-sqlite3's `lib/util.js`: the key under which a connection holds the addon's own object. */
export interface AddonUtil {
  readonly cppdb: symbol
}

const kept: unknown[] = []

function keep<Made>(made: Made): Made {
  kept.push(made)
  return made
}

/**
 * Keeps a connection, and every statement, iterator and copy that it makes, for as long as its thread lives, so that none is
 * collected. Each text is prepared once per connection and a gateway opens a handful, so there are a few hundred objects.
 */
export function keepAll(client: Database, { cppdb }: AddonUtil): Database {
  const addon = (client as unknown as Record<symbol, Record<'prepare' | 'backup', Make>>)[cppdb]
  if (!addon) throw new Error('better-sqlite3 holds no addon under its own key')
  const { prepare, backup } = addon
  addon.prepare = (...given) => keepIterators(keep(prepare.apply(addon, given) as BetterSqlite.Statement))
  addon.backup = (...given) => keep(backup.apply(addon, given))
  return keep(client)
}

function keepIterators(statement: BetterSqlite.Statement): BetterSqlite.Statement {
  const iterate = statement.iterate.bind(statement)
  statement.iterate = (...values) => keep(iterate(...values))
  return statement
}
