import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodeDb } from '../../src/store/node.ts'
import type { Db } from '../../src/store/port.ts'

export const runtimeName = 'better-sqlite3'

/** One file database per test file, as in production. */
export async function openDb(): Promise<Db> {
  return openNodeDb(join(mkdtempSync(join(tmpdir(), 'pushport-test-')), 'test.db'), 'schema/migrations')
}
