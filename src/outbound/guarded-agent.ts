import type * as Undici from 'undici'
import { isPrivateAddress } from './target.ts'

/** Loaded for the first call: a third of what a start would have to read. Bundled, it has its default export alone. */
export const undici = async (): Promise<typeof Undici.default> => (await import('undici')).default

/**
 * Connections that check the address which they actually got, so neither a host name nor DNS rebinding can hide a private
 * address. Workers do not need it: they cannot reach a private network.
 */
export function guardedAgent(allowPrivate: boolean): () => Promise<Undici.Agent> {
  let opened: Promise<Undici.Agent> | undefined
  return () => {
    opened ??= undici().then(({ Agent, buildConnector }) => {
      const connect = buildConnector({})
      return new Agent({
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
    })
    return opened
  }
}
