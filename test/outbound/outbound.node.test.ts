import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { nodePost } from '../../src/node/post.ts'
import { guardedFetch } from '../../src/outbound/guarded-fetch.ts'
import { guardedPost } from '../../src/outbound/guarded-post.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'
import { openTenant, refusalOf } from '../adapters/backendless/tenant.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<number> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return (server.address() as AddressInfo).port
}

test('a name that leads to a private address is not spoken to', async () => {
  let asked = 0
  const port = await serve((_, response) => void response.end(String(asked++)))
  // How a public name with such a record behaves; the name itself does not show it.
  await expect(guardedFetch(false)(`http://localhost:${port}/`, {})).rejects.toMatchObject({
    cause: { message: 'localhost leads to a private address' },
  })
  expect(asked).toBe(0)
  expect(await (await guardedFetch(true)(`http://localhost:${port}/`, {})).text()).toBe('0')
})

test('nor is it by what makes thousands of requests a second', async () => {
  let asked = 0
  const port = await serve((_, response) => void response.end(String(asked++)))
  const url = new URL(`http://localhost:${port}/`)
  const call = { headers: {}, body: 'x', milliseconds: 1000, bytes: 100 }
  await expect(guardedPost(false)(url, call)).rejects.toMatchObject({ code: 'EPRIVATE' })
  await expect(nodePost(false)(url, call)).rejects.toMatchObject({ kind: 'private' })
  expect(asked).toBe(0)
  const { status, body } = await guardedPost(true)(url, call)
  expect([status, Buffer.from(body).toString()]).toEqual([200, '0'])
})

test('a server that does not answer in time is out of reach', async () => {
  const port = await serve(() => {})
  const outbound = createOutbound({ allowPrivate: true, fetch: guardedFetch(true) })
  await expect(
    outbound.send(new URL(`http://127.0.0.1:${port}/`), { milliseconds: 100 }),
  ).rejects.toMatchObject({ code: 'unavailable' })
})

test('an answer that has begun in time may take longer', async () => {
  const port = await serve((_, response) => {
    response.write('a')
    setTimeout(() => response.end('b'), 300)
  })
  const outbound = createOutbound({ allowPrivate: true, fetch: guardedFetch(true) })
  const answer = await outbound.send(new URL(`http://127.0.0.1:${port}/`), { milliseconds: 150 })
  expect(await answer.text()).toBe('ab')
})

test('a relayed request and its answer arrive whole, whatever their size, packed or not', async () => {
  const port = await serve((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { length } = Buffer.concat(chunks)
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
      response.end(
        gzipSync(JSON.stringify({ url: request.url, length, type: request.headers['content-type'] })),
      )
    })
  })
  const options = { fetch: guardedFetch(true), env: { ALLOW_PRIVATE_TARGETS: 'on' } }
  const t = await openTenant({ upstream: `http://127.0.0.1:${port}` }, options)
  const body = new Uint8Array(3 * 1024 * 1024).fill(65)
  const response = await t.call('POST', '/files/a%20b.bin?overwrite=true', {
    headers: { 'Content-Type': 'application/octet-stream' },
    body,
  })
  expect(await response.json()).toEqual({
    url: `/${t.id}/${t.keys.rest}/files/a%20b.bin?overwrite=true`,
    length: body.length,
    type: 'application/octet-stream',
  })
  expect(response.headers.get('content-encoding')).toBeNull()
})

test('a redirect is passed on, not followed', async () => {
  const port = await serve(
    (_, response) => void response.writeHead(302, { Location: 'http://10.0.0.1/' }).end(),
  )
  const options = { fetch: guardedFetch(true), env: { ALLOW_PRIVATE_TARGETS: 'on' } }
  const t = await openTenant({ upstream: `http://127.0.0.1:${port}` }, options)
  const response = await t.call('GET', '/files/a')
  expect([response.status, response.headers.get('location')]).toEqual([302, 'http://10.0.0.1/'])
})

test('nothing listens there: unavailable', async () => {
  const port = await serve(() => {})
  servers.splice(0)[0]?.close()
  const options = { fetch: guardedFetch(true), env: { ALLOW_PRIVATE_TARGETS: 'on' } }
  const t = await openTenant({ upstream: `http://127.0.0.1:${port}` }, options)
  expect(await refusalOf(await t.call('GET', '/users/u1'))).toEqual([503, 503])
})

test('what unpacks to more than an answer may hold is cut off before it is unpacked whole (hostile F14)', async () => {
  const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024))
  const port = await serve((_, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed)
  })
  const outbound = createOutbound({ allowPrivate: true, fetch: guardedFetch(true) })
  const bounds = { bytes: 1024 * 1024, milliseconds: 10_000 }
  const answer = await outbound.send(new URL(`http://127.0.0.1:${port}/`), { answer: bounds })
  let read = 0
  await expect(async () => {
    for await (const part of answer.body ?? []) read += part.byteLength
  }).rejects.toMatchObject({ code: 'unavailable' })
  expect(read).toBeLessThanOrEqual(bounds.bytes)
})

test('a server that trickles is let go, and its connection closed (hostile F14)', async () => {
  let closed = () => {}
  const end = new Promise<void>((resolve) => {
    closed = resolve
  })
  const port = await serve((_, response) => {
    const timer = setInterval(() => response.write('x'), 20)
    response.on('close', () => {
      clearInterval(timer)
      closed()
    })
  })
  const outbound = createOutbound({ allowPrivate: true, fetch: guardedFetch(true) })
  const bounds = { bytes: 1024 * 1024, milliseconds: 200 }
  const answer = await outbound.send(new URL(`http://127.0.0.1:${port}/`), { answer: bounds })
  await expect(answer.text()).rejects.toMatchObject({ code: 'unavailable' })
  await end
})
