import type * as Undici from 'undici'
import type { Fetch } from './outbound.ts'
import { isPrivateAddress } from './target.ts'

/**
 * `fetch` for Node that checks the address it actually connected to, so neither a host name nor DNS rebinding can hide a
 * private address. Workers do not need it: they cannot reach a private network.
 */
export function guardedFetch(allowPrivate: boolean): Fetch {
  let opened: Promise<Fetch> | undefined
  return async (url, init) => {
    // Loaded for the first call: a third of what a start would have to read. Bundled, it has its default export alone.
    opened ??= import('undici').then(({ default: undici }) => guarded(undici, allowPrivate))
    return (await opened)(url, init)
  }
}

function guarded({ Agent, buildConnector, fetch }: typeof Undici.default, allowPrivate: boolean): Fetch {
  const connect = buildConnector({})
  const dispatcher = new Agent({
    connect(options, callback) {
      connect(options, (error, socket) => {
        if (error) return callback(error, null)
        const { remoteAddress = '' } = socket
        if (allowPrivate || !isPrivateAddress(remoteAddress)) return callback(null, socket)
        socket.destroy()
        const fault = new Error(`${options.hostname} leads to a private address`)
        callback(Object.assign(fault, { code: 'EPRIVATE' }), null)
      })
    },
  })
  return async (url, init) => {
    // undici's classes differ from the global ones, so headers are passed as a list.
    const headers = [...new Headers(init.headers)]
    const answer = await fetch(url, { ...init, headers, dispatcher } as Undici.RequestInit)
    const body = answer.body as ReadableStream<Uint8Array> | null
    return new Response(body, { status: answer.status, headers: [...answer.headers] })
  }
}
