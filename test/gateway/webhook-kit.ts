import { expect } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import type { PendingCall } from '../../src/domain/webhook.ts'
import type { Send } from '../../src/gateway/outbox.ts'
import type { Harness } from '../harness/harness.ts'

export const SECOND = 1000
export const HOUR = 3600 * SECOND
export const DAY = 24 * HOUR
export const ENOUGH = { milliseconds: 10_000, steps: 1000 }

/** An app with a webhook, and the calls its receiver got. */
export interface Hooked {
  readonly h: Harness
  readonly app: DialectApp
  readonly url: string
  /** Registers devices, so that as many calls are waiting. */
  happen(events: number): Promise<void>
  /** How many calls are waiting for it, and the state of its receiver. */
  state(): Promise<{ id: string; waiting: number; failures: number; restingUntil: string | null }>
}

export async function hooked(h: Harness): Promise<Hooked> {
  const document = await h.createApp({ mobilefirst: {} })
  const identifier = String(document.dialects.mobilefirst?.applicationId)
  const app = await h.gateway.apps.find('mobilefirst', identifier)
  if (!app) throw new Error('no app')
  const url = `https://hooks.example/${identifier}`
  await h.gateway.webhooks.create({ app, name: 'hook', url, events: ['deviceRegistered'] })
  return {
    h,
    app,
    url,
    async happen(events) {
      for (let i = 0; i < events; i++) {
        const token = crypto.randomUUID()
        await h.gateway.devices.register({
          app,
          externalId: token,
          identity: 'key',
          platform: 'android',
          pushToken: { provider: 'fcm', token },
          cause: 'test',
        })
      }
    },
    async state() {
      const answer = await h.admin('GET', `/apps/${document.id}/webhooks`)
      const { webhooks } = await answer.json<{ webhooks: Awaited<ReturnType<Hooked['state']>>[] }>()
      const [state] = webhooks
      if (!state) throw new Error('no webhook')
      return state
    },
  }
}

/** Makes calls as a process does: starts them without waiting, and again whenever one ends. */
export function process(h: Harness, send: Send) {
  let fault: unknown
  const begin = async (): Promise<void> => {
    while ((await h.gateway.outbox.begin(send, ended)) > 0);
  }
  let pending: Promise<void> = Promise.resolve()
  const ended = (error?: unknown) => {
    fault ??= error
    pending = pending.then(begin)
  }
  return async () => {
    pending = pending.then(begin)
    // Until nothing more starts, even while the last result is still being stored.
    for (let seen: unknown, quiet = 0; quiet < 5; await new Promise((resolve) => setTimeout(resolve, 20))) {
      quiet = seen === pending ? quiet + 1 : 0
      seen = pending
      await pending
    }
    expect(fault).toBeUndefined()
  }
}

export const count = (calls: readonly PendingCall[], { url }: Hooked) =>
  calls.filter((one) => one.url === url).length
