import { fetchTransport } from '../../delivery/transport/fetch.ts'
import { type Post, REQUEST_MILLISECONDS, type Transport } from '../../delivery/transport/transport.ts'
import { createPool } from './pool.ts'
import { openSession } from './session.ts'
import { openSocket } from './socket.ts'

export interface NodeTransportOptions {
  /** Used for services that only speak HTTP/1.1. */
  readonly post: Post
  /** Whether loopback, private and other special addresses may be called. */
  readonly allowPrivate: boolean
  /** Certificate authorities in PEM, in addition to those that Node trusts. */
  readonly authorities?: readonly string[]
}

/**
 * Most concurrent requests per connection: more, where a service allows them, only make it slower
 * (delivery.md 4.7).
 */
const STREAMS = 200
const SESSIONS = 4

/** On Node, HTTP/2 for services that support it, and HTTP/1.1 over the guarded `fetch` for others. */
export function nodeTransport({ post, ...trust }: NodeTransportOptions): Transport {
  const http1 = fetchTransport(post)
  return {
    connect(base, options = {}) {
      const { streams = STREAMS, sessions = SESSIONS, http2Only = false } = options
      const otherwise = http1.connect(base)
      if (base.protocol === 'http:' && !http2Only) return otherwise
      return createPool({
        most: sessions,
        otherwise,
        async open(changed) {
          const milliseconds = REQUEST_MILLISECONDS
          const { socket, http2 } = await openSocket(base, { ...options, ...trust, milliseconds })
          if (http2) return openSession(socket, { base, streams, changed })
          socket.destroy()
          return null
        },
      })
    },
  }
}
