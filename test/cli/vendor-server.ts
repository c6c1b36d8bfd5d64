import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

export interface VendorCall {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly at: number
}

/** An answer of the old vendor. */
export interface VendorAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Breaks the connection after this many bytes of the body. */
  readonly cut?: number
  /** Sends nothing at all. */
  readonly silent?: boolean
}

export interface Vendor {
  readonly origin: string
  readonly calls: readonly VendorCall[]
  /** Answers for the next calls, in order; after them, the vendor's own answers again. */
  fail(...answers: readonly VendorAnswer[]): void
}

const running: (() => void)[] = []
afterAll(() => {
  for (const end of running.splice(0)) end()
})

/** A server on this machine that answers like a vendor's API. */
export async function startVendor(answer: (call: VendorCall) => VendorAnswer): Promise<Vendor> {
  const calls: VendorCall[] = []
  const faults: VendorAnswer[] = []
  const server = createServer(async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part)
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://vendor')
    const call: VendorCall = {
      ...{ method: incoming.method ?? '', path: pathname, query: searchParams, headers: incoming.headers },
      ...{ body: Buffer.concat(parts).toString(), at: Date.now() },
    }
    calls.push(call)
    say(outgoing, faults.shift() ?? answer(call))
  })
  await new Promise<void>((resume) => server.listen(0, '127.0.0.1', resume))
  running.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    fail: (...answers) => void faults.push(...answers),
  }
}

function say(
  outgoing: ServerResponse,
  { status = 200, headers, body = '', cut, silent }: VendorAnswer,
): void {
  if (silent) return
  const bytes = Buffer.from(body)
  outgoing.writeHead(status, { 'Content-Length': String(bytes.length), ...headers })
  if (cut === undefined) return void outgoing.end(bytes)
  outgoing.write(bytes.subarray(0, cut), () => outgoing.destroy())
}

export const json = (document: unknown): VendorAnswer => ({
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(document),
})
