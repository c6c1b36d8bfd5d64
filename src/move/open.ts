import { rmSync } from 'node:fs'
import { parseAddress } from '../store/postgres/address.ts'
import { loadExport } from './d1-export.ts'
import { MoveFault, type Source, type Target } from './place.ts'
import { postgresSource, postgresTarget } from './postgres.ts'
import { sqliteSource, sqliteTarget } from './sqlite.ts'

/** The folder of each engine's migrations. */
export interface Migrations {
  readonly sqlite: string
  readonly postgres: string
}

/**
 * `file:PATH` or a path: a SQLite file, or an export of D1 if it ends in `.sql`. `postgres://…`: a PostgreSQL
 * database.
 */
export async function openSource(url: string, migrations: Migrations): Promise<Source> {
  if (isPostgres(url)) return postgresSource(addressOf(url), migrations.postgres)
  const file = pathOf(url)
  if (!file.endsWith('.sql')) return sqliteSource(file, migrations.sqlite)
  const loaded = `${file}.loaded`
  await loadExport(file, loaded)
  const source = sqliteSource(loaded, migrations.sqlite, file)
  return {
    ...source,
    async close() {
      await source.close()
      for (const end of ['', '.lock', '-wal', '-shm']) rmSync(`${loaded}${end}`, { force: true })
    },
  }
}

export async function openTarget(url: string, migrations: Migrations): Promise<Target> {
  if (isPostgres(url)) return postgresTarget(addressOf(url), migrations.postgres)
  const file = pathOf(url)
  if (file.endsWith('.sql'))
    throw new MoveFault('Cannot move to D1: move to a file or a PostgreSQL database.')
  return sqliteTarget(file, migrations.sqlite)
}

const isPostgres = (url: string) => /^postgres(ql)?:/.test(url)

function pathOf(url: string): string {
  const path = url.replace(/^file:/, '')
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path) || path === ':memory:' || path === '')
    throw new MoveFault(
      `${url || 'Nothing'} is not a database: use file:PATH or postgres://USER:PASSWORD@HOST/DATABASE.`,
    )
  return path
}

/** Throws `MoveFault` if the address is not of a PostgreSQL database. */
export function addressOf(url: string) {
  const address = parseAddress(url)
  if (typeof address === 'string') throw new MoveFault(`The address ${address}.`)
  return address
}
