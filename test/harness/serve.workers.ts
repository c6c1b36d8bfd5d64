import type { Fetch } from '../../src/outbound/outbound.ts'

type Handler = (request: Request) => Response | Promise<Response>

const handlers = new Map<string, Handler>()
let made = 0

/** Calls servers of the test instead of a network, and aborts when asked. */
export const outsideFetch: Fetch = (url, init) => {
  const request = new Request(url, init)
  const handler = handlers.get(new URL(url).origin)
  const aborted = new Promise<never>((_, reject) => {
    init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
  })
  if (!handler) return Promise.reject(new Error('nobody listens there'))
  return Promise.race([aborted, handler(request)])
}

/** Answers at a separate origin. */
export async function serve(handler: Handler) {
  made++
  const origin = `http://127.0.0.1:${10_000 + made}`
  handlers.set(origin, handler)
  return { origin, close: () => void handlers.delete(origin) }
}
