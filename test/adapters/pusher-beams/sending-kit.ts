import { expect } from 'vitest'
import { pusherBeams } from '../../../adapters/pusher-beams/index.ts'
import type { Sending } from '../../../src/delivery/rendering.ts'
import type { Message, Recipient } from '../../../src/domain/message.ts'
import type { Answer } from '../../contract/adapter.ts'
import type { Beams } from './kit.ts'

const PUBLISH_ID = /^pubid-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** The two paths for interests; the third is for users. */
export const INTERESTS = ['publishes/interests', 'publishes'] as const
export const PATHS = [...INTERESTS, 'publishes/users'] as const

/** A body that the path accepts, with other members. */
export const publishBody = (path: string, more: object = { fcm: { data: { a: 'b' } } }) => ({
  ...(path === 'publishes/users' ? { users: ['alice'] } : { interests: ['news'] }),
  ...more,
})

export const publish = (
  { call, instanceId, secretKey }: Pick<Beams, 'call' | 'instanceId' | 'secretKey'>,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  call('POST', `/publish_api/v1/instances/${instanceId}/${path}`, {
    headers: { Authorization: `Bearer ${secretKey}`, ...headers },
    body,
  })

async function appOf({ h, instanceId }: Pick<Beams, 'h' | 'instanceId'>) {
  const app = await h.gateway.apps.find('pusher-beams', instanceId.toLowerCase())
  if (!app) throw new Error('no app')
  return app
}

/** Publishes, which must succeed, and returns the stored message. */
export async function published(beams: Beams, path: string, body: unknown): Promise<Message> {
  const answer = await publish(beams, path, body)
  expect(answer.status, answer.text).toBe(200)
  expect(answer.headers.get('Content-Type')).toBe('application/json')
  const { publishId, ...rest } = answer.json as { publishId: string }
  expect(publishId).toMatch(PUBLISH_ID)
  expect(rest).toEqual({})
  const message = await beams.h.gateway.messages.find({
    app: await appOf(beams),
    externalId: publishId,
  })
  if (!message) throw new Error('not kept')
  return message
}

export const sending: Sending =
  pusherBeams.capabilities.sending ??
  (() => {
    throw new Error('no sending')
  })()

const PLATFORM = { fcm: 'android', apns: 'ios', webpush: 'web' } as const

export const recipient = (provider: keyof typeof PLATFORM): Recipient => ({
  provider,
  platform: PLATFORM[provider],
  token: 't',
  externalId: `fcm-${crypto.randomUUID()}`,
  ...{ language: null, timezone: null, user: null, details: {}, tags: {} },
})

export const AT = new Date('2026-11-25T12:00:00.500Z')
const SENT = { externalId: 'pubid-1', identifier: 'INSTANCE', options: {}, at: AT }
/** The beginning of the SDK's envelope, in the order in which it is written. */
export const IDS = { instanceId: 'INSTANCE', publishId: 'pubid-1' }

/** The payload for the phone's push service, parsed. */
export function rendered(body: Readonly<Record<string, unknown>>, provider: keyof typeof PLATFORM) {
  const found = sending.render(body, recipient(provider), SENT)
  if (!found) throw new Error('not rendered')
  const { body: text, ...push } = found.push
  return { ...push, ttl: found.ttl, document: JSON.parse(text) as Record<string, unknown> }
}
