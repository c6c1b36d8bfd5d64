import { describe, expect, test } from 'vitest'
import { flameup } from '../../../adapters/flameup/index.ts'
import type { Sending } from '../../../src/delivery/rendering.ts'
import type { Recipient } from '../../../src/domain/message.ts'

type Service = 'fcm' | 'apns' | 'webpush'
const sending = (): Sending => {
  const { sending: found } = flameup.capabilities
  if (!found) throw new Error('no sending')
  return found
}
const to = (provider: Service): Recipient => ({
  provider,
  platform: 'ios',
  token: 't',
  externalId: 't',
  ...{ language: null, timezone: null, user: null, details: {}, tags: {} },
})
const SENT = { externalId: 'msg_1', identifier: 'ws', options: {}, at: new Date(0) }

function rendered(body: Readonly<Record<string, unknown>>, provider: Service = 'fcm') {
  const found = sending().render(body, to(provider), SENT)
  if (!found) throw new Error('not rendered')
  const { body: text, ...push } = found.push
  return { ...push, ttl: found.ttl, document: JSON.parse(text) as unknown }
}

const FULL = {
  title: 'Hi',
  body: 'you',
  image_url: 'https://shop.example/a.png',
  action_url: 'https://shop.example',
  priority: 'high',
  ttl: 60,
  custom_data: { n: 1, o: { a: true }, none: null, message_id: 'forged', from: 'x' },
  ios_badge: 0,
  ios_sound: 'ding',
  ios_category: 'c',
  android_channel_id: 'ch',
  android_icon: 'bell',
  android_color: '#ff0000',
}

describe('by FCM', () => {
  test('the system shows the text, and the data are texts', () => {
    expect(rendered(FULL)).toEqual({
      document: {
        notification: { title: 'Hi', body: 'you', image: 'https://shop.example/a.png' },
        android: { notification: { channel_id: 'ch', icon: 'bell', color: '#ff0000' } },
        apns: { payload: { aps: { badge: 0, sound: 'ding', category: 'c', 'mutable-content': 1 } } },
        data: { n: '1', o: '{"a":true}', action_url: 'https://shop.example', message_id: 'msg_1' },
      },
      priority: 'high',
      ttl: 60,
    })
  })

  test('what is not said is not sent; it may wait for 28 days', () => {
    expect(rendered({ title: 'Hi', body: 'you', image_url: null })).toEqual({
      document: { notification: { title: 'Hi', body: 'you' }, data: { message_id: 'msg_1' } },
      priority: 'high',
      ttl: 2_419_200,
    })
  })

  test.each([
    ['low', 'normal'],
    ['normal', 'normal'],
    ['high', 'high'],
  ])('the priority %s is %s', (priority, expected) => {
    expect(rendered({ title: 'Hi', body: 'you', priority })).toMatchObject({ priority: expected })
  })
})

test('by APNs the data are at the top level, and cannot replace the alert', () => {
  const custom_data = { n: 1, o: { a: true }, aps: 'forged', message_id: 'forged' }
  expect(rendered({ ...FULL, custom_data }, 'apns')).toEqual({
    document: {
      n: 1,
      o: { a: true },
      aps: {
        alert: { title: 'Hi', body: 'you' },
        badge: 0,
        sound: 'ding',
        category: 'c',
        'mutable-content': 1,
      },
      action_url: 'https://shop.example',
      message_id: 'msg_1',
    },
    priority: 'high',
    ttl: 60,
  })
})

test('no other push service has a form, and phones of one service get one text', () => {
  expect(sending().render(FULL, to('webpush'), SENT)).toBeNull()
  expect(sending().variant(FULL, to('fcm'))).toBe(sending().variant({}, to('fcm')))
  expect(sending().variant(FULL, to('fcm'))).not.toBe(sending().variant(FULL, to('apns')))
})

describe("an operator's message", () => {
  const message = {
    title: { en: 'Hi' },
    body: 'you',
    image: FULL.image_url,
    link: FULL.action_url,
    data: { n: 1 },
    ttl: 60,
    priority: 'normal',
    badge: 0,
    sound: 'ding',
    category: 'c',
    channel: 'ch',
    icon: 'bell',
    color: '#ff0000',
    collapseKey: 'k',
  } as const

  test('has the same form', () => {
    const { document, ...push } = rendered(sending().compose(message))
    expect(document).toMatchObject({
      notification: { title: 'Hi', body: 'you', image: FULL.image_url },
      android: { notification: { channel_id: 'ch', icon: 'bell', color: '#ff0000' } },
      apns: { payload: { aps: { badge: 0, sound: 'ding', category: 'c', 'mutable-content': 1 } } },
      data: { n: '1', action_url: FULL.action_url, message_id: 'msg_1' },
    })
    expect(push).toEqual({ priority: 'normal', collapse: 'k', ttl: 60 })
  })

  test('that is silent shows nothing', () => {
    const silent = sending().compose({ silent: true, title: 'x', data: { a: 'b' } })
    expect(rendered(silent)).toMatchObject({
      document: {
        apns: { payload: { aps: { 'content-available': 1 } } },
        data: { a: 'b', message_id: 'msg_1' },
      },
      priority: 'normal',
    })
    expect(rendered(silent).document).not.toHaveProperty('notification')
    expect(rendered(silent, 'apns').document).toMatchObject({ aps: { 'content-available': 1 }, a: 'b' })
  })

  test('is changed by overrides last, but for its id', () => {
    const overrides = {
      fcm: { notification: { body: 'other' }, data: { message_id: 'x', b: 2 } },
      apns: { aps: { sound: null }, message_id: 'x' },
    }
    const changed = sending().compose({ ...message, overrides })
    expect(rendered(changed).document).toMatchObject({
      notification: { title: 'Hi', body: 'other' },
      data: { b: '2', message_id: 'msg_1' },
    })
    expect(rendered(changed, 'apns').document).toMatchObject({ message_id: 'msg_1' })
  })
})
