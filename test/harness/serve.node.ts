import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { guardedFetch } from '../../src/outbound/guarded-fetch.ts'
import type { Fetch } from '../../src/outbound/outbound.ts'

type Handler = (request: Request) => Response | Promise<Response>

/** How other servers are called: as in production, but private addresses are allowed. */
export const outsideFetch: Fetch = guardedFetch(true)

/** Starts a server on 127.0.0.1. */
export async function serve(handler: Handler) {
  const server = createServer((request, response) => void take(handler, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function take(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const headers = Object.entries(incoming.headers).map(
    ([name, value]) => [name, String(value)] as [string, string],
  )
  const sent = Buffer.concat(chunks)
  const init = { method: incoming.method ?? 'GET', headers, ...(sent.length > 0 && { body: sent }) }
  const response = await handler(new Request(`http://${incoming.headers.host}${incoming.url}`, init))
  outgoing.writeHead(response.status, [...response.headers].flat())
  if (!response.body) return void outgoing.end()
  // Fails when the body fails, and ends the body when the caller ends. Node's own type of the same stream.
  const body = response.body as Parameters<typeof Readable.fromWeb>[0]
  await pipeline(Readable.fromWeb(body), outgoing).catch(() => outgoing.destroy())
}
