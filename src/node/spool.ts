import { createReadStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Spool } from '../store/store.ts'

/** Stores the files of imports in a folder that only their owner can read. */
export function fileSpool(folder: string): Spool {
  const pathOf = (id: string) => join(folder, id)
  const remove = (id: string) => rm(pathOf(id), { force: true })

  async function written(id: string, file: AsyncIterable<Uint8Array>, most: number): Promise<number | null> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const handle = await open(pathOf(id), 'wx', 0o600)
    try {
      let size = 0
      for await (const bytes of file) {
        size += bytes.length
        if (size > most) return null
        await handle.write(bytes)
      }
      // Flushed to disk, because the import is acknowledged and its file must survive a power failure.
      await handle.sync()
      return size
    } finally {
      await handle.close()
    }
  }

  return {
    async write(id, file, most) {
      let size: number | null = null
      try {
        size = await written(id, file, most)
        return size
      } finally {
        if (size === null) await remove(id)
      }
    },
    read: (id, offset) => createReadStream(pathOf(id), { start: offset, highWaterMark: 256 * 1024 }),
    remove,
  }
}
