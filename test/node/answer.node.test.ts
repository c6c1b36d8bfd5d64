import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Answer } from '../../src/node/answer.ts'

let stop = () => {}
afterEach(() => stop())

/** The headers of one answer; those that the gateway adds are the same in all. */
async function headersOf(answer: RequestListener<typeof IncomingMessage, typeof Answer>) {
  const server = createServer({ ServerResponse: Answer }, (incoming, outgoing) => {
    Object.assign(outgoing.house, {
      'X-Request-Id': 'ours',
      'Access-Control-Allow-Origin': '*',
      Vary: 'Origin',
    })
    answer(incoming, outgoing)
  })
  stop = () => server.close()
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens))
  const { headers, status } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const of = (name: string) => headers.get(name)
  return {
    status,
    id: of('x-request-id'),
    origin: of('access-control-allow-origin'),
    vary: of('vary'),
    type: of('content-type'),
  }
}

const HOUSE = { status: 200, id: 'ours', origin: '*', vary: 'Origin', type: null }
const sent =
  (headers?: Record<string, string>): RequestListener<typeof IncomingMessage, typeof Answer> =>
  (_, outgoing) => {
    if (headers) outgoing.writeHead(200, headers)
    outgoing.end('{}')
  }

test.each<[string, Record<string, string> | undefined, Partial<typeof HOUSE> | { type: string }]>([
  ['with no headers of its own', undefined, {}],
  ['with a type', { 'content-type': 'application/json' }, { type: 'application/json' }],
  ['that varies by more', { Vary: 'Accept-Language' }, { vary: 'Origin, Accept-Language' }],
  ['with the id of another server', { 'X-Request-ID': 'theirs' }, {}],
  [
    'of another server that says itself who may read it',
    { 'access-control-allow-origin': 'https://a.example', vary: 'Accept', 'x-request-id': 'theirs' },
    { origin: 'https://a.example', vary: 'Accept' },
  ],
])('an answer %s has the headers of the house as well', async (_, headers, expected) => {
  expect(await headersOf(sent(headers))).toEqual({ ...HOUSE, ...expected })
})
