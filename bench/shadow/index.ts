import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Documents } from '../dialects/dialect.ts'
import { type Gateway, startGateway } from '../kit/gateway.ts'
import { cpuTime } from '../kit/memory.ts'
import { data, ROOT, removeDatabase } from '../kit/paths.ts'
import type { Options } from '../options.ts'

/** New devices, and app starts that change nothing. */
const MEASURES = ['fresh', 'steady'] as const
/** Well below the limit of a gateway, because the latency of calls is measured. */
const A_SECOND = 40
/** How long the vendor takes for each call. */
const VENDOR_MS = 10_000

interface Side {
  readonly name: string
  readonly gateway: Gateway
  readonly documents: Documents
}

/**
 * The latency of registrations in `shadow`, with a vendor that takes 10 seconds per call, compared with
 * `local`.
 */
export async function shadow(options: Options, say: (line: string) => void): Promise<null> {
  const files = ['local', 'shadow'].map((name) => join(data('work'), `${process.pid}-${name}.db`))
  const gateways: Gateway[] = []
  const vendor = await slowVendor()
  try {
    for (const file of files)
      gateways.push(await startGateway(file, ROOT, { ALLOW_PRIVATE_TARGETS: 'on', APP_CACHE_SECONDS: '1' }))
    const [one, other] = gateways
    if (!one || !other) throw new Error('two gateways')
    const { port } = vendor.address() as AddressInfo
    const mirror = { mode: 'shadow', upstream: `http://127.0.0.1:${port}`, timeoutMs: 60_000 }
    const sides = [
      { name: 'local', gateway: one, documents: await appOf(one) },
      { name: 'shadow', gateway: other, documents: await appOf(other, mirror) },
    ]
    await compare(sides, options, say)
    const { app } = sides[1]?.documents ?? {}
    const summary = await other.admin<Record<string, unknown>>('GET', `/apps/${app}/mirror/pushwoosh/summary`)
    say(
      `In shadow: ${summary.requests} calls, ${summary.sent} sent by now, ${summary.waiting} wait, ${summary.dropped} dropped.`,
    )
  } finally {
    for (const gateway of gateways) await gateway.stop()
    vendor.closeAllConnections()
    vendor.close()
    for (const file of files) {
      removeDatabase(file)
      rmSync(`${file}.imports`, { recursive: true, force: true })
    }
  }
  return null
}

const slowVendor = (): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      request.resume()
      const answer = () =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"status_code":200,"status_message":"OK","response":null}')
      setTimeout(answer, VENDOR_MS)
    })
    server.listen(0, '127.0.0.1', () => resolve(server))
  })

async function appOf(gateway: Gateway, mirror?: object): Promise<Documents> {
  const app = await gateway.admin<{ id: string; dialects: Documents['dialects'] }>('POST', '/apps', {
    name: 'bench',
    dialects: { pushwoosh: {} },
  })
  if (mirror) await gateway.admin('PATCH', `/apps/${app.id}`, { dialects: { pushwoosh: { mirror } } })
  return { app: app.id, dialects: app.dialects, accessToken: '', adminToken: gateway.adminToken }
}

/** Calls of both sides alternate, so that other load on the machine affects both equally. */
async function compare(sides: readonly Side[], { rounds, minutes }: Options, say: (line: string) => void) {
  const seconds = Math.max(2, (minutes * 60) / (rounds * MEASURES.length))
  say(
    `${rounds} rounds of ${seconds.toFixed(0)} s, ${A_SECOND} registrations a second on each side by turns, medians of the rounds; the vendor takes ${VENDOR_MS / 1000} s for each call.`,
  )
  for (const measure of MEASURES) {
    const found = new Map<Side, Spent[]>(sides.map((side) => [side, []]))
    await inTurns(sides, measure, 1)
    const before = sides.map(({ gateway }) => cpuTime(gateway.pid))
    for (let round = 0; round < rounds; round++)
      for (const [side, times] of await inTurns(sides, measure, seconds)) found.get(side)?.push(spent(times))
    const calls = Math.ceil(seconds * A_SECOND) * rounds
    const cpu = sides.map(({ gateway }, at) => (cpuTime(gateway.pid) - (before[at] ?? 0)) / calls)
    const of = (side: Side | undefined, member: keyof Spent) =>
      median((side ? (found.get(side) ?? []) : []).map((one) => one[member]))
    for (const [at, side] of sides.entries())
      say(
        `${measure}, ${side.name}: median ${of(side, 'p50').toFixed(2)} ms, p99 ${of(side, 'p99').toFixed(2)} ms; ${cpu[at]?.toFixed(2)} ms of CPU a call, copies and all`,
      )
    const times = (member: keyof Spent) => (of(sides[1], member) / of(sides[0], member)).toFixed(2)
    say(
      `${measure}: shadow takes ${times('p50')} x (median) and ${times('p99')} x (p99) of local; the goal is 1.1 x.`,
    )
  }
}

interface Spent {
  readonly p50: number
  readonly p99: number
}
const spent = (times: readonly number[]): Spent => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}
const median = (of: readonly number[]) => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0

async function inTurns(sides: readonly Side[], measure: string, seconds: number) {
  const times = new Map<Side, number[]>(sides.map((side) => [side, []]))
  const running: Promise<unknown>[] = []
  const begun = performance.now()
  for (let turn = 0; turn < seconds * A_SECOND; turn++) {
    const due = begun + (turn * 1000) / A_SECOND
    await pause(Math.max(0, due - performance.now()))
    for (const side of turn % 2 === 0 ? sides : sides.toReversed()) {
      const call = register(side, measure === 'fresh' ? crypto.randomUUID() : `phone ${turn % 20}`)
      running.push(call.then((ms) => times.get(side)?.push(ms)))
      await pause(500 / A_SECOND)
    }
  }
  await Promise.all(running)
  return times
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function register({ gateway, documents }: Side, hwid: string): Promise<number> {
  const { applicationCode: application } = documents.dialects.pushwoosh as {
    readonly applicationCode: string
  }
  const request = { application, hwid, device_type: 3, push_token: `token of ${hwid}` }
  const began = performance.now()
  const answer = await fetch(`http://127.0.0.1:${gateway.port}/json/1.3/registerDevice`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ request }),
  })
  const text = await answer.text()
  const ms = performance.now() - began
  if (!text.includes('"status_code":200')) throw new Error(`registerDevice: ${answer.status} ${text}`)
  return ms
}
