import { expect, test } from 'vitest'
import { flameup } from '../../../adapters/flameup/index.ts'
import { attempt } from '../../contract/provider-kit.ts'
import { openApns } from '../../delivery/apns/kit.ts'
import { openFcm } from '../../delivery/fcm/kit.ts'

const BODY = {
  title: 'Hi',
  body: 'you',
  image_url: 'https://shop.example/a.png',
  priority: 'high',
  ttl: 60,
  custom_data: { n: 1 },
  ios_badge: 1,
  android_channel_id: 'ch',
}

function rendered(provider: 'fcm' | 'apns') {
  const to = { provider, platform: 'ios', token: 't', externalId: 't', details: {}, tags: {} } as const
  const recipient = { ...to, language: null, timezone: null, user: null }
  const sent = { externalId: 'msg_1', identifier: 'ws', options: {}, at: new Date() }
  const found = flameup.capabilities.sending?.render(BODY, recipient, sent)
  if (!found) throw new Error('not rendered')
  return found
}

test.each([
  ['android', { android: { ttl: '60s', priority: 'HIGH', notification: { channel_id: 'ch' } } }],
  [
    'ios',
    {
      apns: {
        headers: { 'apns-priority': '10', 'apns-expiration': expect.stringMatching(/^\d{10}$/) },
        payload: { aps: { badge: 1, 'mutable-content': 1 } },
      },
    },
  ],
] as const)('FCM takes it for %s', async (platform, expected) => {
  const { lane, fake } = await openFcm()
  const { push, ttl } = rendered('fcm')
  const target = { token: 'phone', platform }
  expect((await lane.send({ ...attempt, push, ttl, target })).class).toBe('accepted')
  expect(fake.messages).toMatchObject([
    { notification: { title: 'Hi', body: 'you' }, data: { n: '1', message_id: 'msg_1' }, ...expected },
  ])
})

test('APNs takes it as an alert', async () => {
  const { lane, production } = await openApns()
  const { push, ttl } = rendered('apns')
  const target = { token: 'ab'.repeat(32), environment: 'production' } as const
  expect((await lane.send({ ...attempt, push, ttl, target })).class).toBe('accepted')
  const [request] = production.requests
  expect(request?.headers.get('apns-push-type')).toBe('alert')
  expect(JSON.parse(request?.text ?? '')).toMatchObject({
    aps: { alert: { title: 'Hi', body: 'you' } },
    n: 1,
  })
})
