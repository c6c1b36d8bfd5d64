import { parseAddress } from '../../src/store/postgres/address.ts'
import { openPostgres } from '../../src/store/postgres/node.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { freshDatabase } from './postgres/shared.ts'

export const runtimeName = 'PostgreSQL'

/** One database per test file, on a server that all files of a run share. */
export async function openDb(): Promise<Db> {
  const address = parseAddress(await freshDatabase())
  if (typeof address === 'string') throw new Error(address)
  // Tests make a thousand calls at once, more than a gateway allows to wait.
  return openPostgres(address, 'schema/postgres', { waiting: 10_000 })
}

/** Here each one is separate. */
export const openOwnDb = (): Promise<Db> => openDb()

export { encrypt, outsideFetch, post, serve, WRITER } from './runtime.node.ts'
