import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Db } from '../../src/store/sql/port.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'

export const runtimeName = 'better-sqlite3'

/** One file database per test file, as in production. */
export async function openDb(): Promise<Db> {
  return openNodeDb(join(mkdtempSync(join(tmpdir(), 'pushport-test-')), 'test.db'), 'schema/migrations')
}

export { nodeEncrypt as encrypt } from '../../src/node/web-push-cipher.ts'
export { outsideFetch, serve } from './serve.node.ts'
