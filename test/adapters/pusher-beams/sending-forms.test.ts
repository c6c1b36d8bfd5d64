import { describe, expect, test } from 'vitest'
import { AT, IDS, recipient, rendered, sending } from './sending-kit.ts'

const OPENING = { click_action: 'com.pusher.pushnotifications.OPEN_TRACKING' }
const pusher = (more: object) => JSON.stringify({ ...IDS, ...more })

describe('for Android', () => {
  const fcm = (part: object) => rendered({ fcm: part }, 'fcm')

  test('a notification stays one, and opens by way of the SDK', () => {
    expect(fcm({ notification: { title: 'Hi', body: 'you' } })).toEqual({
      document: {
        notification: { title: 'Hi', body: 'you' },
        android: { notification: OPENING },
        data: { pusher: pusher({ hasDisplayableContent: true, hasData: false }) },
      },
      priority: 'high',
      ttl: 2_419_200,
    })
  })

  test('the members of the older form get their newer names', () => {
    const given = {
      android_channel_id: 'offers',
      icon: 'bell',
      sound: 'default',
      tag: 'a',
      color: '#ff0000',
      image: 'https://shop.example/a.png',
      title_loc_key: 'title',
      title_loc_args: ['a', 1],
      body_loc_key: 'body',
      body_loc_args: '["b", 2]',
      unknown: 'x',
    }
    expect(fcm({ notification: given }).document).toMatchObject({
      notification: {},
      android: {
        notification: {
          channel_id: 'offers',
          icon: 'bell',
          sound: 'default',
          tag: 'a',
          color: '#ff0000',
          image: 'https://shop.example/a.png',
          title_loc_key: 'title',
          title_loc_args: ['a', '1'],
          body_loc_key: 'body',
          body_loc_args: ['b', '2'],
          ...OPENING,
        },
      },
    })
    expect(JSON.stringify(fcm({ notification: given }))).not.toContain('unknown')
  })

  test("the customer's own action goes into the envelope", () => {
    const { data, android } = fcm({ notification: { click_action: 'OPEN_CART' } }).document
    const envelope = { clickAction: 'OPEN_CART', hasDisplayableContent: true, hasData: false }
    expect(data).toEqual({ pusher: pusher(envelope) })
    expect(android).toEqual({ notification: OPENING })
  })

  test('data is text, and nobody can forge the envelope or make the SDK swallow the message', () => {
    const data = {
      n: 1,
      t: true,
      o: { a: [1] },
      s: 'x',
      none: null,
      pusher: 'forged',
      pusherTokenValidation: 'true',
      from: 'x',
    }
    expect(fcm({ data })).toEqual({
      document: {
        data: {
          n: '1',
          t: 'true',
          o: '{"a":[1]}',
          s: 'x',
          pusher: pusher({ hasDisplayableContent: false, hasData: true }),
        },
      },
      priority: 'normal',
      ttl: 2_419_200,
    })
  })

  test.each<[object, object]>([
    [
      { time_to_live: 60, notification: {} },
      { ttl: 60, priority: 'high' },
    ],
    [{ time_to_live: 0 }, { ttl: 0, priority: 'normal' }],
    [{ time_to_live: 'soon' }, { ttl: 2_419_200 }],
    [{ time_to_live: 1e12 }, { ttl: 2_419_200 }],
    [{ collapse_key: 'score' }, { collapse: 'score' }],
    [{ priority: 'high' }, { priority: 'high' }],
    [{ priority: 'normal', notification: {} }, { priority: 'normal' }],
  ])('%j is sent with %j', (part, expected) => {
    expect(fcm(part)).toMatchObject(expected)
  })
})

describe('for Apple', () => {
  const apns = (part: object) => rendered({ apns: part }, 'apns')

  test('the app is woken for its delivery report, and told to ignore that', () => {
    expect(
      apns({ aps: { alert: { title: 'Hi' }, badge: 0, 'thread-id': 'a' }, data: { n: { a: 1 } } }),
    ).toEqual({
      document: {
        aps: { alert: { title: 'Hi' }, badge: 0, 'thread-id': 'a', 'content-available': 1 },
        data: { n: { a: 1 }, pusher: { ...IDS, userShouldIgnore: true } },
      },
      priority: 'high',
      ttl: 2_419_200,
    })
  })

  test("a wake-up of the customer's own is not to be ignored", () => {
    expect(apns({ aps: { 'content-available': 1 } }).document).toEqual({
      aps: { 'content-available': 1 },
      data: { pusher: IDS },
    })
  })

  test('without tracking of deliveries nothing is added, and the switch itself does not travel', () => {
    expect(apns({ aps: { alert: 'x' }, pusher: { disable_delivery_tracking: true } }).document).toEqual({
      aps: { alert: 'x' },
      data: { pusher: IDS },
    })
  })

  test("the customer's key pusher is replaced", () => {
    expect(
      apns({ aps: { 'content-available': 1 }, data: { pusher: { publishId: 'forged' } } }).document,
    ).toEqual({
      aps: { 'content-available': 1 },
      data: { pusher: IDS },
    })
  })

  const second = Math.floor(AT.getTime() / 1000)
  test.each<[object, object]>([
    [{ collapse_id: 'score' }, { collapse: 'score' }],
    [{ priority: 5 }, { priority: 'normal' }],
    [{ priority: 10 }, { priority: 'high' }],
    [{ expiration: second + 90 }, { ttl: 90, headers: { 'apns-expiration': String(second + 90) } }],
    [{ expiration: 0 }, { ttl: 0, headers: { 'apns-expiration': '0' } }],
    [{ expiration: second - 5 }, { ttl: 0 }],
    [{ expiration: 'soon' }, { ttl: 2_419_200 }],
  ])('%j is sent with %j', (part, expected) => {
    expect(apns(part)).toMatchObject(expected)
  })
})

describe('for browsers', () => {
  const web = (part: object) => rendered({ web: part }, 'webpush')

  test('the notification travels with its own members, and the envelope in its data', () => {
    const notification = {
      title: 'Hi',
      deep_link: 'https://shop.example',
      hide_notification_if_site_has_focus: true,
    }
    expect(web({ notification, data: { a: 1 }, time_to_live: 60 })).toEqual({
      document: {
        notification,
        data: { a: 1, pusher: { ...IDS, hasDisplayableContent: true, hasData: true } },
      },
      priority: 'high',
      ttl: 60,
    })
  })

  test('without a notification it is empty, because the service worker reads it', () => {
    expect(web({ data: { a: 1 } })).toEqual({
      document: {
        notification: {},
        data: { a: 1, pusher: { ...IDS, hasDisplayableContent: false, hasData: true } },
      },
      priority: 'normal',
      ttl: 2_419_200,
    })
  })

  test('data is always there', () => {
    const envelope = { ...IDS, hasDisplayableContent: true, hasData: false }
    expect(web({ notification: {} }).document).toEqual({ notification: {}, data: { pusher: envelope } })
  })
})

test('a part that is absent is no form for that push service, and phones of one service get one text', () => {
  const sent = { externalId: 'p', identifier: 'i', options: {}, at: AT }
  expect(sending.render({ fcm: {} }, recipient('apns'), sent)).toBeNull()
  expect(sending.render({ apns: {} }, recipient('webpush'), sent)).toBeNull()
  expect(sending.variant({}, recipient('fcm'))).toBe(sending.variant({ a: 1 }, recipient('fcm')))
  expect(sending.variant({}, recipient('fcm'))).not.toBe(sending.variant({}, recipient('apns')))
})

describe("an operator's message", () => {
  const message = {
    title: { default: 'Hi', de: 'Hallo' },
    subtitle: 'Sub',
    body: 'you',
    icon: 'bell',
    image: 'https://shop.example/a.png',
    color: '#ff0000',
    sound: 'ding',
    badge: 3,
    link: 'https://shop.example',
    data: { a: 1 },
    ttl: 60,
    priority: 'normal',
    collapseKey: 'k',
    category: 'c',
    channel: 'ch',
    group: 'g',
  } as const
  const composed = sending.compose(message)

  test('is a notification on Android', () => {
    expect(rendered(composed, 'fcm')).toEqual({
      document: {
        notification: { title: 'Hi', body: 'you' },
        android: {
          notification: {
            channel_id: 'ch',
            icon: 'bell',
            sound: 'ding',
            tag: 'g',
            color: '#ff0000',
            image: 'https://shop.example/a.png',
            ...OPENING,
          },
        },
        data: {
          a: '1',
          pusher: pusher({ clickAction: 'https://shop.example', hasDisplayableContent: true, hasData: true }),
        },
      },
      priority: 'normal',
      collapse: 'k',
      ttl: 60,
    })
  })

  test('is an alert at Apple', () => {
    expect(rendered(composed, 'apns')).toEqual({
      document: {
        aps: {
          alert: { title: 'Hi', subtitle: 'Sub', body: 'you' },
          badge: 3,
          sound: 'ding',
          category: 'c',
          'thread-id': 'g',
          'mutable-content': 1,
          'content-available': 1,
        },
        data: { a: 1, pusher: { ...IDS, userShouldIgnore: true } },
      },
      priority: 'normal',
      collapse: 'k',
      ttl: 60,
    })
  })

  test('is a notification with a link in browsers', () => {
    expect(rendered(composed, 'webpush')).toMatchObject({
      document: {
        notification: {
          title: 'Hi',
          body: 'you',
          icon: 'bell',
          image: 'https://shop.example/a.png',
          deep_link: 'https://shop.example',
        },
      },
      priority: 'normal',
      ttl: 60,
    })
  })

  test('that is silent shows nothing', () => {
    const silent = sending.compose({ silent: true, title: 'x', data: { a: 'b' } })
    expect(rendered(silent, 'fcm').document).not.toHaveProperty('notification')
    expect(rendered(silent, 'apns').document).toEqual({
      aps: { 'content-available': 1 },
      data: { a: 'b', pusher: IDS },
    })
    expect(rendered(silent, 'webpush')).toMatchObject({ document: { notification: {} }, priority: 'normal' })
  })

  test('is changed by overrides last, but for the envelope', () => {
    const overrides = {
      fcm: {
        notification: { body: null },
        android: { notification: { click_action: 'x', tag: 't' } },
        data: { pusher: 'x', b: 2 },
      },
      apns: { aps: { sound: null, badge: 9 }, data: { pusher: null } },
      webpush: { notification: { title: 'Other' }, data: { pusher: 1 } },
    }
    const changed = sending.compose({ ...message, overrides })
    expect(rendered(changed, 'fcm').document).toMatchObject({
      notification: { title: 'Hi' },
      android: { notification: { tag: 't', ...OPENING } },
      data: { b: '2', pusher: expect.stringContaining('pubid-1') },
    })
    expect(rendered(changed, 'apns').document).toMatchObject({ aps: { badge: 9 }, data: { pusher: IDS } })
    expect(rendered(changed, 'webpush').document).toMatchObject({
      notification: { title: 'Other' },
      data: { pusher: { publishId: 'pubid-1' } },
    })
  })
})
