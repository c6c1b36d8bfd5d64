import { Agent, request } from 'node:http'
import { percentile } from '../kit/numbers.ts'

export interface Registrations {
  /** Per second. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

interface Job {
  readonly port: number
  readonly instanceId: string
  readonly seconds: number
  readonly job: number
}

/** Most phones that register at the same time. */
const AT_ONCE = 16
/** New phones per second, independent of the answers to earlier ones. */
const A_SECOND = 200

/** New phones register at a steady rate; a phone's time counts from its scheduled start. */
export async function register({ port, instanceId, seconds, job }: Job): Promise<Registrations> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const times: number[] = []
  const phones = Math.round(seconds * A_SECOND)
  const began = performance.now()
  const running: Promise<void>[] = []
  for (let n = 0; n < phones; n++) {
    const due = began + (n * 1000) / A_SECOND
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resume) => setTimeout(resume, wait))
    const at = Math.max(due, performance.now() - 1)
    running.push(
      one({ agent, port, instanceId, token: `bench-${job}-${n}` }).then(
        () => void times.push(performance.now() - at),
      ),
    )
  }
  await Promise.all(running)
  agent.destroy()
  const sorted = Float64Array.from(times).sort()
  return {
    rate: (phones / (performance.now() - began)) * 1000,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  }
}

interface One {
  readonly agent: Agent
  readonly port: number
  readonly instanceId: string
  readonly token: string
}

function one({ agent, port, instanceId, token }: One): Promise<void> {
  const body = JSON.stringify({ token, metadata: { sdkVersion: '1.9.2' } })
  return new Promise((resolve, reject) => {
    const call = request({
      ...{ agent, port, host: '127.0.0.1', method: 'POST' },
      path: `/device_api/v1/instances/${instanceId}/devices/fcm`,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    })
    call.on('error', reject)
    call.on('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`a registration was answered ${response.statusCode}`))
      response.resume().on('end', resolve)
    })
    call.end(body)
  })
}
