import { mobileFirst } from '../../../adapters/mobilefirst/index.ts'
import type { Message, NeutralMessage, Recipient } from '../../../src/domain/message.ts'
import type { Tenant } from './kit.ts'

/** A stored message; null for an unknown one. */
export async function kept(t: Tenant, externalId: unknown): Promise<Message | null> {
  const app = await t.h.gateway.apps.find('mobilefirst', t.app)
  if (!app) throw new Error('no app')
  return t.h.gateway.messages.find({ app, externalId: String(externalId) })
}

/** Sends, which must succeed, and returns the stored message. */
export async function sent(t: Tenant, body: unknown): Promise<Message> {
  const { messageId } = await t.ok('POST', '/messages', { body })
  const message = await kept(t, messageId)
  if (!message) throw new Error('not kept')
  return message
}

const sendingOf = () => {
  const { sending } = mobileFirst.capabilities
  if (!sending) throw new Error('no sending')
  return sending
}
export const sending = sendingOf()

const PLATFORMS = {
  A: { platform: 'ios', provider: 'apns' },
  G: { platform: 'android', provider: 'fcm' },
  W: { platform: 'windows', provider: 'wns' },
  WEB_CHROME: { platform: 'web', provider: 'webpush' },
  WEB_FIREFOX: { platform: 'web', provider: 'webpush' },
  WEB_SAFARI: { platform: 'web', provider: 'apns' },
  APPEXT_CHROME: { platform: 'web', provider: 'fcm' },
} as const
export type PlatformName = keyof typeof PLATFORMS

export const recipient = (platformName: PlatformName, more: Partial<Recipient> = {}): Recipient => ({
  ...PLATFORMS[platformName],
  token: 'token',
  externalId: 'device',
  language: null,
  timezone: null,
  user: null,
  tags: {},
  ...more,
  details: { platformName, ...more.details },
})

/** A message rendered for one recipient, with the push parsed if it is JSON. */
export function rendered(body: Message['body'], to: Recipient) {
  const one = sending.render(body, to, {
    externalId: 'Msg12345',
    identifier: 'com.example.shop',
    options: {},
    at: new Date(0),
  })
  if (!one) return null
  const { body: text, ...push } = one.push
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { ...push, ttl: one.ttl, text, json }
}

export const composed = (message: NeutralMessage, to: Recipient) => rendered(sending.compose(message), to)
