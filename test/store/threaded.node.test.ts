import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlStore } from '../../src/store/sql/store.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { databaseContract } from '../contract/database.ts'
import { storeContract } from '../contract/store.ts'
import { WRITER } from '../harness/runtime.node.ts'

const openDb = async () => {
  const folder = mkdtempSync(join(process.env.TEST_DATABASES ?? tmpdir(), 'pushport-threaded-'))
  return openNodeDb(join(folder, 'test.db'), 'schema/migrations', { writer: WRITER })
}

storeContract('better-sqlite3 with a thread that writes', async (clock) =>
  sqlStore(await openDb(), clock, { undoDays: 7 }),
)
databaseContract('better-sqlite3 with a thread that writes', openDb)
