import type { Gateway } from '../kit/gateway.ts'
import { median } from '../kit/numbers.ts'
import type { Options } from '../options.ts'
import type { Filled } from './fill.ts'
import { type Registrations, register } from './registrations.ts'
import type { Services } from './services.ts'
import { sendTo } from './speed.ts'

/** The rate of the largest send, and its effect on registrations. */
export interface Million {
  readonly phones: number
  /** Milliseconds from the call to the first phone. */
  readonly first: number
  /** Recipients per second without registrations. */
  readonly rate: number
  /** Registrations without and during a send. */
  readonly alone: Registrations
  readonly during: Registrations
}

const SECONDS = 8

/** A send to everybody, ended once it has been measured. */
export async function million(
  gateway: Gateway,
  services: Services,
  crowd: Filled,
  { quick, rounds }: Options,
): Promise<Million> {
  const seconds = quick ? 1 : SECONDS
  const [alone, during, firsts, rates] = [[], [], [], []] as [
    Registrations[],
    Registrations[],
    number[],
    number[],
  ]
  let job = 0
  const registering = () =>
    register({ port: gateway.port, instanceId: crowd.instanceId, seconds, job: job++ })
  await registering()
  for (let round = 0; round < rounds; round++) {
    alone.push(await registering())
    await services.reset()
    const { id, calledAt } = await sendTo(gateway, crowd)
    await services.until(1)
    await new Promise((resume) => setTimeout(resume, seconds * 1000))
    const { first, last, requests } = await services.told()
    firsts.push(first - calledAt)
    rates.push((requests / (last - first)) * 1000)
    during.push(await registering())
    await gateway.admin('DELETE', `/apps/${crowd.app}/messages/${id}`).catch(() => {})
    await quiet(services)
  }
  return {
    ...{ phones: crowd.phones, first: median(firsts), rate: median(rates) },
    ...{ alone: middle(alone), during: middle(during) },
  }
}

const middle = (all: readonly Registrations[]): Registrations => ({
  rate: median(all.map(({ rate }) => rate)),
  p50: median(all.map(({ p50 }) => p50)),
  p99: median(all.map(({ p99 }) => p99)),
})

/** Waits until the requests in flight have ended. */
async function quiet(services: Services): Promise<void> {
  for (let before = -1; ; ) {
    const { requests } = await services.told()
    if (requests === before) return
    before = requests
    await new Promise((resume) => setTimeout(resume, 1000))
  }
}
