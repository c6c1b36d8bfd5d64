import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { adapters } from '../../adapters/index.ts'
import { misspelt } from '../config/misspelt.ts'
import { type Config, ConfigError, parseConfig, variablesOf } from '../config.ts'
import { StoreUnavailable } from '../domain/error.ts'
import type { Database } from '../move/schema.ts'
import { EXIT, Fault } from './faults.ts'

type Environment = Readonly<Record<string, string | undefined>>

const beside = (name: string) => join(dirname(fileURLToPath(import.meta.url)), name)
/** The folder of this build's migrations. */
export const MIGRATIONS = { sqlite: beside('migrations'), postgres: beside('postgres') }

/**
 * The configuration with which a gateway would start here. Throws a `Fault` that names each invalid variable.
 */
export function configurationOf(environment: Environment): Config {
  try {
    return parseConfig({ ...environment }, adapters)
  } catch (error) {
    if (error instanceof ConfigError) throw new Fault(EXIT.usage, error.message)
    throw error
  }
}

/** Variables that only the command line reads. */
const OWN = ['PUSHPORT_CONFIG', 'PUSHPORT_URL']

/** Unknown variables whose names are similar to known ones. */
export function misspeltIn(environment: Environment): readonly string[] {
  const others = Object.entries(environment).filter(([name]) => !OWN.includes(name))
  return [...misspelt(Object.fromEntries(others), variablesOf(adapters))]
}

/** Throws a `Fault` for an in-memory database, which another program cannot open. */
export function databaseOf({ postgres, databaseFile }: Config): Database {
  if (postgres) return { postgres: postgres.url }
  if (databaseFile === ':memory:')
    throw new Fault(EXIT.usage, 'The database is in memory: other programs cannot open it.')
  return { file: databaseFile }
}

/** Runs work on a database and reports its errors by their messages. */
export async function inWords<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof Error && (error.name === 'MoveFault' || error instanceof StoreUnavailable))
      throw new Fault(EXIT.refused, error.message)
    throw error
  }
}
