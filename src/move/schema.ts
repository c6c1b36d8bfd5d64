import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreUnavailable } from '../domain/error.ts'
import type { Opening, SchemaState } from '../store/sql/opening.ts'
import { connect } from '../store/sqlite/connection.ts'
import { type Connection, openConnection } from '../store/sqlite/driver.ts'
import { claim, migrated, openFault, schemaStateOf } from '../store/sqlite/node-file.ts'
import { addressOf, type Migrations } from './open.ts'
import { schemaOver, schemaStateOver } from './postgres.ts'

/** The configured database: a file, or the address of a PostgreSQL database. */
export type Database = { readonly file: string } | { readonly postgres: string }

/**
 * Updates a schema. Throws `StoreUnavailable` or `MoveFault` if a gateway uses the file, or a newer build has
 * used it.
 */
export async function schemaMigrated(database: Database, migrations: Migrations): Promise<Opening> {
  if ('postgres' in database) return schemaOver(addressOf(database.postgres), migrations.postgres)
  const { file } = database
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  let release: (() => void) | undefined
  try {
    const { client, made } = connect(file, (opened: Connection) => {
      release = claim(file)
      return migrated(opened, migrations.sqlite)
    })
    client.close()
    return made
  } catch (error) {
    throw error instanceof StoreUnavailable ? error : openFault(file, error)
  } finally {
    release?.()
  }
}

/** The pending migrations; changes nothing and creates no file. Throws like `schemaMigrated`. */
export async function schemaState(database: Database, migrations: Migrations): Promise<SchemaState> {
  if ('postgres' in database) return schemaStateOver(addressOf(database.postgres), migrations.postgres)
  const { file } = database
  if (!existsSync(file)) return schemaStateOf(null, migrations.sqlite)
  let client: Connection | undefined
  try {
    client = openConnection(file, { readonly: true, fileMustExist: true })
    return schemaStateOf(client, migrations.sqlite)
  } catch (error) {
    throw openFault(file, error)
  } finally {
    client?.close()
  }
}
