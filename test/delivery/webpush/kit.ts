import { onTestFinished } from 'vitest'
import { encrypt, serve } from '#runtime'
import type { Delivery, Lane, LaneDeps, Push } from '../../../src/delivery/provider.ts'
import { webpush } from '../../../src/delivery/providers/webpush/index.ts'
import { generateVapid } from '../../../src/secrets/vapid.ts'
import { attempt, type Deps, laneDeps, push } from '../../contract/provider-kit.ts'
import type { Verdict } from '../../fixtures/push-services/verdicts.ts'
import {
  type Subscription,
  subscribe,
  type WebPushFake,
  webPushFake,
} from '../../fixtures/push-services/web-push.ts'

const pair = generateVapid()
let subscriptions = 0

export interface OpenedWebPush {
  readonly lane: Lane
  readonly deps: Deps
  readonly document: Readonly<Record<string, unknown>>
  readonly fake: WebPushFake
  readonly origin: string
  leave(): void
  subscription(): Promise<Subscription>
  delivery(...verdicts: readonly Verdict[]): Promise<Delivery>
  says(delivery: Delivery, ...verdicts: readonly Verdict[]): void
  secrets(): readonly string[]
  sent(): readonly string[]
}

interface SetUp {
  readonly subject?: string
  readonly appSubject?: string | null
  readonly more?: Partial<LaneDeps>
}

/** A lane whose subscriptions lead to a fake push service. */
export async function openWebPush({
  subject,
  appSubject = 'mailto:ops@example.com',
  more = {},
}: SetUp = {}): Promise<OpenedWebPush> {
  const { publicKey, privateKey } = await pair
  const vapid = async () => ({ publicKey, privateKey, subject: appSubject })
  const deps = { ...laneDeps({ vapid, encrypt }), ...more }
  const fake = webPushFake(publicKey, deps.now)
  const { origin, close } = await serve(fake.handler)
  onTestFinished(close)
  const document = { kind: 'webpush', endpoint: null, ...(subject !== undefined && { subject }) }
  const credential = await webpush.schema({ allows: () => true, certificates: true }).parseAsync(document)

  async function subscription() {
    subscriptions++
    const one = await subscribe(origin, `subscription-${subscriptions}`)
    fake.subscriptions.set(one.endpoint, one)
    return one
  }

  return {
    lane: webpush.open(credential, deps),
    deps,
    document,
    fake,
    origin,
    leave: close,
    subscription,
    async delivery(...verdicts) {
      const one = await subscription()
      fake.verdicts.set(one.endpoint, ...verdicts)
      return toSubscription(one)
    },
    says: ({ target }, ...verdicts) => fake.verdicts.set(target.token, ...verdicts),
    secrets: () => [privateKey],
    sent: () => fake.requests.slice(-1).map(({ headers }) => headers.get('authorization') ?? ''),
  }
}

export const toSubscription = (
  { endpoint, keys }: Pick<Subscription, 'endpoint' | 'keys'>,
  more: Partial<Push> = {},
): Delivery => ({ ...attempt, push: push('{"title":"x"}', more), target: { token: endpoint, keys } })
