import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Gateway, startGateway } from '../kit/gateway.ts'
import { peakMemory } from '../kit/memory.ts'
import { data } from '../kit/paths.ts'
import type { Options } from '../options.ts'
import type { Measurement } from '../report/report.ts'
import { credentialFor } from './credentials.ts'
import { type Crowd, type Filled, fill } from './fill.ts'
import { type Killed, killed } from './kills.ts'
import { type Million, million } from './million.ts'
import { planning } from './planning.ts'
import { sections } from './sections.ts'
import { type Services, startServices } from './services.ts'
import { type Speed, speed } from './speed.ts'

/** Phones per push service: some ten seconds of sending. */
const CROWDS = { fcm: 50_000, apns: 50_000, webpush: 25_000 } as const

/** Phones in the send that is interrupted by kills, and the number of kills. */
const KILLED = { phones: 100_000, kills: 5 } as const

const isWanted = ({ only }: Options, name: string) =>
  only.length === 0 || only.some((one) => name.includes(one))

function crowdsOf(options: Options): readonly Crowd[] {
  const { devices, quick } = options
  return [
    ...(['fcm', 'apns', 'webpush'] as const).map((provider) => ({
      name: provider,
      provider,
      // A quick run is short because it uses few devices.
      phones: quick ? Math.ceil(devices / 5) : CROWDS[provider],
    })),
    { name: 'million', provider: 'fcm' as const, phones: devices },
  ].filter(({ name }) => isWanted(options, name))
}

/**
 * The rate at which messages are sent, next to its limits, and the effect of a large send on concurrent
 * registrations.
 */
export async function send(options: Options, say: (line: string) => void): Promise<Measurement> {
  const file = join(data('work'), `${process.pid}-send.db`)
  const services = await startServices()
  try {
    const crowds = crowdsOf(options)
    say(`filling ${crowds.map(({ name, phones }) => `${name} ${phones.toLocaleString('en')}`).join(', ')} …`)
    const filled = await fill(file, crowds, services.open)
    return await measured(options, say, { file, services, filled })
  } finally {
    await services.stop()
    for (const end of ['', '-wal', '-shm', '.lock']) rmSync(`${file}${end}`, { force: true })
  }
}

interface Setting {
  readonly file: string
  readonly services: Services
  readonly filled: readonly Filled[]
}

async function measured(
  options: Options,
  say: (line: string) => void,
  { file, services, filled }: Setting,
): Promise<Measurement> {
  const large = filled.find(({ name }) => name === 'million')
  const start = () =>
    startGateway(file, undefined, { ALLOW_PRIVATE_TARGETS: 'on', NODE_EXTRA_CA_CERTS: services.authority })
  const first = await start()
  // Only phones whose push service is configured are planned.
  await configure(first, services, filled)
  await first.stop()
  say('planning …')
  const planned = large ? await planning(file, large, options.rounds) : null
  const gateway = await start()
  try {
    const speeds: Speed[] = []
    for (const crowd of filled.filter(({ name }) => name !== 'million')) {
      say(`${crowd.name} …`)
      speeds.push(await speed(gateway, services, crowd, options.rounds))
    }
    let largest: Million | null = null
    if (large) {
      say('the largest send …')
      largest = await million(gateway, services, large, options)
    }
    const kills = isWanted(options, 'killed') ? await toKill(options, say) : null
    const figures = { kills, speeds, planned, largest, peakBytes: peakMemory(gateway.pid) }
    return {
      ...{ suite: 'send', title: 'Sending', figures, sections: sections(figures) },
      settings: `${options.rounds} alternated rounds, of which medians are shown`,
    }
  } finally {
    await gateway.stop()
  }
}

function toKill({ quick, devices }: Options, say: (line: string) => void): Promise<Killed> {
  say('kill -9 …')
  return killed(quick ? Math.ceil(devices / 5) : KILLED.phones, KILLED.kills)
}

async function configure(gateway: Gateway, services: Services, filled: readonly Filled[]): Promise<void> {
  for (const { app, provider } of filled)
    await gateway.admin('PUT', `/apps/${app}/providers/${provider}`, credentialFor(provider, services))
}
