// A bare client: sends the same bytes as the gateway with node:http2 or node:http, and does nothing else.
import { Agent, request } from 'node:http'
import { type ClientHttp2Session, connect } from 'node:http2'
import type { BareJob } from './wire.ts'

const job: BareJob = JSON.parse(process.argv[2] ?? '{}')
const { sample } = job
let sent = 0

/** The sample's token with another number, because header compression must not see the same value twice. */
function renumbered(text: string, n: number): string {
  const { token } = sample
  return text.replace(token, String(n).padStart(12, '0') + token.slice(12))
}

function next(): { path: string; body: Buffer } {
  const n = sent++
  return {
    path: renumbered(sample.path, n),
    body: Buffer.from(renumbered(sample.body, n), 'latin1'),
  }
}

function overHttp2(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    const { path, body } = next()
    const stream = session.request({ ':method': 'POST', ':path': path, ...sample.headers })
    stream.on('error', reject)
    stream.resume()
    stream.on('close', resolve)
    stream.end(body)
  })
}

const agent = new Agent({ keepAlive: true, maxSockets: job.streams })
function overHttp(): Promise<void> {
  return new Promise((resolve, reject) => {
    const n = sent++
    const body = Buffer.from(sample.body, 'latin1')
    const { host: _, ...headers } = sample.headers
    const { hostname, port } = new URL(job.origin)
    const call = request({
      ...{ agent, hostname, port, method: 'POST', headers },
      path: sample.path.replace(/\d+$/, String(n)),
    })
    call.on('error', reject)
    call.on('response', (response) => response.resume().on('end', resolve))
    call.end(body)
  })
}

async function one(send: () => Promise<void>): Promise<void> {
  while (sent < job.requests) await send()
}

const began = process.cpuUsage()
const sessions = Array.from({ length: job.protocol === 'http2' ? job.sessions : 0 }, () =>
  connect(job.origin),
)
await Promise.all(
  job.protocol === 'http2'
    ? sessions.flatMap((session) => Array.from({ length: job.streams }, () => one(() => overHttp2(session))))
    : Array.from({ length: job.streams }, () => one(overHttp)),
)
const { user, system } = process.cpuUsage(began)
process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000 }))
process.exit(0)
