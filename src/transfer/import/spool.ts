import { fromBase64Url, joined, toBase64Url } from '../../domain/encoding.ts'
import type { ImportStore, Spool } from '../../store/store.ts'

/** Bytes per piece: in base64, half of the largest value in D1. */
const PIECE = 393_216

/** Stores files in the database itself, for runtimes without a better place. */
export function storeSpool(store: Pick<ImportStore, 'putChunk' | 'chunk' | 'dropChunks'>): Spool {
  async function write(id: string, file: AsyncIterable<Uint8Array>, most: number): Promise<number | null> {
    let size = 0
    let place = 0
    let held: Uint8Array[] = []
    let waiting = 0
    const flush = async (bytes: Uint8Array) => store.putChunk(id, place++, toBase64Url(bytes))
    for await (const bytes of file) {
      size += bytes.length
      if (size > most) return null
      held.push(bytes)
      waiting += bytes.length
      if (waiting < PIECE) continue
      const all = joined(held)
      let at = 0
      for (; all.length - at >= PIECE; at += PIECE) await flush(all.subarray(at, at + PIECE))
      held = [all.subarray(at)]
      waiting = all.length - at
    }
    if (waiting > 0) await flush(joined(held))
    return size
  }

  return {
    async write(id, file, most) {
      let size: number | null = null
      try {
        size = await write(id, file, most)
        return size
      } finally {
        if (size === null) await store.dropChunks(id)
      }
    },

    async *read(id, offset) {
      let skip = offset % PIECE
      for (let place = Math.floor(offset / PIECE); ; place++) {
        const text = await store.chunk(id, place)
        if (text === null) return
        const bytes = fromBase64Url(text) ?? new Uint8Array()
        yield bytes.subarray(skip)
        skip = 0
      }
    },

    remove: (id) => store.dropChunks(id),
  }
}
