import { Worker } from 'node:worker_threads'
import type { Encrypt } from '../delivery/provider.ts'
import type { WebPushKeys } from '../domain/push-token.ts'
import { nodeEncrypt } from './web-push-cipher.ts'

/** Messages that a thread encrypts in one batch. Many of them have the same text. */
export interface Batch {
  readonly texts: readonly Uint8Array[]
  readonly messages: readonly { readonly text: number; readonly keys: WebPushKeys }[]
}

/** Their bodies, in order; null for invalid keys. */
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
  /** The number of messages in the thread's queue. */
  readonly busy: number
}

/** Most queued messages per thread: a result should not wait for more than about 10 ms of other messages. */
const MOST_AT_ONCE = 32

/**
 * What a thread may keep: with V8's own limit of the young generation it would collect after 48 MB of what it has forgotten
 * already, most of it outside of the heap.
 */
const HEAP = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 } as const

/**
 * Encrypts on separate threads: at 0.3 ms per message, a large send would block the event loop. `program` is
 * the bundle of cipher-thread.ts; messages of a thread that ended are encrypted here.
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
  const worker = new Worker(program, { resourceLimits: { ...HEAP } })
  // Does not keep the process alive.
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
  // The `exit` event, which follows, handles this.
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
