import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls'
import { type ConnectOptions, Unanswered } from '../../delivery/transport/transport.ts'
import { isPrivateAddress } from '../../outbound/target.ts'

export interface SocketOptions extends Pick<ConnectOptions, 'http2Only' | 'certificate'> {
  readonly allowPrivate: boolean
  /** Certificate authorities in PEM, in addition to those that Node trusts. */
  readonly authorities?: readonly string[]
  readonly milliseconds: number
}

export interface Opened {
  readonly socket: Socket
  /** False if the service chose HTTP/1.1. */
  readonly http2: boolean
}

/**
 * Connects to a service and checks the resolved address, as the guarded `fetch` does. With `https:`, the
 * service selects the protocol (ALPN); one that only speaks HTTP/2 need not negotiate it.
 */
export function openSocket(base: URL, options: SocketOptions): Promise<Opened> {
  const { http2Only = false, certificate, authorities, allowPrivate, milliseconds } = options
  const host = base.hostname.replace(/^\[|\]$/g, '')
  const secure = base.protocol === 'https:'
  const port = Number(base.port || (secure ? 443 : 80))
  const socket: Socket = secure
    ? connectTls({
        host,
        port,
        ...(isIP(host) ? {} : { servername: host }),
        ALPNProtocols: http2Only ? ['h2'] : ['h2', 'http/1.1'],
        ...(authorities && { ca: [...rootCertificates, ...authorities] }),
        ...(certificate && { cert: certificate.chain, key: certificate.key }),
      })
    : connectTcp({ host, port })
  socket.setNoDelay(true)

  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    const timer = setTimeout(() => fail(new Unanswered('unreachable', 'no-connection')), milliseconds)
    // This handler stays, because a socket may fail before a session takes it over.
    socket.on('error', fail)
    // Checked before TLS sends anything to the service.
    socket.once('connect', () => {
      if (!allowPrivate && isPrivateAddress(socket.remoteAddress ?? ''))
        fail(new Unanswered('private', 'private-address'))
    })
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      if (socket.destroyed) return
      clearTimeout(timer)
      const chosen = secure ? (socket as TLSSocket).alpnProtocol : 'h2'
      resolve({ socket, http2: chosen === 'h2' || (http2Only && !chosen) })
    })
  })
}
