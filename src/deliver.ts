import type { Adapter } from './adapter.ts'
import type { PendingCall } from './domain/webhook.ts'
import type { Gateway } from './gateway/gateway.ts'
import { isPrivateAddress, isPrivateTarget } from './wire/target.ts'

export interface DeliveryDeps {
  readonly adapters: readonly Adapter[]
  readonly allowPrivateTargets: boolean
  readonly fetch: typeof fetch
  /** The addresses of a host name, where the runtime can look them up. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>
}

/** Longest a receiver may take. */
const TIMEOUT = 10_000

/**
 * Makes the due calls of the outbox, one batch; how many there were. Any 2xx is an arrival; a redirect is not followed,
 * since it could lead to a target that is refused.
 */
export function createDelivery({ adapters, allowPrivateTargets, fetch, resolve }: DeliveryDeps) {
  async function refused(url: URL): Promise<boolean> {
    if (allowPrivateTargets) return false
    if (isPrivateTarget(url)) return true
    const addresses = (await resolve?.(url.hostname)) ?? []
    return addresses.some(isPrivateAddress)
  }

  async function send(call: PendingCall): Promise<boolean> {
    const body = adapters
      .find(({ name }) => name === call.dialect)
      ?.webhookBody?.(call.event, call.identifier)
    const url = new URL(call.url)
    if (!body || (await refused(url))) return false
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'Pushport' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    })
    await response.body?.cancel()
    return response.ok
  }

  return (gateway: Gateway): Promise<number> => gateway.outbox.deliver(send)
}
