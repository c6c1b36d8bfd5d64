import type { IncomingMessage } from 'node:http'

/**
 * The body of a request that arrived together with its head, as most do, without listeners, a web stream or a
 * copy. Undefined for all others, of which nothing is read.
 */
export async function arrivedBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  // The parser delivers a head and the available part of the body before the next promise callback runs.
  await undefined
  const { headers, readableLength, readableDidRead, destroyed, method } = incoming
  if (readableLength !== Number(headers['content-length'])) return undefined
  if (readableDidRead || destroyed || method === 'GET' || method === 'HEAD') return undefined
  const bytes = incoming.read() ?? new Uint8Array()
  // Only a flowing stream emits its end; without it the connection counts as busy with this body.
  incoming.resume()
  return bytes
}
