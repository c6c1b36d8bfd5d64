import { pushwoosh } from '../../../adapters/pushwoosh/index.ts'
import type { Message, Recipient } from '../../../src/domain/message.ts'
import type { Json, Tenant } from './kit.ts'

interface Created {
  readonly Messages: readonly string[]
  readonly UnknownDevices?: Json
}

/** createMessage's answer to notifications that it must accept. */
export const created = async (t: Tenant, ...notifications: readonly unknown[]): Promise<Created> =>
  (await t.ok('createMessage', { auth: t.token, notifications })) as Created

/** The only message that a call creates. */
export async function sent(t: Tenant, notification: Json): Promise<Message> {
  const [code = ''] = (await created(t, notification)).Messages
  return kept(t, code)
}

export async function kept(t: Tenant, code: string): Promise<Message> {
  const message = await find(t, code)
  if (!message) throw new Error(`no message ${code}`)
  return message
}

export async function find(t: Tenant, code: string): Promise<Message | null> {
  const app = await t.h.gateway.apps.find('pushwoosh', t.code)
  if (!app) throw new Error('no app')
  return t.h.gateway.messages.find({ app, externalId: code })
}

export const android: Recipient = {
  provider: 'fcm',
  token: 'token',
  platform: 'android',
  externalId: 'h',
  language: null,
  timezone: null,
  user: null,
  details: { deviceType: 3 },
  tags: {},
}
export const ios: Recipient = { ...android, provider: 'apns', platform: 'ios', details: { deviceType: 1 } }
export const chrome: Recipient = {
  ...android,
  provider: 'webpush',
  platform: 'web',
  details: { deviceType: 11 },
}

/** What a phone gets: the push, its parsed payload, and its lifetime in seconds. */
export function rendered(message: Pick<Message, 'body' | 'externalId'>, to: Recipient) {
  const { sending } = pushwoosh.capabilities
  const about = { externalId: message.externalId, identifier: 'CODE', options: {}, at: new Date(0) }
  const { push, ttl } = sending?.render(message.body, to, about) ?? {}
  if (push === undefined) throw new Error('nothing was rendered')
  return { push, ttl, payload: JSON.parse(push.body) }
}
