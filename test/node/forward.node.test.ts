import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { forwarding } from '../../src/node/forward.ts'

async function listening(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A gateway in front of `to`. */
async function before(to: string, failed: unknown[] = []): Promise<string> {
  const later = async (asked: Request) =>
    new Response(`later: ${asked.method} ${await asked.text()}`, { status: 503 })
  const forward = forwarding({ to, failed: (error) => failed.push(error), later, kept: 10_000 })
  onTestFinished(() => forward.close())
  return listening((incoming, outgoing) => void forward.answer(incoming, outgoing))
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['rawHeaders']
  readonly body: string
}

/** Sent exactly as written here, because `fetch` would normalize paths. */
function ask(
  origin: string,
  path: string,
  { method = 'GET', headers = {}, body = '' } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.rawHeaders, body: text }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Reports the requests that arrived. */
const echo: RequestListener = async (incoming, outgoing) => {
  let body = ''
  for await (const part of incoming.setEncoding('utf8')) body += part
  const { method, url, headers } = incoming
  outgoing.writeHead(207, { 'X-Own': 'yes', 'Keep-Alive': 'timeout=7', 'Set-Cookie': ['a=1', 'b=2'] })
  outgoing.end(JSON.stringify({ method, url, headers, body }))
}

test.each(['/a%2Fb/c?d=%20&e', '//double//slash/', '/%e4%bd%a0?q=%zz', '/admin/v1/apps'])(
  'a call of %s arrives as it was written',
  async (path) => {
    const { status, body } = await ask(await before(await listening(echo)), path, {
      method: 'PUT',
      headers: { 'X-Secret': 'kept', Connection: 'close, X-Hop', 'X-Hop': 'gone', Host: 'push.example.com' },
      body: 'ü',
    })
    expect(status).toBe(207)
    const told = JSON.parse(body)
    expect(told).toMatchObject({ method: 'PUT', url: path, body: 'ü' })
    expect(told.headers).toMatchObject({
      host: 'push.example.com',
      'x-secret': 'kept',
      'x-forwarded-for': '127.0.0.1',
    })
    expect(told.headers).not.toHaveProperty('x-hop')
  },
)

test('an address with a path stands before every path', async () => {
  const { body } = await ask(await before(`${await listening(echo)}/behind/`), '/here')
  expect(JSON.parse(body)).toMatchObject({ url: '/behind/here' })
})

test('an answer comes back with its own headers, but for those of the connection', async () => {
  const { headers } = await ask(await before(await listening(echo)), '/')
  const pairs = headers.flatMap((name, at) =>
    at % 2 === 0 ? [`${name}: ${headers[at + 1]}`.toLowerCase()] : [],
  )
  expect(pairs).toEqual(expect.arrayContaining(['x-own: yes', 'set-cookie: a=1', 'set-cookie: b=2']))
  expect(pairs).not.toContain('keep-alive: timeout=7')
})

test('who called before is told, after those of whom the call spoke', async () => {
  const { body } = await ask(await before(await listening(echo)), '/', {
    headers: { 'X-Forwarded-For': '203.0.113.9' },
  })
  expect(JSON.parse(body).headers['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1')
})

test('a gateway out of reach: the call may come later, and its body is there for who says so', async () => {
  const failed: unknown[] = []
  const front = await before('http://127.0.0.1:9', failed)
  expect(await ask(front, '/x', { method: 'POST', body: 'kept' })).toMatchObject({
    status: 503,
    body: 'later: POST kept',
  })
  // Too long to be buffered, so it is streamed.
  expect(await ask(front, '/x', { method: 'POST', body: 'x'.repeat(20_000) })).toMatchObject({
    status: 503,
    body: 'later: POST ',
  })
  expect(failed).toHaveLength(2)
})

test('gateways that forward to each other end it', async () => {
  let first = ''
  const second = await before(
    await listening((incoming, outgoing) => {
      const { hostname, port } = new URL(first)
      const on = request({ hostname, port, path: incoming.url, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 0)
        answer.pipe(outgoing)
      })
      on.end()
    }),
  )
  first = second
  expect(await ask(second, '/round')).toMatchObject({ status: 503, body: 'later: GET ' })
})

test('an answer that breaks off breaks off', async () => {
  const failed: unknown[] = []
  const front = await before(
    await listening((_, outgoing) => {
      outgoing.writeHead(200, { 'Content-Length': '100' })
      outgoing.write('half', () => outgoing.destroy())
    }),
    failed,
  )
  await expect(ask(front, '/')).rejects.toThrow(/aborted|ECONNRESET|socket hang up/)
  expect(failed).toHaveLength(1)
})

test('/healthz is its own', async () => {
  const to = 'http://127.0.0.1:9'
  const { status, body } = await ask(await before(to), '/healthz')
  expect([status, JSON.parse(body)]).toEqual([200, { status: 'forwarding', to }])
})
