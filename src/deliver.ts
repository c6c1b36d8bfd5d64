import type { Adapter } from './adapter.ts'
import type { PendingCall } from './domain/webhook.ts'
import type { Gateway } from './gateway/gateway.ts'
import type { Outbound } from './outbound.ts'

/** Longest a receiver may take to answer. */
const TIMEOUT = 10_000

/** Makes the due calls of the outbox, one batch, and tells how many there were. Any 2xx is an arrival. */
export function createDelivery({
  adapters,
  outbound,
}: {
  readonly adapters: readonly Adapter[]
  readonly outbound: Outbound
}) {
  async function send(call: PendingCall): Promise<boolean> {
    const adapter = adapters.find(({ name }) => name === call.dialect)
    const body = adapter?.webhookBody?.(call.event, call.identifier)
    if (!body) return false
    const response = await outbound.send(new URL(call.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'Pushport' },
      body: JSON.stringify(body),
      milliseconds: TIMEOUT,
    })
    await response.body?.cancel()
    return response.ok
  }

  return (gateway: Gateway): Promise<number> => gateway.outbox.deliver(send)
}

/** Delivers in one process, one batch after the other. */
export interface Deliverer {
  /** Goes on at once, if it is not busy already. */
  wake(): void
  /** Resolves when the batch that runs has ended; none follows. */
  stop(): Promise<void>
}

/** `deliver` makes one batch. A fault ends the round; the next wake tries again. */
export function createDeliverer(deliver: () => Promise<number>, report: (error: unknown) => void): Deliverer {
  let round: Promise<void> | undefined
  let again = false
  let stopped = false

  async function run(): Promise<void> {
    try {
      do again = false
      while (((await deliver()) > 0 || again) && !stopped)
    } catch (error) {
      report(error)
    } finally {
      round = undefined
    }
  }

  return {
    wake() {
      again = true
      if (!stopped) round ??= run()
    },
    async stop() {
      stopped = true
      await round
    },
  }
}
