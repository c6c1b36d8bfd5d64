import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { arrivedBody } from '../../src/node/arrived.ts'

let stop = () => {}
afterEach(() => stop())

/**
 * The part of each body that a server has immediately, for bodies sent over one connection in these pieces;
 * the rest as a stream. A piece is sent once the server has read the one before, and the connection is closed once it
 * has read the last and, unless that breaks a body off, has answered.
 */
async function arrivals(pieces: readonly string[], count: number) {
  const seen: { arrived: string | undefined; rest: string }[] = []
  const server = createServer(async (incoming: IncomingMessage, outgoing) => {
    const bytes = await arrivedBody(incoming)
    const rest = bytes === undefined ? await text(incoming).catch(() => 'broken off') : ''
    seen.push({ arrived: bytes && new TextDecoder().decode(bytes), rest })
    outgoing.end()
  })
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens))
  const accepted = once(server, 'connection')
  const socket: Socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  stop = () => {
    socket.destroy()
    server.close()
  }
  socket.setNoDelay(true).on('error', () => {})
  const [peer] = (await accepted) as [Socket]
  for (const piece of pieces) {
    socket.write(piece)
    await expect.poll(() => peer.bytesRead, { interval: 5 }).toBe(socket.bytesWritten)
  }
  socket.end()
  await expect.poll(() => seen, { interval: 5 }).toHaveLength(count)
  return seen
}

const post = (headers: string, body = '', method = 'POST') =>
  `${method} / HTTP/1.1\r\nHost: gw.example\r\n${headers}\r\n${body}`
const sized = (body: string) => post(`Content-Length: ${body.length}\r\n`, body)
const large = 'x'.repeat(300_000)

test.each<[string, string[], { arrived: string | undefined; rest: string }[]]>([
  ['with its head', [sized('hello')], [{ arrived: 'hello', rest: '' }]],
  ['that is empty', [sized('')], [{ arrived: '', rest: '' }]],
  [
    'one after the other on one connection',
    [sized('one') + sized('two'), sized('three')],
    [
      { arrived: 'one', rest: '' },
      { arrived: 'two', rest: '' },
      { arrived: 'three', rest: '' },
    ],
  ],
  ['after its head', [post('Content-Length: 5\r\n'), 'hello'], [{ arrived: undefined, rest: 'hello' }]],
  ['in pieces', [post('Content-Length: 5\r\n', 'he'), 'l', 'lo'], [{ arrived: undefined, rest: 'hello' }]],
  [
    'without its length',
    [post('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n')],
    [{ arrived: undefined, rest: 'hello' }],
  ],
  ['that is large', [sized(large)], [{ arrived: undefined, rest: large }]],
  ['that breaks off', [post('Content-Length: 5\r\n', 'hell')], [{ arrived: undefined, rest: 'broken off' }]],
  [
    'of a method that has none',
    [post('Content-Length: 5\r\n', 'hello', 'GET')],
    [{ arrived: undefined, rest: 'hello' }],
  ],
])(
  'a body %s is whole, and is there at once only if all of it came with the head',
  async (_, pieces, expected) => {
    expect(await arrivals(pieces, expected.length)).toEqual(expected)
  },
)
