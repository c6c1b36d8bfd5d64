import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Gateway, startGateway } from '../kit/gateway.ts'
import { data } from '../kit/paths.ts'
import { credentialFor } from './credentials.ts'
import { fill } from './fill.ts'
import { startServices } from './services.ts'
import { sendTo } from './speed.ts'

/** The effect of kill -9 at random moments of one send. */
export interface Killed {
  readonly phones: number
  readonly kills: number
  /** Requests in excess of one per phone. */
  readonly doubles: number
  /** Phones that received nothing; any such phone is a fault of the gateway. */
  readonly lost: number
  /** The most messages that one phone received. */
  readonly most: number
}

/** Kills the gateway repeatedly while it sends, restarts it, and counts the received messages by phone. */
export async function killed(phones: number, kills: number): Promise<Killed> {
  const file = join(data('work'), `${process.pid}-kills.db`)
  const services = await startServices({ counts: true })
  const start = () =>
    startGateway(file, undefined, {
      ALLOW_PRIVATE_TARGETS: 'on',
      NODE_EXTRA_CA_CERTS: services.authority,
    })
  let gateway: Gateway | undefined
  try {
    const crowd = { name: 'killed', provider: 'fcm', phones } as const
    const [filled] = await fill(file, [crowd], services.open)
    if (!filled) throw new Error('nothing was filled')
    gateway = await start()
    await gateway.admin('PUT', `/apps/${filled.app}/providers/fcm`, credentialFor('fcm', services))
    await services.reset()
    const { id } = await sendTo(gateway, filled)
    for (let kill = 0; kill < kills; kill++) {
      const { requests } = await services.told()
      const left = Math.max(1, phones - requests)
      await services.until(requests + Math.ceil((Math.random() * left) / (kills - kill)))
      process.kill(gateway.pid, 'SIGKILL')
      gateway = await start()
    }
    const path = `/apps/${filled.app}/messages/${id}`
    while ((await gateway.admin<{ state: string }>('GET', path)).state !== 'done')
      await new Promise((resume) => setTimeout(resume, 200))
    const { reached, requests, most } = await services.phones()
    return { phones, kills, doubles: requests - reached, lost: phones - reached, most }
  } finally {
    await gateway?.stop()
    await services.stop()
    for (const end of ['', '-wal', '-shm', '.lock']) rmSync(`${file}${end}`, { force: true })
  }
}
