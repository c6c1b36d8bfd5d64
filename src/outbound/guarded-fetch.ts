import { Agent, buildConnector, type RequestInit as UndiciInit, fetch as undiciFetch } from 'undici'
import type { Fetch } from './outbound.ts'
import { isPrivateAddress } from './target.ts'

/**
 * `fetch` on Node that looks at the address it is connected to, which no name and no change of its records between two
 * look-ups can disguise. Workers need none: nothing private is near them.
 */
export function guardedFetch(allowPrivate: boolean): Fetch {
  const connect = buildConnector({})
  const dispatcher = new Agent({
    connect(options, callback) {
      connect(options, (error, socket) => {
        if (error) return callback(error, null)
        const { remoteAddress = '' } = socket
        if (allowPrivate || !isPrivateAddress(remoteAddress)) return callback(null, socket)
        socket.destroy()
        callback(new Error(`${options.hostname} leads to a private address`), null)
      })
    },
  })
  return async (url, init) => {
    // Both implement the same standard; only the classes differ, so the headers are passed as a list.
    const headers = [...new Headers(init.headers)]
    const answer = await undiciFetch(url, { ...init, headers, dispatcher } as UndiciInit)
    const body = answer.body as ReadableStream<Uint8Array> | null
    return new Response(body, { status: answer.status, headers: [...answer.headers] })
  }
}
