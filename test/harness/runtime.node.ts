import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { nodePost } from '../../src/node/post.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'

export const runtimeName = 'better-sqlite3'

/** The program of the writer thread, as bundled for production. */
export const WRITER = pathToFileURL('dist/writer-thread.js')

/**
 * One file database per test file. The test's thread writes it, because switching threads is slow when all
 * cores are busy. The writer thread is covered by test/store/threaded.node.test.ts and by every test that
 * starts a server.
 */
export async function openDb(): Promise<Db> {
  const folder = process.env.TEST_DATABASES ?? tmpdir()
  return openNodeDb(join(mkdtempSync(join(folder, 'pushport-test-')), 'test.db'), 'schema/migrations')
}
/** Here each one is separate. */
export const openOwnDb = (): Promise<Db> => openDb()

/** How push services are called. */
export const post = nodePost(true)

export { nodeEncrypt as encrypt } from '../../src/node/web-push-cipher.ts'
export { outsideFetch, serve } from './serve.node.ts'
