import { openDb, runtimeName } from '#runtime'
import { storeContract } from '../contract/store.ts'

storeContract(runtimeName, openDb)
