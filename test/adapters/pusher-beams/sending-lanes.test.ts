import { expect, test } from 'vitest'
import { attempt } from '../../contract/provider-kit.ts'
import { openApns } from '../../delivery/apns/kit.ts'
import { openFcm } from '../../delivery/fcm/kit.ts'
import { AT, recipient, sending } from './sending-kit.ts'

const SENT = { externalId: 'pubid-1', identifier: 'INSTANCE', options: {}, at: AT }
const BODY = {
  fcm: {
    notification: { title: 'Hi', body: 'you', title_loc_args: ['a'], click_action: 'CART' },
    data: { n: 1 },
    time_to_live: 60,
    collapse_key: 'score',
  },
  apns: { aps: { alert: 'Hi' }, data: { n: 1 }, collapse_id: 'score', expiration: 1_800_000_000 },
}

function rendered(provider: 'fcm' | 'apns', body: object = BODY) {
  const found = sending.render(body as typeof BODY, recipient(provider), SENT)
  if (!found) throw new Error('not rendered')
  return found
}

test('FCM takes it, with the life, the key and the priority of the publish', async () => {
  const { lane, fake } = await openFcm()
  const { push, ttl } = rendered('fcm')
  const target = { token: 'phone', platform: 'android' } as const
  expect((await lane.send({ ...attempt, push, ttl, target })).class).toBe('accepted')
  expect(fake.messages).toEqual([
    {
      token: 'phone',
      notification: { title: 'Hi', body: 'you' },
      android: {
        ttl: '60s',
        priority: 'HIGH',
        collapse_key: 'score',
        notification: {
          title_loc_args: ['a'],
          click_action: 'com.pusher.pushnotifications.OPEN_TRACKING',
        },
      },
      data: { n: '1', pusher: expect.any(String) },
    },
  ])
})

test.each([
  ['an alert', BODY.apns, 'alert', '10'],
  ['only data', { data: { n: 1 } }, 'background', '5'],
  [
    'an alert without tracking',
    { aps: { alert: 'x' }, pusher: { disable_delivery_tracking: true } },
    'alert',
    '10',
  ],
  ['an alert of priority 5', { aps: { alert: 'x' }, priority: 5 }, 'alert', '5'],
])('APNs takes %s', async (_, part, type, priority) => {
  const { lane, production } = await openApns()
  const { push, ttl } = rendered('apns', { apns: part })
  const target = { token: 'ab'.repeat(32), environment: 'production' } as const
  expect((await lane.send({ ...attempt, push, ttl, target })).class).toBe('accepted')
  const headers = production.requests[0]?.headers
  expect(headers?.get('apns-push-type')).toBe(type)
  expect(headers?.get('apns-priority')).toBe(priority)
  if (part === BODY.apns) {
    expect(headers?.get('apns-expiration')).toBe('1800000000')
    expect(headers?.get('apns-collapse-id')).toBe('score')
  }
})
