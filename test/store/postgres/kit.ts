import { onTestFinished } from 'vitest'
import { type Address, parseAddress } from '../../../src/store/postgres/address.ts'
import { openPostgres, type PostgresDb, type PostgresOptions } from '../../../src/store/postgres/node.ts'
import { call, type Statement, statement } from '../../../src/store/sql/statement.ts'
import { sql, value } from '../../../src/store/sql/template.ts'

const MIGRATIONS = 'schema/postgres'

function addressOf(url: string): Address {
  const address = parseAddress(url)
  if (typeof address === 'string') throw new Error(address)
  return address
}

/** The same server through another port. */
export const through = (url: string, port: number) => url.replace(/:\d+\//, `:${port}/`)

/** An open database that is closed with the test. */
export async function opened(url: string, limits: PostgresOptions = {}): Promise<PostgresDb> {
  const db = await openPostgres(addressOf(url), MIGRATIONS, limits)
  onTestFinished(() => db.close())
  return db
}

/** A table with a unique key: (dialect, value). */
const insert: Statement = statement(
  sql`INSERT INTO identifiers (dialect, value, app_id) VALUES ('scratch', ${value('name')}, ${value('app')})`,
)
const append: Statement = statement(
  sql`UPDATE identifiers SET app_id = app_id || ${value('more')} WHERE dialect = 'scratch' AND value = ${value('name')}`,
)
const limited: Statement = statement(
  sql`INSERT INTO identifiers (dialect, value, app_id) SELECT 'scratch', ${value('name')}, 'limited'
    WHERE (SELECT count(*) FROM identifiers WHERE app_id = 'limited') < CAST(${value('most')} AS integer)`,
)
const ownerOf: Statement<{ app_id: string }> = statement(
  sql`SELECT app_id FROM identifiers WHERE dialect = 'scratch' AND value = ${value('name')}`,
)

export const insertion = (name: string, app = 'a') => call(insert, { name, app })
/** Appends to a value, so that a second run would show. */
export const addition = (name: string, more = 'x') => call(append, { name, more })
/** Inserts nothing if there are already so many rows. */
export const upTo = (most: number, name: string) => call(limited, { name, most })
export const owner = (name: string) => call(ownerOf, { name })
