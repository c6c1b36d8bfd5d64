import { beforeEach, describe, expect, test } from 'vitest'
import { pushwoosh } from '../../../adapters/pushwoosh/index.ts'
import { codeOf, hashOf, randomCode } from '../../../adapters/pushwoosh/sending/hash.ts'
import type { Recipient } from '../../../src/domain/message.ts'
import { type Json, openTenant, type Tenant } from './kit.ts'
import { android, chrome, ios, rendered, sent } from './sending-kit.ts'

let t: Tenant
beforeEach(async () => {
  t = await openTenant()
})
const MONTH = 2_419_200

/** What a phone gets of a notification, without the members that identify the message. */
async function shown(notification: Json, to: Recipient) {
  const message = await sent(t, notification)
  const { push, ttl, payload } = rendered(message, to)
  const { externalId } = message
  const envelope = { p: hashOf(externalId), md: JSON.stringify({ uid: externalId }) }
  return { push, ttl, payload, envelope }
}
const dataOf = async (notification: Json, to: Recipient = android) => {
  const { payload, envelope } = await shown(notification, to)
  expect(payload.data).toMatchObject({ pw_msg: '1', ...envelope })
  const { pw_msg: _, p: __, md: ___, ...data } = payload.data
  return data
}

describe('the hash of a message', () => {
  test('is read by the SDKs as its number and its code', () => {
    expect(hashOf('0001-0000003E-FFFFFFFF')).toBe('x_0_4GFfd4_1-10-4GFfc3')
    expect(codeOf('x_0_4GFfd4_1-10-4GFfc3')).toBe('0001-0000003E-FFFFFFFF')
  })

  test.each(Array.from({ length: 20 }, () => randomCode()))('leads back to %s', (code) => {
    expect(codeOf(hashOf(code))).toBe(code)
  })

  test.each(['', 'hash-1', 'x_0_1_1-1-1', 'x_1_4GFfd4_1-10-4GFfc3', 'x_0_4GFfd4_1-10-ZZZZZZ'])(
    'of somebody else stays as it is: %s',
    (hash) => expect(codeOf(hash)).toBe(hash),
  )
})

describe('Android', () => {
  test('gets data only, all of it text, with the keys of its SDK', async () => {
    const { payload, push, ttl } = await shown({ content: 'Hello', title: 'Hi' }, android)
    expect(Object.keys(payload)).toEqual(['data'])
    expect([push.priority, ttl]).toEqual(['high', MONTH])
    expect(await dataOf({ content: 'Hello', title: 'Hi' })).toEqual({ title: 'Hello', header: 'Hi' })
  })

  test.each<[name: string, notification: Json, data: Json]>([
    ['android_header before title', { title: 'a', android_header: 'b' }, { header: 'b' }],
    ['data as JSON text', { data: { a: [1] } }, { u: '{"a":[1]}' }],
    ['data that is text already', { data: '{"a": 1}' }, { u: '{"a": 1}' }],
    ['link', { link: 'https://example.com/?a=b' }, { l: 'https://example.com/?a=b' }],
    [
      'icons and banner',
      { android_icon: 'i', android_custom_icon: 'c', android_banner: 'b' },
      { i: 'i', ci: 'c', b: 'b' },
    ],
    ['sound', { android_sound: 'bell' }, { s: 'bell' }],
    ['vibration', { android_vibration: true }, { vib: '1' }],
    ['no vibration', { android_vibration: 0 }, { vib: '0' }],
    [
      'light and colour',
      { android_led: '#ff0000', android_ibc: '#00ff00' },
      { led: '#ff0000', ibc: '#00ff00' },
    ],
    ['priority of display', { android_priority: -1 }, { pri: '-1' }],
    ['badge', { android_badges: 5 }, { pw_badges: '5' }],
    ['change of the badge', { android_badges: '+1' }, { pw_badges: '+1' }],
    ['silence', { android_silent: 1 }, { pw_silent: '1' }],
    ['group', { android_group_id: 'g' }, { group_id: 'g' }],
    [
      'root parameters, at the top and as text',
      { android_root_params: { pw_channel: 'c', n: 1, o: { a: true }, none: null } },
      { pw_channel: 'c', n: '1', o: '{"a":true}' },
    ],
    [
      'root parameters cannot forge the envelope',
      { android_root_params: { p: 'x', md: 'y', pw_msg: '0' } },
      {},
    ],
  ])('%s', async (_, notification, data) => expect(await dataOf(notification)).toEqual(data))

  test('priority of delivery, life and collapse go to the service', async () => {
    const { push, ttl, payload } = await shown(
      {
        android_delivery_priority: 'normal',
        android_gcm_ttl: 60,
        android_root_params: { collapse_key: 'k' },
      },
      android,
    )
    expect([push.priority, push.collapse, ttl]).toEqual(['normal', 'k', 60])
    expect(payload.data).not.toHaveProperty('collapse_key')
  })

  test('Amazon and Huawei take the same keys, in their own form', async () => {
    const amazon = { ...android, provider: 'adm', platform: 'amazon' } as const
    expect((await shown({ content: 'a' }, amazon)).payload).toMatchObject({ title: 'a', pw_msg: '1' })
    const huawei = { ...android, provider: 'hms', platform: 'huawei' } as const
    const { payload } = await shown({ content: 'a' }, huawei)
    expect(JSON.parse(payload.data)).toMatchObject({ title: 'a', pw_msg: '1' })
  })
})

describe('iOS', () => {
  const apsOf = async (notification: Json, to = ios) => {
    const { payload, envelope } = await shown(notification, to)
    expect(payload).toMatchObject({ pw_msg: '1', ...envelope })
    return payload.aps
  }
  const alert = { 'mutable-content': 1, sound: 'default' }
  test.each<[name: string, notification: Json, aps: Json]>([
    ['a bare text', { content: 'a' }, { ...alert, alert: 'a' }],
    ['a title', { content: 'a', title: 'b' }, { ...alert, alert: { title: 'b', body: 'a' } }],
    [
      'its own titles',
      { content: 'a', title: 'b', ios_title: 'c', ios_subtitle: 'd' },
      { ...alert, alert: { title: 'c', subtitle: 'd', body: 'a' } },
    ],
    ['a badge', { content: 'a', ios_badges: 3 }, { ...alert, alert: 'a', badge: 3 }],
    ['a badge as text', { content: 'a', ios_badges: '3' }, { ...alert, alert: 'a', badge: 3 }],
    [
      'a change of the badge',
      { content: 'a', ios_badges: '+2' },
      { ...alert, alert: 'a', badge: 2, pw_badge: '+2' },
    ],
    [
      'a badge is never negative',
      { content: 'a', ios_badges: '-2' },
      { ...alert, alert: 'a', badge: 0, pw_badge: '-2' },
    ],
    ['a sound', { content: 'a', ios_sound: 'bell.caf' }, { ...alert, alert: 'a', sound: 'bell.caf' }],
    ['no sound', { content: 'a', ios_sound: '' }, { alert: 'a', 'mutable-content': 1 }],
    ['a category', { content: 'a', ios_category_id: 'c' }, { ...alert, alert: 'a', category: 'c' }],
    ['silence', { content: 'a', ios_silent: 1, ios_badges: 3 }, { 'content-available': 1 }],
    [
      'root parameters inside aps',
      { content: 'a', ios_root_params: { aps: { 'thread-id': 't' }, p: 'forged' } },
      { ...alert, alert: 'a', 'thread-id': 't' },
    ],
  ])('%s', async (_, notification, aps) => expect(await apsOf(notification)).toEqual(aps))

  test('the stored badge is the base of a change', async () => {
    expect((await apsOf({ ios_badges: '+2' }, { ...ios, details: { deviceType: 1, badge: 5 } })).badge).toBe(
      7,
    )
  })

  test('link, data and attachment stand at the top, as text', async () => {
    const { payload } = await shown(
      {
        content: 'a',
        link: 'l',
        data: { a: 1 },
        ios_attachment: 'https://example.com/a.png',
        ios_root_params: { x: 1 },
      },
      ios,
    )
    expect(payload).toMatchObject({ l: 'l', u: '{"a":1}', attachment: 'https://example.com/a.png', x: 1 })
  })

  test('life and collapse go to the service', async () => {
    const { push, ttl } = await shown({ content: 'a', ios_ttl: 60, apns_collapse_id: 'k' }, ios)
    expect([push.collapse, ttl]).toEqual(['k', 60])
  })

  test.each(['apns_trim_content', 'ios_trim_content'])('%s shortens the text until it fits', async (name) => {
    const { push, payload } = await shown({ content: 'ü😀'.repeat(2000), title: 'b', [name]: 1 }, ios)
    const { byteLength } = new TextEncoder().encode(push.body)
    expect(byteLength).toBeLessThanOrEqual(4096)
    expect(byteLength).toBeGreaterThan(4080)
    expect(payload.aps.alert.body).toMatch(/^(?:ü😀)+ü?$/u)
  })

  test('Safari’s own way has no form', async () => {
    const safari = { ...ios, platform: 'web', details: { deviceType: 10 } } as const
    expect(() => rendered({ body: { content: 'a' }, externalId: randomCode() }, safari)).toThrow()
  })
})

describe('browsers', () => {
  const payloadOf = async (notification: Json, to = chrome) => {
    const { payload, envelope } = await shown(notification, to)
    expect(payload).toMatchObject(envelope)
    const { p: _, md: __, ...rest } = payload
    return rest
  }
  const firefox = { ...chrome, details: { deviceType: 12 } }
  test.each<[name: string, notification: Json, to: Recipient, payload: Json]>([
    ['header and body', { content: 'a', title: 'b' }, chrome, { header: 'b', body: 'a' }],
    ['its own title', { content: 'a', title: 'b', chrome_title: 'c' }, chrome, { header: 'c', body: 'a' }],
    [
      'the title of another browser',
      { content: 'a', title: 'b', chrome_title: 'c' },
      firefox,
      { header: 'b', body: 'a' },
    ],
    [
      'icon, image, link and data',
      { content: 'a', chrome_icon: 'i', chrome_image: 'm', link: 'l', data: { a: 1 } },
      chrome,
      { body: 'a', i: 'i', image: 'm', l: 'l', u: '{"a":1}' },
    ],
    [
      'the icon of Firefox',
      { content: 'a', chrome_icon: 'i', firefox_icon: 'f' },
      firefox,
      { body: 'a', i: 'f' },
    ],
    [
      'buttons as JSON text',
      { content: 'a', chrome_button_text1: 'x', chrome_button_url1: 'u' },
      chrome,
      { body: 'a', buttons: '[{"title":"x","url":"u"}]' },
    ],
    [
      'root parameters, but for what the worker takes for an envelope',
      { content: 'a', chrome_root_params: { data: { p: 'x' }, requireInteraction: true, p: 'forged' } },
      chrome,
      { body: 'a', requireInteraction: true },
    ],
  ])('%s', async (_, notification, to, payload) => expect(await payloadOf(notification, to)).toEqual(payload))

  test('the life of a message', async () => {
    expect((await shown({ content: 'a', chrome_gcm_ttl: 60 }, chrome)).ttl).toBe(60)
  })
})

describe('texts', () => {
  const textFor = async (notification: Json, more: Partial<Recipient> = {}) => {
    const { title, header } = await dataOf(notification, { ...android, ...more })
    return [title, header]
  }
  test.each<[language: string | null, content: Json | string, text: string]>([
    ['de', { en: 'e', de: 'd' }, 'd'],
    ['de-AT', { de: 'd', 'de-AT': 'a' }, 'a'],
    ['de-AT', { en: 'e', de: 'd' }, 'd'],
    ['zh-Hans', { en: 'e', 'zh-Hans': 'z' }, 'z'],
    ['fr', { en: 'e', default: 'x' }, 'x'],
    ['fr', { de: 'd', en: 'e' }, 'e'],
    ['fr', { it: 'i', de: 'd' }, 'i'],
    [null, { default: 'x' }, 'x'],
    ['fr', 'plain', 'plain'],
  ])('in %s, %j', async (language, content, text) => {
    expect((await textFor({ content }, { language }))[0]).toBe(text)
  })

  test('each member picks its language by itself', async () => {
    const notification = { content: { de: 'd', en: 'e' }, title: { default: 't' } }
    expect(await textFor(notification, { language: 'de' })).toEqual(['d', 't'])
  })

  test.each<[text: string, result: string]>([
    ['Dear {name}', 'Dear ada lovelace'],
    ['{name|CapitalizeFirst|you}', 'Ada lovelace'],
    ['{name|CAPITALIZEALLFIRST|you}', 'Ada Lovelace'],
    ['{name|UPPERCASE|you}', 'ADA LOVELACE'],
    ['{city|lowercase|x}', 'graz'],
    ['{city|regular|x}', 'Graz'],
    ['{town|regular|somewhere}', 'somewhere'],
    ['{town}', ''],
    ['{colours}', 'red, blue'],
    ['{"json": 1}', '{"json": 1}'],
  ])('placeholders: %s', async (content, result) => {
    const message = await sent(t, { content, dynamic_content_placeholders: { name: 'ada lovelace' } })
    const tags = { city: 'Graz', name: 'somebody else', colours: ['red', 'blue'] }
    expect(rendered(message, { ...android, tags }).payload.data.title).toBe(result)
  })

  test('only the tags that texts name are read, and people with different ones get different pushes', async () => {
    const { sending } = pushwoosh.capabilities
    const { body } = await sent(t, {
      content: { en: '{a} {b}' },
      title: '{c|regular|}',
      dynamic_content_placeholders: { b: 'x' },
    })
    expect(sending?.tags?.(body)).toEqual(['a', 'c'])
    const variant = (more: Partial<Recipient>) => sending?.variant(body, { ...android, ...more })
    expect(variant({ token: 'other' })).toBe(variant({}))
    const different = [
      { language: 'de' },
      { tags: { a: 1 } },
      { provider: 'apns' },
      { details: { deviceType: 9 } },
    ] as const
    for (const more of different) expect(variant(more)).not.toBe(variant({}))
  })
})

test('an operator’s message reaches all three in the form of their SDK', () => {
  const body = pushwoosh.capabilities.sending?.compose({
    ...{ title: 't', body: 'b', link: 'l', badge: '+1', sound: 's', image: 'm', collapseKey: 'k', ttl: 60 },
    data: { a: 1 },
    overrides: {
      fcm: { data: { p: 'forged', extra: 'x' } },
      apns: { aps: { 'thread-id': 'i' } },
      webpush: { lang: 'de' },
    },
  })
  const message = { body: body ?? {}, externalId: randomCode() }
  const p = hashOf(message.externalId)
  expect(rendered(message, android)).toMatchObject({
    payload: {
      data: { title: 'b', header: 't', l: 'l', u: '{"a":1}', pw_badges: '+1', s: 's', b: 'm', p, extra: 'x' },
    },
    push: { collapse: 'k' },
    ttl: 60,
  })
  expect(rendered(message, ios)).toMatchObject({
    payload: { aps: { alert: { title: 't', body: 'b' }, sound: 's', 'thread-id': 'i' }, attachment: 'm', p },
    push: { collapse: 'k' },
    ttl: 60,
  })
  expect(rendered(message, chrome)).toMatchObject({
    payload: { header: 't', body: 'b', image: 'm', lang: 'de', p },
    ttl: 60,
  })
})
