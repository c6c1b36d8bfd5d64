import { sqlStore } from '../../src/store/sql/store.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { databaseContract } from '../contract/database.ts'
import { storeContract } from '../contract/store.ts'

const openDb = async () => openNodeDb(':memory:', 'schema/migrations')

storeContract('better-sqlite3 in memory', async (clock) => sqlStore(await openDb(), clock, { undoDays: 7 }))
databaseContract('better-sqlite3 in memory', openDb)
