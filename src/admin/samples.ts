import type { Adapter } from '../adapter.ts'
import type { Sent } from '../delivery/rendering.ts'
import type { DialectSetup } from '../domain/app.ts'
import type { Platform } from '../domain/device.ts'
import type { NeutralMessage, Recipient } from '../domain/message.ts'
import type { Provider } from '../domain/push-token.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'

/** One sample phone per push service and platform. */
const PHONES: readonly (readonly [Provider, Platform])[] = [
  ['fcm', 'android'],
  ['fcm', 'ios'],
  ['apns', 'ios'],
  ['webpush', 'web'],
  ['wns', 'windows'],
  ['hms', 'huawei'],
  ['adm', 'amazon'],
]

const SAMPLE = 'sample'
/** A message id in the format of operators' messages. */
const MESSAGE = '0000-00000000-00000000'
const recipient = (provider: Provider, platform: Platform): Recipient => ({
  ...{ provider, platform, token: SAMPLE, externalId: SAMPLE },
  ...{ language: null, timezone: null, user: null, details: {}, tags: {} },
})

export interface Sampled {
  readonly message: NeutralMessage
  readonly setups: readonly DialectSetup[]
  readonly platforms: readonly Platform[] | undefined
  readonly at: Date
}

/** The messages that sample phones would get, by dialect, push service and platform where a form exists. */
export const samplesOf = (
  adapters: readonly Adapter[],
  fault: Gateway['messages']['fault'],
  { message, setups, platforms, at }: Sampled,
): readonly Answer<typeof A.Sample>[] =>
  setups.flatMap(({ dialect, identifier, options }) => {
    const sending = adapters.find(({ name }) => name === dialect)?.capabilities.sending
    if (!sending) return []
    const body = sending.compose(message)
    const sent: Sent = { externalId: MESSAGE, identifier, options, at }
    return PHONES.filter(([, platform]) => platforms?.includes(platform) ?? true).flatMap(
      ([provider, platform]) => {
        const rendered = sending.render(body, recipient(provider, platform), sent)
        if (!rendered) return []
        const { push, ttl } = rendered
        const { headers = {}, priority, collapse = null } = push
        const shown = { body: push.body, headers: { ...headers }, priority, collapse, ttl }
        return [{ dialect, provider, platform, ...shown, fault: fault(provider, push) }]
      },
    )
  })
