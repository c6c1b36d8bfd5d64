import { outsideFetch } from '#runtime'
import type { DialectApp } from '../../src/domain/app.ts'
import type { MessageDraft } from '../../src/domain/message.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { Sending } from '../../src/sending/sending.ts'
import { laneDeps } from '../contract/provider-kit.ts'
import { openFcm } from '../delivery/fcm/kit.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { echoSending } from '../fixtures/echo-dialect/sending.ts'
import type { Verdict } from '../fixtures/push-services/verdicts.ts'
import { createHarness, type EngineOptions, type HarnessOptions } from '../harness/harness.ts'

/** Later than anything that a test of a message waits for, in milliseconds. */
const BEYOND = 2 * 86_400_000

/** A dialect with one form for every phone: this text, with this lifetime in seconds. */
export const echoWith = (body: string, ttl: number) => ({
  ...echoDialect,
  capabilities: {
    sending: { ...echoSending, render: () => ({ push: { body, priority: 'high' as const }, ttl }) },
  },
})

/** A gateway with an app that reaches a fake FCM, and phones to send to. */
export async function open({ set = true, ...options }: HarnessOptions & { readonly set?: boolean } = {}) {
  const h = await createHarness({
    adapters: [echoDialect],
    env: { ALLOW_PRIVATE_TARGETS: 'on' },
    fetch: outsideFetch,
    ...options,
  })
  // Earlier tests over the same database may have left messages, some of them due later than this test's
  // clock ever is.
  h.clock.advance(BEYOND)
  await settle(h.engine())
  h.clock.advance(-BEYOND)
  const fcm = await openFcm({ deps: laneDeps({ now: () => h.clock.now }) })
  const code = crypto.randomUUID()
  const { id } = await h.createApp({ echo: { code } })
  const app = await h.gateway.apps.find('echo', code)
  if (!app) throw new Error('no app')
  const path = `/apps/${id}/providers/fcm`
  const put = () => h.admin('PUT', path, fcm.document)
  if (set) await put()
  let phones = 0
  const phone = async (more: Partial<Parameters<typeof h.gateway.devices.register>[0]> = {}) => {
    const token = `${code}-${phones++}`
    const { device } = await h.gateway.devices.register({
      ...{ app, externalId: token, identity: 'key', platform: 'android', cause: 'test' },
      pushToken: { provider: 'fcm', token },
      policy: { maxLength: 64, refused: [], limit: 100, automatic: [], ids: false },
      ...more,
    })
    return { device, token }
  }
  return {
    h,
    id,
    app,
    fcm,
    put,
    phone,
    provider: async () =>
      (await h.admin('GET', path)).json<{ readonly state: string; readonly reason: string | null }>(),
    /** A device as it is stored. */
    async device(externalId: string) {
      const device = await h.gateway.devices.find({ app, externalId })
      if (!device) throw new Error('no device')
      return device
    },
    /** What operators see of credentials. */
    told: () => h.logged.filter((record) => (record as { msg?: string }).msg === 'provider'),
    says: (token: string, ...verdicts: readonly Verdict[]) => fcm.fake.verdicts.set(token, ...verdicts),
    /** The phones that FCM was asked to reach, in order. */
    asked: () =>
      fcm.fake.requests
        .map(({ text }) => JSON.parse(text) as { message: { token: string } })
        .map(({ message }) => message.token)
        .filter((token) => token.startsWith(code)),
    reached: () => fcm.fake.messages.map(({ token }) => token),
    accept: (more: Partial<MessageDraft> = {}) => accepted(h.gateway, app, more),
    report: async (message: string) => {
      const report = await h.gateway.messages.report(id, message)
      if (!report) throw new Error('no message')
      return report.message
    },
    /** As a process that has just started would. */
    async run(engine: Sending = h.engine(), own?: EngineOptions) {
      await settle(own ? h.engine(own) : engine)
    },
  }
}

async function accepted(
  { messages }: Gateway,
  app: DialectApp,
  more: Partial<MessageDraft>,
): Promise<string> {
  const draft: MessageDraft = {
    externalId: crypto.randomUUID(),
    body: { text: 'hello' },
    audience: { to: { all: true } },
    priority: 'normal',
    ...more,
  }
  const [stands] = await messages.accept(app, [draft])
  if (!stands) throw new Error('not accepted')
  return stands.id
}

/** Plans and sends everything that is due. */
export async function settle(engine: Sending): Promise<void> {
  while (await engine.plan());
  while ((await engine.deliver()) > 0);
}
