import { Webhook } from 'standardwebhooks'
import type { Adapter } from '../adapter.ts'
import type { PendingCall } from '../domain/webhook.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Send } from '../gateway/outbox.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { sha256Hex, uuidOf } from '../secrets/hash.ts'

/** How long a receiver may take to answer, in milliseconds. */
const TIMEOUT = 10_000

interface Deps {
  readonly adapters: readonly Adapter[]
  readonly outbound: Outbound
}

/** Makes one webhook call, signed as its dialect does, or according to Standard Webhooks. Any 2xx counts as delivered. */
export function createSend({ adapters, outbound }: Deps): Send {
  return async (call) => {
    const adapter = adapters.find(({ name }) => name === call.dialect)
    const form = adapter?.capabilities.webhooks
    if (!form) return false
    const id = uuidOf(call.id)
    const text = JSON.stringify(form.body(call, id))
    const signed = form.headers
      ? await form.headers(call, text, id)
      : { 'User-Agent': 'Pushport', ...signature(call, text) }
    const response = await outbound.send(new URL(call.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...signed },
      body: text,
      milliseconds: form.milliseconds ?? TIMEOUT,
    })
    await response.body?.cancel()
    return response.ok
  }
}

/** Makes due webhook calls until none is left or the run's limits are reached; returns their number. */
export function createDelivery(deps: Deps): (gateway: Gateway) => Promise<number> {
  const send = createSend(deps)
  return (gateway) => gateway.outbox.deliver(send)
}

function signature({ id, at, secret }: PendingCall, body: string): Record<string, string> {
  // Headers allow only some characters, and Standard Webhooks forbids dots in ids.
  const messageId = /^[\w-]{1,100}$/.test(id) ? id : sha256Hex(id)
  return {
    'Webhook-Id': messageId,
    'Webhook-Timestamp': String(Math.floor(at.getTime() / 1000)),
    'Webhook-Signature': new Webhook(secret).sign(messageId, at, body),
  }
}
