import { openDb, runtimeName } from '#runtime'
import { sqlStore } from '../../src/store/sql/store.ts'
import { databaseContract } from '../contract/database.ts'
import { storeContract } from '../contract/store.ts'

storeContract(runtimeName, async (clock) => sqlStore(await openDb(), clock, { undoDays: 7 }))
databaseContract(runtimeName, openDb)
