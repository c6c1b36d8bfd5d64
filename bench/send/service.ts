// Push services as fast as Node allows, in a separate process: FCM and APNs over HTTP/2, Web Push and
// Google's access tokens over HTTP/1.1. They accept everything, and report the times of the first and last
// request, the longest time without one, and the number of requests per phone.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { About, Job, Sample, Told } from './wire.ts'

const job: Job = JSON.parse(process.argv[2] ?? '{}')
const now = () => performance.timeOrigin + performance.now()

const NOTHING: Told = { requests: 0, first: 0, last: 0, silence: 0, sample: null }
let told = NOTHING
const phones = new Map<string, number>()

/** A rate is computed from the milliseconds between the first request and the last one. */
function came(sample: () => Sample): void {
  const at = now()
  told = {
    requests: told.requests + 1,
    first: told.requests === 0 ? at : told.first,
    last: at,
    silence: told.requests === 0 ? 0 : Math.max(told.silence, at - told.last),
    sample: told.sample ?? sample(),
  }
}

function count(phone: string): void {
  if (job.counts) phones.set(phone, (phones.get(phone) ?? 0) + 1)
}

const plain = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !name.startsWith(':'))
      .map(([name, value]) => [name, String(value)]),
  )

function bodyOf(stream: ServerHttp2Stream | IncomingMessage, then: (body: string) => void): void {
  const chunks: Buffer[] = []
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('end', () => then(Buffer.concat(chunks).toString('latin1')))
}

const secure = createSecureServer({ ...job.certificate, settings: { maxConcurrentStreams: 1000 } })
secure.on('session', (session) => session.on('error', () => {}))
secure.on('stream', (stream, headers) => {
  const path = String(headers[':path'])
  bodyOf(stream, (body) => {
    const apns = path.startsWith('/3/')
    const token = apns ? path.slice(path.lastIndexOf('/') + 1) : (/"token":"([^"]+)"/.exec(body)?.[1] ?? '')
    came(() => ({ path, headers: plain(headers), body, token }))
    count(token)
    if (stream.destroyed) return
    stream.respond({
      ':status': 200,
      ...(apns ? { 'apns-id': headers['apns-id'] } : { 'content-type': 'application/json' }),
    })
    stream.end(apns ? '' : '{"name":"projects/bench/messages/0:1"}')
  })
})

function answer(response: ServerResponse, status: number, document?: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(document === undefined ? '' : JSON.stringify(document))
}

const open = createServer((request, response) => {
  const path = request.url ?? ''
  bodyOf(request, (body) => {
    if (path.startsWith('/push/')) {
      came(() => ({ path, headers: plain(request.headers), body, token: path }))
      count(path)
      return answer(response, 201)
    }
    if (path === '/token')
      return answer(response, 200, { access_token: 'bench', expires_in: 3599, token_type: 'Bearer' })
    if (path === '/told') return answer(response, 200, told)
    if (path === '/phones') {
      const times = [...phones.values()]
      const most = times.reduce((high, one) => Math.max(high, one), 0)
      return answer(response, 200, { reached: phones.size, requests: times.reduce((a, b) => a + b, 0), most })
    }
    if (path === '/reset') {
      told = NOTHING
      phones.clear()
    }
    const about: About = { secure: `https://127.0.0.1:${(secure.address() as AddressInfo).port}` }
    answer(response, 200, about)
  })
})

secure.listen(0, '127.0.0.1', () =>
  open.listen(0, '127.0.0.1', () =>
    process.stderr.write(`listens on http://127.0.0.1:${(open.address() as AddressInfo).port}\n`),
  ),
)
