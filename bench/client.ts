// The load generator, a process of its own: keep-alive sockets, one request at a time on each, every body made for its
// request. It speaks just enough HTTP to stay out of the way of what is measured.
import { connect, type Socket } from 'node:net'
import { dialects, FLEET, type Shot } from './dialects.ts'

interface Job {
  readonly port: number
  readonly dialect: string
  readonly mode: 'first' | 'steady'
  readonly document: Readonly<Record<string, unknown>>
  readonly connections: number
  readonly seconds: number
}

const job: Job = JSON.parse(process.argv[2] ?? '{}')
const WARM_UP = 0.4
const dialect = dialects.find(({ name }) => name === job.dialect)
if (!dialect) throw new Error(`no dialect ${job.dialect}`)

const bytesOf = ({ method, path, headers, body }: Shot): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: bench',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')

/** Sends requests one after another on one socket until there is no next one. */
function worker(next: () => string | null, answered: (milliseconds: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0
    let received = ''
    const socket: Socket = connect({ port: job.port, host: '127.0.0.1', noDelay: true }, send)
    socket.setEncoding('latin1').on('error', reject).on('data', read)
    socket.on('close', () => reject(new Error('the server closed a connection')))

    function send() {
      const request = next()
      if (request === null) {
        socket.removeAllListeners('close').destroy()
        return resolve()
      }
      sent = performance.now()
      socket.write(request)
    }

    function read(text: string) {
      received += text
      const head = received.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: ([0-9]+)/i.exec(received.slice(0, head))?.[1])
      if (Number.isNaN(length)) return reject(new Error(`no length in: ${received}`))
      if (received.length < head + 4 + length) return
      if (!/^HTTP\/1\.1 2/.test(received)) return reject(new Error(received))
      received = ''
      answered(performance.now() - sent)
      send()
    }
  })
}

const fleet = (next: () => string | null, answered: (milliseconds: number) => void) =>
  Promise.all(Array.from({ length: job.connections }, () => worker(next, answered)))

if (job.mode === 'steady') {
  let begun = 0
  await fleet(
    () => (begun < FLEET ? bytesOf(dialect.steady(job.document, begun++)) : null),
    () => {},
  )
}

// Repeats in no other process over the same file.
const base = process.pid * 1_000_000
let n = 0
const shot = () =>
  bytesOf(
    job.mode === 'first'
      ? dialect.first(job.document, base + n++)
      : dialect.steady(job.document, n++ % FLEET),
  )
const times: number[] = []
const begin = performance.now() + WARM_UP * 1000
const end = begin + job.seconds * 1000
let cpu = process.cpuUsage()
let measuring = false
await fleet(
  () => (performance.now() < end ? shot() : null),
  (milliseconds) => {
    if (performance.now() < begin) return
    if (!measuring) {
      measuring = true
      cpu = process.cpuUsage()
    }
    times.push(milliseconds)
  },
)
const { user, system } = process.cpuUsage(cpu)
times.sort((a, b) => a - b)
const at = (part: number) => times[Math.floor(times.length * part)]
console.log(
  JSON.stringify({
    rate: times.length / job.seconds,
    p50: at(0.5),
    p99: at(0.99),
    clientCpu: (user + system) / 1e6 / job.seconds,
  }),
)
