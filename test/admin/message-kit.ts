import type { MessageDraft } from '../../src/domain/message.ts'
import type { Store } from '../../src/store/store.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type HarnessOptions } from '../harness/harness.ts'
import { find, register } from '../removals/kit.ts'

export interface ShownMessage extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly state: string
}

/** A gateway with an app, and its store: the test itself does the work of the queue's workers. */
export async function openMessages(options: HarnessOptions = {}) {
  let store: Store | undefined
  const h = await createHarness({
    adapters: [echoDialect],
    ...options,
    store: (real) => {
      store = real
      return real
    },
  })
  if (!store) throw new Error('the harness made no store')
  const { messages } = store
  const code = crypto.randomUUID()
  const { id: app } = await h.createApp({ echo: { code } })
  const path = `/apps/${app}/messages`
  const speaks = await find(h, code)

  return {
    ...{ h, app, code, path, messages, speaks },
    phone: (name: string, user?: string) => register(h, speaks, name, user),
    /** Sent through the dialect. */
    async sent(more: Partial<MessageDraft> = {}) {
      const draft: MessageDraft = {
        ...{ externalId: crypto.randomUUID(), body: { secret: 'in the vendor’s words' } },
        ...{ audience: { to: { all: true } }, priority: 'high', ...more },
      }
      const [accepted] = await h.gateway.messages.accept(speaks, [draft])
      if (!accepted) throw new Error('nothing was accepted')
      return accepted
    },
    /** A message that is finished after its planning, with these counts. */
    async planned(id: string, settled: Parameters<typeof messages.advance>[0]['settled'] = []) {
      const [start, end] = [
        { part: 0, after: '' },
        { part: 1, after: '' },
      ]
      const audience = { to: { users: 2 } }
      const step = { id, appId: app, priority: 'high', run: 0, from: start, to: end, done: true } as const
      return messages.advance({ ...step, next: null, audience, pages: [], settled }, h.clock.now)
    },
    shown: async (id: string) => (await h.admin('GET', `${path}/${id}`)).json<ShownMessage>(),
    stored: async () => (await messages.list(app, null, { after: null, limit: 100 })).items,
  }
}
