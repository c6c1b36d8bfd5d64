import { describe, expect, test } from 'vitest'
import { sending } from '../../../adapters/backendless/sending/render.ts'
import { composed, kept, phone, published, rendered } from './sending-kit.ts'
import { openTenant } from './tenant.ts'

/** What phones get of a published message. */
async function sent(body: object) {
  const t = await openTenant()
  const { messageId } = await published(t, 'news', body)
  const message = await kept(t, messageId)
  return {
    messageId,
    android: rendered(message.body, phone('android'), messageId)?.push.body,
    ios: rendered(message.body, phone('ios'), messageId)?.push.body,
  }
}

describe('Android gets data alone (sending.md 6.3)', () => {
  test('with the texts without which old receivers show nothing', async () => {
    const { android, messageId } = await sent({ message: 'hello' })
    expect(android).toEqual({
      data: { message: 'hello', 'android-ticker-text': 'hello', 'android-content-text': 'hello', messageId },
    })
  })

  test('with every header but those of other systems, as text', async () => {
    const { android, messageId } = await sent({
      message: 'hello',
      publisherId: 'P',
      subtopic: 'S',
      headers: {
        'android-content-title': 'Title',
        'android-content-sound': 'ding',
        'ios-alert': 'no',
        'wp-title': 'no',
        count: 3,
        more: { a: [true] },
        none: null,
        messageId: 'forged',
        message: 'forged',
      },
    })
    expect(android).toEqual({
      data: {
        'android-ticker-text': 'Title',
        'android-content-text': 'hello',
        'android-content-title': 'Title',
        'android-content-sound': 'ding',
        count: '3',
        more: '{"a":[true]}',
        message: 'hello',
        publisherId: 'P',
        subtopic: 'S',
        messageId,
      },
    })
  })

  test("keeps the caller's own texts", async () => {
    const headers = { 'android-ticker-text': 'Tick', 'android-content-text': 'Text' }
    expect((await sent({ message: 'm', headers })).android).toMatchObject({ data: headers })
  })

  test.each([
    ['an object', { a: 1 }, '{"a":1}'],
    ['a list', [1, 'b'], '[1,"b"]'],
    ['a number', 3, '3'],
    ['false', false, 'false'],
    ['a text that is empty', '', ''],
  ])('a message that is %s is its JSON text', async (_, message, text) => {
    expect((await sent({ message })).android).toMatchObject({ data: { message: text } })
  })

  test('leaves out the keys that FCM refuses', async () => {
    const headers = { from: 'x', 'google.a': 'x', gcm: 'x', message_type: 'x', kept: 'x' }
    const { android } = await sent({ message: 'm', headers })
    const names = Object.keys(android?.data as object)
    expect(names.filter((name) => name in headers)).toEqual(['kept'])
  })
})

describe('iOS gets an alert (sending.md 6.3)', () => {
  const aps = { alert: { body: 'hello' }, sound: 'default' }

  test.each<[string, object, object]>([
    ['no headers', {}, aps],
    [
      'titles',
      { 'ios-alert-title': 'T', 'ios-alert-subtitle': 'S' },
      { ...aps, alert: { title: 'T', subtitle: 'S', body: 'hello' } },
    ],
    ['a text of its own', { 'ios-alert': 'A' }, { ...aps, alert: { body: 'A' } }],
    ['both texts', { 'ios-alert': 'A', 'ios-alert-body': 'B' }, { ...aps, alert: { body: 'B' } }],
    ['a badge', { 'ios-badge': '5' }, { ...aps, badge: 5 }],
    ['a badge that is a number', { 'ios-badge': 0 }, { ...aps, badge: 0 }],
    ['a badge that is none', { 'ios-badge': 'many' }, aps],
    ['a sound', { 'ios-sound': 'ding.caf' }, { ...aps, sound: 'ding.caf' }],
    [
      'content-available, and the alert beside it',
      { 'ios-content-available': '1' },
      { ...aps, 'content-available': 1 },
    ],
    ['content-available 0', { 'ios-content-available': '0' }, aps],
    ['an immediate push', { ios_immediate_push: '{}' }, { ...aps, 'mutable-content': 1 }],
    ['an attachment', { 'attachment-url': 'https://e.x/a.png' }, { ...aps, 'mutable-content': 1 }],
  ])('%s', async (_, headers, expected) => {
    expect((await sent({ message: 'hello', headers })).ios).toMatchObject({ aps: expected })
  })

  test('with the message, its id and every header but those of other systems beside it', async () => {
    const headers = {
      'ios-badge': 2,
      'attachment-url': 'https://e.x/a.png',
      a: 1,
      aps: 'forged',
      messageId: 'forged',
    }
    const { ios, messageId } = await sent({
      message: 'hello',
      publisherId: 'P',
      headers: { ...headers, 'android-content-title': 'no', 'wp-title': 'no' },
    })
    expect(ios).toEqual({
      'ios-badge': '2',
      'attachment-url': 'https://e.x/a.png',
      a: '1',
      message: 'hello',
      publisherId: 'P',
      messageId,
      aps: { alert: { body: 'hello' }, sound: 'default', badge: 2, 'mutable-content': 1 },
    })
  })

  test('a Mac gets the same, and Windows nothing', () => {
    const body = { message: 'hello', headers: { 'ios-badge': '1' } }
    expect(rendered(body, phone('mac'))).toEqual(rendered(body, phone('ios')))
    expect(rendered(body, phone('windows'))).toBeNull()
  })

  test('phones of one kind share one push', () => {
    const body = { message: 'hello', headers: {} }
    const [one, other] = [phone('ios'), { ...phone('ios'), token: 'U', externalId: 'E' }]
    expect(sending.variant(body, one)).toBe(sending.variant(body, other))
    expect(sending.variant(body, one)).not.toBe(sending.variant(body, phone('android')))
  })

  test('it is urgent, and kept for 28 days', () => {
    const body = { message: 'hello', headers: {} }
    for (const kind of ['ios', 'android'] as const) {
      expect(rendered(body, phone(kind))).toMatchObject({ ttl: 2_419_200, push: { priority: 'high' } })
    }
  })
})

describe("an operator's message in neutral words (sending.md 8)", () => {
  const message = {
    title: { default: 'T', de: 'Titel' },
    subtitle: 'S',
    body: 'B',
    sound: 'ding',
    badge: 3,
    image: 'https://e.x/a.png',
    link: 'app://x',
    data: { n: 1, messageId: 'forged' },
    ttl: 60,
    collapseKey: 'K',
    category: 'C',
    group: 'G',
  }

  test('is shown by the SDK on Android', () => {
    expect(composed(message, phone('android'))).toEqual({
      ttl: 60,
      push: {
        priority: 'high',
        collapse: 'K',
        body: {
          data: {
            message: 'B',
            messageId: 'message:1',
            'android-ticker-text': 'T',
            'android-content-title': 'T',
            'android-content-text': 'B',
            'android-summary-subtext': 'S',
            'android-content-sound': 'ding',
            'android-action': 'app://x',
            'attachment-url': 'https://e.x/a.png',
            n: '1',
          },
        },
      },
    })
  })

  test('is an alert on iOS', () => {
    expect(composed(message, phone('ios'))).toMatchObject({
      ttl: 60,
      push: {
        collapse: 'K',
        body: {
          messageId: 'message:1',
          n: '1',
          aps: {
            alert: { title: 'T', subtitle: 'S', body: 'B' },
            badge: 3,
            sound: 'ding',
            category: 'C',
            'thread-id': 'G',
            'mutable-content': 1,
          },
        },
      },
    })
  })

  test('shows nothing if it is silent', () => {
    const silent = { silent: true, data: { a: 'b' } }
    expect(composed(silent, phone('ios'))?.push).toMatchObject({
      priority: 'normal',
      body: { aps: { 'content-available': 1 }, a: 'b' },
    })
    expect(composed(silent, phone('ios'))?.push.body.aps).toEqual({ 'content-available': 1 })
    expect(composed(silent, phone('android'))?.push.body).toEqual({
      data: { a: 'b', message: '', messageId: 'message:1' },
    })
  })

  test('is changed for one service, but for its id', () => {
    const overrides = {
      fcm: { data: { message: 'other', messageId: 'forged' }, android: { direct_boot_ok: true } },
      apns: { aps: { sound: null, badge: 9 }, messageId: 'forged' },
    }
    expect(composed({ body: 'B', overrides }, phone('android'))?.push.body).toMatchObject({
      data: { message: 'other', messageId: 'message:1' },
      android: { direct_boot_ok: true },
    })
    expect(composed({ body: 'B', overrides }, phone('ios'))?.push.body).toMatchObject({
      aps: { alert: { body: 'B' }, badge: 9 },
      messageId: 'message:1',
    })
  })
})
