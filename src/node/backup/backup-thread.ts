import { parentPort, workerData } from 'node:worker_threads'
import { openConnection } from '../../store/sqlite/driver.ts'
import { tableHashes } from './hashes.ts'

/** Pages copied per step. */
const PAGES = 1000

const { file, into } = workerData as { readonly file: string; readonly into: string }
const client = openConnection(file, { readonly: true, fileMustExist: true })
// One read transaction for the copy and the hashes; concurrent writes go to the write-ahead log.
client.exec('BEGIN')
client.prepare('SELECT count(*) FROM sqlite_schema').get()
const pageSize = Number(client.pragma('page_size', { simple: true }))
await client.backup(into, {
  progress({ totalPages, remainingPages }) {
    parentPort?.postMessage({ bytes: totalPages * pageSize, done: (totalPages - remainingPages) * pageSize })
    return PAGES
  },
})
const tables = tableHashes(client)
client.exec('COMMIT')
client.close()
parentPort?.postMessage({ tables })
