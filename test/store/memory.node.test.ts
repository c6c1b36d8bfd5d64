import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { storeContract } from '../contract/store.ts'

storeContract('better-sqlite3 in memory', async () => openNodeDb(':memory:', 'schema/migrations'))
