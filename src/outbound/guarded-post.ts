import type { Dispatcher } from 'undici'
import { joined } from '../domain/encoding.ts'
import { guardedAgent } from './guarded-agent.ts'

export interface PostCall {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** For everything, from the request to the end of its answer. */
  readonly milliseconds: number
  /** Of the answer's body, at most so much is read. */
  readonly bytes: number
}

/** As far as it came in time. */
export interface Posted {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly whole: boolean
}

/**
 * POST for Node without the layers of `fetch`, for callers that make thousands a second: the same check of the address that
 * it connected to, and no redirects. Throws where no status came.
 */
export function guardedPost(allowPrivate: boolean): (url: URL, call: PostCall) => Promise<Posted> {
  const agent = guardedAgent(allowPrivate)
  return async (url, call) => {
    const dispatcher = await agent()
    return new Promise((resolve, reject) => {
      const { handler, cut } = reading(call.bytes, resolve, reject)
      const timer = setTimeout(
        () => cut(new Error(`no answer in ${call.milliseconds} ms`)),
        call.milliseconds,
      )
      dispatcher.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'POST',
          headers: call.headers,
          body: call.body,
        },
        handler(() => clearTimeout(timer)),
      )
    })
  }
}

/** Collects an answer; what breaks off after its status still is one. */
function reading(bytes: number, resolve: (posted: Posted) => void, reject: (error: unknown) => void) {
  let controller: Dispatcher.DispatchController | undefined
  let reason: Error | undefined
  let head: Pick<Posted, 'status' | 'headers'> | undefined
  const chunks: Uint8Array[] = []
  let read = 0

  function cut(why: Error): void {
    reason = why
    // A request that still waits for its connection is aborted as it starts.
    controller?.abort(why)
  }
  function end(whole: boolean, error?: Error): void {
    if (head) resolve({ ...head, body: joined(chunks), whole })
    else reject(reason ?? error)
  }
  const handler = (ended: () => void): Dispatcher.DispatchHandler => ({
    onRequestStart(started) {
      controller = started
      if (reason) started.abort(reason)
    },
    onResponseStart(_, status, headers) {
      // What came before belongs to an informational answer.
      const named = Object.entries(headers).map(([name, value]) => [name, String(value)])
      if (status >= 200) head = { status, headers: Object.fromEntries(named) }
    },
    onResponseData(_, chunk) {
      chunks.push(chunk.subarray(0, bytes - read))
      read += chunk.byteLength
      if (read > bytes) cut(new Error('enough'))
    },
    onResponseEnd() {
      ended()
      end(true)
    },
    onResponseError(_, error) {
      ended()
      end(false, error)
    },
  })
  return { handler, cut }
}
