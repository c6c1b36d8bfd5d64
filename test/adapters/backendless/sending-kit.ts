import { sending } from '../../../adapters/backendless/sending/render.ts'
import type { Push } from '../../../src/delivery/provider.ts'
import type { Json, Message, NeutralMessage, Recipient } from '../../../src/domain/message.ts'
import type { BackendlessTenant } from './tenant.ts'

export interface Answer {
  readonly messageId: string
  readonly status: string
  readonly errorMessage: string | null
}

/** Publishes, which must succeed. */
export async function published(t: BackendlessTenant, channel: string, body: unknown): Promise<Answer> {
  const response = await t.call('POST', `/messaging/${encodeURIComponent(channel)}`, { body })
  if (response.status !== 200) throw new Error(`refused: ${await response.text()}`)
  return response.json()
}

/** A message as it was accepted. */
export async function kept(t: BackendlessTenant, externalId: string): Promise<Message> {
  const found = await t.h.gateway.apps.find('backendless', t.id)
  const message = found && (await t.h.gateway.messages.find({ app: found, externalId }))
  if (!message) throw new Error(`there is no message ${externalId}`)
  return message
}

const PHONES = {
  android: { provider: 'fcm', platform: 'android' },
  ios: { provider: 'apns', platform: 'ios' },
  mac: { provider: 'apns', platform: 'macos' },
  windows: { provider: 'wns', platform: 'windows' },
} as const
export type Phone = keyof typeof PHONES

export const phone = (kind: Phone, details: Json = {}): Recipient => ({
  ...PHONES[kind],
  ...{ token: 'T', externalId: 'D', language: null, timezone: null, user: null, details, tags: {} },
})

/** What a phone gets: the parsed body of the push, and the rest. */
export function rendered(body: Json, to: Recipient, externalId = 'message:1') {
  // As it is stored.
  const stored = JSON.parse(JSON.stringify(body)) as Json
  const sent = { externalId, identifier: 'A', options: {}, at: new Date(0) }
  const result = sending.render(stored, to, sent)
  return result && { ...result, push: { ...result.push, body: parsed(result.push) } }
}
const parsed = ({ body }: Push): Json => JSON.parse(body)

export const composed = (message: NeutralMessage, to: Recipient) => rendered(sending.compose(message), to)
