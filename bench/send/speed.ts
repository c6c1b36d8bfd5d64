import { answer } from '../kit/child.ts'
import type { Gateway } from '../kit/gateway.ts'
import { cpuTime } from '../kit/memory.ts'
import { median } from '../kit/numbers.ts'
import { built } from '../kit/paths.ts'
import type { Filled } from './fill.ts'
import type { Services } from './services.ts'
import type { BareJob, Sample, Told } from './wire.ts'

/** A rate, and its cost. */
export interface Pace {
  /** Per second. */
  readonly rate: number
  /** Microseconds of CPU per message, independent of other users of the machine. */
  readonly cpu: number
}

/** Recipients per second through one push service, and the limits of that rate. */
export interface Speed {
  readonly provider: string
  readonly phones: number
  readonly ours: Pace
  /** A bare client that sends the same bytes. */
  readonly bare: Pace
  /** One thread that only encrypts, for Web Push. */
  readonly cipher: Pace | null
  /** Milliseconds from the call to the first phone. */
  readonly first: number
  /** The most milliseconds of a send without a request, of all rounds. */
  readonly silence: number
}

const TEXT = 'Goal! 2:1 in the last minute of the game. Tap to see it.'

export interface Sent {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly calledAt: number
}

/** Sends a message to all phones of an app. */
export async function sendTo(gateway: Gateway, { app }: Filled): Promise<Sent> {
  const calledAt = performance.timeOrigin + performance.now()
  const { id } = await gateway.admin<{ id: string }>('POST', `/apps/${app}/messages`, {
    title: 'Final score',
    body: TEXT,
    audience: { all: true },
  })
  return { id, calledAt }
}

/** The rate, and the CPU time per message. */
const paceOf = ({ requests, first, last }: Told, cpu: number): Pace => ({
  rate: (requests / (last - first)) * 1000,
  cpu: (cpu * 1000) / requests,
})

const middle = (all: readonly Pace[]): Pace => ({
  rate: median(all.map(({ rate }) => rate)),
  cpu: median(all.map(({ cpu }) => cpu)),
})

/** Alternates sends of the gateway with those of the bare client; returns medians. */
export async function speed(
  gateway: Gateway,
  services: Services,
  crowd: Filled,
  rounds: number,
): Promise<Speed> {
  const [ours, bare, cipher, firsts] = [[], [], [], []] as [Pace[], Pace[], Pace[], number[]]
  let silence = 0
  for (let round = 0; round < rounds; round++) {
    await services.reset()
    const before = cpuTime(gateway.pid)
    const { calledAt } = await sendTo(gateway, crowd)
    const told = await services.until(crowd.phones)
    ours.push(paceOf(told, cpuTime(gateway.pid) - before))
    firsts.push(told.first - calledAt)
    silence = Math.max(silence, told.silence)
    if (!told.sample) throw new Error('nothing came')
    bare.push(await barePace(services, crowd, told.sample))
    if (crowd.provider === 'webpush') cipher.push(await cipherPace(crowd.phones))
  }
  return {
    ...{ provider: crowd.provider, phones: crowd.phones },
    ...{ ours: middle(ours), bare: middle(bare), cipher: cipher.length > 0 ? middle(cipher) : null },
    first: median(firsts),
    silence,
  }
}

async function cipherPace(messages: number): Promise<Pace> {
  const { rate, cpu } = await answer<Pace>(built('cipher'), { messages, text: TEXT })
  return { rate, cpu: (cpu * 1000) / messages }
}

async function barePace(services: Services, { provider, phones }: Filled, sample: Sample): Promise<Pace> {
  const http2 = provider !== 'webpush'
  const job: BareJob = {
    ...{ sample, requests: phones, sessions: http2 ? 4 : 1, streams: http2 ? 100 : 64 },
    ...(http2 ? { origin: services.secure, protocol: 'http2' } : { origin: services.open, protocol: 'http' }),
  }
  await services.reset()
  const { cpu } = await answer<{ cpu: number }>(built('bare'), job, {
    NODE_EXTRA_CA_CERTS: services.authority,
  })
  return paceOf(await services.told(), cpu)
}
