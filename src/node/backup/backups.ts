import { createReadStream, readdirSync, rmSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import type { Backup, Backups } from '../../admin/backups.ts'

/** How long a finished copy is kept for its download, in milliseconds. */
const KEPT = 3_600_000

/**
 * Copies of the database file, made by a separate thread while the gateway serves: one at a time, stored
 * beside the database and deleted after an hour. `program` is the bundle of backup-thread.ts.
 */
export function createBackups(file: string, program: URL): Backups & { close(): Promise<void> } {
  const prefix = `${basename(file)}.backup-`
  // Left over from a process that was killed.
  for (const name of readdirSync(dirname(file)))
    if (name.startsWith(prefix)) rmSync(join(dirname(file), name), { force: true })
  let current: (Backup & { readonly thread: Worker }) | undefined
  let expiry: NodeJS.Timeout | undefined

  const pathOf = (id: string) => join(dirname(file), `${prefix}${id}`)

  async function remove(id: string): Promise<boolean> {
    if (current?.id !== id) return false
    const { thread } = current
    current = undefined
    clearTimeout(expiry)
    await thread.terminate()
    for (const end of ['', '.part', '.part-journal']) rmSync(`${pathOf(id)}${end}`, { force: true })
    return true
  }

  function note(id: string, change: Partial<Backup>): void {
    if (current?.id === id) current = { ...current, ...change }
  }

  return {
    async start() {
      if (current?.state === 'running') return null
      if (current) await remove(current.id)
      const id = crypto.randomUUID()
      const part = `${pathOf(id)}.part`
      const thread = new Worker(program, { workerData: { file, into: part } })
      const backup = {
        id,
        state: 'running',
        createdAt: new Date(),
        bytes: null,
        done: 0,
        tables: null,
        error: null,
      } as const
      current = { ...backup, thread }
      thread.on('message', (told: Partial<Backup>) => {
        if (!told.tables) return note(id, told)
        rename(part, pathOf(id)).then(
          () => note(id, { ...told, state: 'ready', ...size(pathOf(id)) }),
          (error) => note(id, { state: 'failed', error: String(error) }),
        )
      })
      thread.on('error', (error) => note(id, { state: 'failed', error: String(error) }))
      expiry = setTimeout(() => void remove(id), KEPT)
      expiry.unref()
      return backup
    },
    find: (id) => (current?.id === id ? current : null),
    read(id) {
      if (current?.id !== id || current.state !== 'ready') return null
      return Readable.toWeb(createReadStream(pathOf(id))) as unknown as ReadableStream<Uint8Array>
    },
    remove,
    async close() {
      if (current) await remove(current.id)
    },
  }
}

function size(path: string) {
  const bytes = statSync(path).size
  return { bytes, done: bytes }
}
