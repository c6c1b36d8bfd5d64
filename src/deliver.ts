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
