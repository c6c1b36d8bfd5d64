import { Worker } from 'node:worker_threads'
import type { Encrypt } from '../delivery/provider.ts'
import type { WebPushKeys } from '../domain/push-token.ts'
import { nodeEncrypt } from './web-push-cipher.ts'

/** Messages that are encrypted by one thread in one go. Many of them have the same text. */
export interface Batch {
  readonly texts: readonly Uint8Array[]
  readonly messages: readonly { readonly text: number; readonly keys: WebPushKeys }[]
}

/** Their bodies, one after the other; null for keys that are none. */
export interface Sealed {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: readonly (number | null)[]
}

interface Asked {
  readonly text: Uint8Array
  readonly keys: WebPushKeys
  readonly resolve: (body: Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>) => void
  readonly reject: (error: Error) => void
}

interface Thread {
  give(batch: readonly Asked[]): void
  /** Messages that it has. */
  readonly busy: number
}

/** An answer should not have to wait for more than some 10 ms of other messages. */
const MOST_AT_ONCE = 32

/**
 * Encrypts on threads of its own: at 0.3 ms a message, a large send would leave the event loop no time for anything else.
 * `program` is the bundle of cipher-thread.ts; what a thread that ends has left is encrypted here.
 */
export function threadedEncrypt(program: URL, threads: number): Encrypt {
  const pool: Thread[] = []
  let waiting: Asked[] = []

  function share(): void {
    const asked = waiting
    waiting = []
    for (let from = 0; from < asked.length; from += MOST_AT_ONCE) {
      const free = pool.find(({ busy }) => busy === 0)
      const thread = free ?? (pool.length < threads ? open() : leastBusy())
      thread.give(asked.slice(from, from + MOST_AT_ONCE))
    }
  }

  const leastBusy = (): Thread => pool.reduce((least, one) => (one.busy < least.busy ? one : least))

  function open(): Thread {
    const thread = openThread(program, () => {
      pool.splice(pool.indexOf(thread), 1)
    })
    pool.push(thread)
    return thread
  }

  return (text, keys, ephemeral) => {
    if (ephemeral) return nodeEncrypt(text, keys, ephemeral)
    return new Promise((resolve, reject) => {
      if (waiting.push({ text, keys, resolve, reject }) === 1) setImmediate(share)
    })
  }
}

function openThread(program: URL, ended: () => void): Thread {
  const worker = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: 32 } })
  // Waits for nothing when the process ends.
  worker.unref()
  const batches: (readonly Asked[])[] = []
  let busy = 0

  worker.on('message', ({ bytes, lengths }: Sealed) => {
    let at = 0
    for (const [place, { resolve, reject }] of (batches.shift() ?? []).entries()) {
      busy--
      const length = lengths[place] ?? null
      if (length === null) reject(new Error('these are no keys of a subscription'))
      else resolve(bytes.subarray(at, at + length))
      at += length ?? 0
    }
  })
  // Told by its end, too.
  worker.on('error', () => {})
  worker.on('exit', () => {
    ended()
    for (const { text, keys, resolve } of batches.splice(0).flat()) resolve(nodeEncrypt(text, keys))
  })

  return {
    get busy() {
      return busy
    },
    give(asked) {
      batches.push(asked)
      busy += asked.length
      const texts = [...new Set(asked.map(({ text }) => text))]
      const batch: Batch = {
        texts,
        messages: asked.map(({ text, keys }) => ({ text: texts.indexOf(text), keys })),
      }
      worker.postMessage(batch)
    },
  }
}
