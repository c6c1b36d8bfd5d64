import { describe, expect, test } from 'vitest'
import { DEFAULT_TTL, type NeutralMessage } from '../../../src/domain/message.ts'
import { createTenant } from './kit.ts'
import { composed, type PlatformName, recipient, rendered, sending, sent } from './sending-kit.ts'

const message = (settings: object = {}, more: object = {}) => ({
  message: { alert: 'hello', ...more },
  settings,
})
/** The stored message, from a back end's call. */
async function body(settings?: object, more?: object) {
  return (await sent(await createTenant(), message(settings, more))).body
}
const CLOUD = { details: { cloud: true } }
const dataOf = (push: ReturnType<typeof rendered>) => push?.json.data as Record<string, string>

describe('what an Android phone gets', () => {
  test('is data alone, with the id of the message as text of JSON', async () => {
    const push = rendered(await body(), recipient('G'))
    expect(push).toMatchObject({
      json: {
        data: { alert: 'hello', payload: '{"nid":"Msg12345"}', mid: 'Msg12345', 'has-template': '0' },
      },
      priority: 'high',
      ttl: DEFAULT_TTL,
    })
    expect(Object.keys(push?.json ?? {})).toEqual(['data'])
    expect(Object.keys(dataOf(push)).sort()).toEqual(['alert', 'has-template', 'mid', 'payload'])
  })

  test.each<[string, object, object, object]>([
    ['a sound', { sound: 'bell' }, { sound: 'bell' }, { sound: 'bell' }],
    ['an icon', { icon: 'star' }, { icon: 'star' }, { icon: 'star' }],
    ['a title', { androidTitle: 'T' }, { androidTitle: 'T' }, { androidTitle: 'T' }],
    ['a category', { category: 'alarm' }, { category: 'alarm' }, { category: 'alarm' }],
    [
      'actions',
      { interactiveCategory: 'yesNo' },
      { interactiveCategory: 'yesNo' },
      { interactiveCategory: 'yesNo' },
    ],
    ['flags', { bridge: false, redact: 'true' }, { bridge: 'false', redact: 'true' }, { redact: 'true' }],
    ['the highest priority', { priority: 'MAX' }, { priority: '2' }, { priority: 'max' }],
    ['a high priority', { priority: 'high' }, { priority: '1' }, { priority: 'high' }],
    ['the usual priority', { priority: 'DEFAULT' }, { priority: '0' }, { priority: 'default' }],
    ['a low priority', { priority: 'LOW' }, { priority: '-1' }, { priority: 'low' }],
    ['the lowest priority', { priority: 'min' }, { priority: '-2' }, { priority: 'min' }],
    ['visibility for all', { visibility: 'PUBLIC' }, { visibility: '1' }, { visibility: 'public' }],
    ['visibility in part', { visibility: 'PRIVATE' }, { visibility: '0' }, { visibility: 'private' }],
    ['no visibility', { visibility: 'SECRET' }, { visibility: '-1' }, { visibility: 'secret' }],
    [
      'silence',
      { type: 'SILENT' },
      { type: 'silent', notificationType: 'silent' },
      { type: 'silent', notificationType: 'silent' },
    ],
    ['a key of what is dismissed together', { sync: true, collapseKey: 'k' }, { key: 'k' }, { key: 'k' }],
  ])('has %s, for both generations of the SDK', async (_, gcm, classic, cloud) => {
    const kept = await body({ gcm })
    expect(dataOf(rendered(kept, recipient('G')))).toMatchObject(classic)
    expect(dataOf(rendered(kept, recipient('G', CLOUD)))).toMatchObject(cloud)
  })

  test('has a payload, to which the id is added where no payload can forge it', async () => {
    for (const payload of [{ a: { b: 1 }, nid: 'forged' }, '{"a":{"b":1}}']) {
      const { payload: text } = dataOf(rendered(await body({ gcm: { payload } }), recipient('G')))
      expect(JSON.parse(text ?? '')).toEqual({ a: { b: 1 }, nid: 'Msg12345' })
    }
  })

  test('has a style with its type by both names, and lights, as text of JSON', async () => {
    const style = { type: 'inbox_notification', title: 't', lines: ['a', 'b'], other: 1 }
    const lights = { ledArgb: 'green', ledOnMs: 1, ledOffMs: 2 }
    const data = dataOf(rendered(await body({ gcm: { style, lights } }, { url: 'u' }), recipient('G')))
    expect(JSON.parse(data.style ?? '')).toEqual({
      type: 'INBOX_NOTIFICATION',
      notification_type: 'INBOX_NOTIFICATION',
      title: 't',
      lines: '[a, b]',
    })
    expect(JSON.parse(data.lights ?? '')).toEqual({ ledARGB: 'GREEN', ledOnMS: 1, ledOffMS: 2 })
    expect(data.url).toBe('u')
  })

  test('has a channel with IBM Cloud’s SDK alone', async () => {
    const kept = await body({ gcm: { groupId: 'g' } })
    expect(dataOf(rendered(kept, recipient('G', CLOUD))).channel).toBe('{"groupId":"g"}')
    expect(dataOf(rendered(kept, recipient('G')))).not.toHaveProperty('channel')
  })

  test.each([
    ['max', 'high'],
    ['high', 'high'],
    ['default', 'high'],
    ['LOW', 'normal'],
    ['MIN', 'normal'],
  ])('is sent by its priority, life and key: %s is %s', async (priority, expected) => {
    const gcm = { priority, timeToLive: 60, collapseKey: 'k' }
    expect(rendered(await body({ gcm }), recipient('G'))).toMatchObject({
      priority: expected,
      ttl: 60,
      collapse: 'k',
    })
  })

  test('is data with the web’s members in an extension of Chrome', async () => {
    const chromeAppExt = { title: 'T', iconUrl: 'i', payload: { a: 1 } }
    expect(dataOf(rendered(await body({ chromeAppExt }), recipient('APPEXT_CHROME')))).toEqual({
      title: 'T',
      alert: 'hello',
      iconUrl: 'i',
      payload: '{"a":1,"nid":"Msg12345"}',
    })
  })
})

describe('what an iPhone gets', () => {
  const payload = '{"nid":"Msg12345"}'
  test.each<[string, object, object, object]>([
    ['the text in an object', {}, { alert: { body: 'hello' } }, {}],
    ['titles', { title: 't', subtitle: 's' }, { alert: { body: 'hello', title: 't', subtitle: 's' } }, {}],
    [
      'keys of texts',
      { titleLocKey: 'a', titleLocArgs: ['b'], locKey: 'c', locArgs: ['d'] },
      {
        alert: {
          body: 'hello',
          'title-loc-key': 'a',
          'title-loc-args': ['b'],
          'loc-key': 'c',
          'loc-args': ['d'],
        },
      },
      {},
    ],
    [
      'an image of launch, an action and a summary',
      { launchImage: 'l', iosActionKey: 'k', apnsGroupSummaryArg: 's', apnsGroupSummaryArgCount: 2 },
      {
        alert: {
          body: 'hello',
          'launch-image': 'l',
          'action-loc-key': 'k',
          'summary-arg': 's',
          'summary-arg-count': 2,
        },
      },
      {},
    ],
    ['a badge', { badge: 3 }, { alert: { body: 'hello' }, badge: 3 }, {}],
    ['a badge that came as text', { badge: '0' }, { alert: { body: 'hello' }, badge: 0 }, {}],
    ['a sound', { sound: 'x.wav' }, { alert: { body: 'hello' }, sound: 'x.wav' }, {}],
    ['a category', { category: 'c' }, { alert: { body: 'hello' }, category: 'c' }, {}],
    [
      'actions rather than a category',
      { category: 'c', interactiveCategory: 'i' },
      { alert: { body: 'hello' }, category: 'i' },
      {},
    ],
    ['a thread', { apnsThreadId: 't' }, { alert: { body: 'hello' }, 'thread-id': 't' }, {}],
    ['silence alone', { type: 'SILENT', badge: 1, sound: 's' }, { 'content-available': 1 }, {}],
    ['both', { type: 'MIXED' }, { alert: { body: 'hello' }, 'content-available': 1 }, {}],
    [
      'an attachment',
      { attachmentUrl: 'https://x' },
      { alert: { body: 'hello' }, 'mutable-content': 1 },
      { 'attachment-url': 'https://x' },
    ],
  ])('has %s', async (_, apns, aps, more) => {
    const push = rendered(await body({ apns }, { url: 'u' }), recipient('A'))
    expect(push?.json).toEqual({ aps, payload, url: 'u', ...more })
  })

  test('has the payload as text, with the id; and a key by which it replaces others', async () => {
    const apns = { payload: { a: 1, nid: 'forged' }, apnsCollapseId: 'c' }
    const push = rendered(await body({ apns }), recipient('A'))
    expect(push?.json.payload).toBe('{"a":1,"nid":"Msg12345"}')
    expect(push?.collapse).toBe('c')
  })
})

describe('what a browser gets', () => {
  test.each<[PlatformName, string]>([
    ['WEB_CHROME', 'chrome'],
    ['WEB_FIREFOX', 'firefox'],
  ])('%s gets its own settings', async (platform, title) => {
    const settings = {
      chromeWeb: { title: 'chrome', iconUrl: 'i', timeToLive: 5, payload: '{"tag":"x"}' },
      firefoxWeb: { title: 'firefox', iconUrl: 'i', timeToLive: '5', payload: { tag: 'x' } },
    }
    const push = rendered(await body(settings), recipient(platform))
    expect(push?.json).toEqual({
      title,
      alert: 'hello',
      iconUrl: 'i',
      payload: '{"tag":"x","nid":"Msg12345"}',
    })
    expect(push?.ttl).toBe(5)
  })

  test('gets a payload without settings too: the service worker throws without', async () => {
    const push = rendered(await body(), recipient('WEB_CHROME'))
    expect(push?.json).toEqual({ alert: 'hello', payload: '{"nid":"Msg12345"}' })
  })
})

describe('what Windows gets', () => {
  const toast = (text: string, attributes = '') =>
    `<toast${attributes}><visual><binding template="ToastText01"><text id="1">${text}</text></binding></visual></toast>`
  test.each<[string, object, string, object]>([
    ['the text', {}, toast('hello'), {}],
    [
      'a toast with its address',
      { toast: { launch: '<a&"' } },
      toast('hello', ' launch="&lt;a&amp;&quot;"'),
      {},
    ],
    ['a badge', { badge: { value: 3 } }, '<badge value="3"/>', {}],
    ['raw text', { raw: { payload: 'x' } }, 'x', { headers: { 'x-wns-type': 'wns/raw' } }],
    ['raw JSON', { raw: { payload: { a: 1 } } }, '{"a":1}', { headers: { 'x-wns-type': 'wns/raw' } }],
  ])('is %s', async (_, wns, text, more) => {
    expect(rendered(await body({ wns }), recipient('W'))).toMatchObject({ text, ...more })
  })

  test('is XML whatever the text is', async () => {
    const kept = (await sent(await createTenant(), { message: { alert: '<b>&\u0007' } })).body
    expect(rendered(kept, recipient('W'))?.text).toBe(toast('&lt;b&gt;&amp;'))
  })
})

describe('nothing', () => {
  test('is what Safari gets: it needs the site’s certificate', async () => {
    expect(rendered(await body(), recipient('WEB_SAFARI'))).toBeNull()
  })

  test('is what anybody gets of a text message, where it is that alone', async () => {
    const t = await createTenant()
    const of = async (notificationType: number) =>
      rendered((await sent(t, { ...message(), notificationType })).body, recipient('G'))
    expect(await of(2)).toBeNull()
    expect(await of(3)).not.toBeNull()
  })
})

describe('one push', () => {
  test('serves those who get the same', async () => {
    const kept = await body()
    const variant = (platform: PlatformName, more = {}) => sending.variant(kept, recipient(platform, more))
    expect(variant('G', { token: 'x', user: 'u', language: 'de' })).toBe(variant('G'))
    const all = [
      variant('G'),
      variant('G', CLOUD),
      variant('A'),
      variant('WEB_CHROME'),
      variant('WEB_FIREFOX'),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  test('is each language’s own where an operator’s message has several', () => {
    const kept = sending.compose({ body: { de: 'hallo', default: 'hello' } })
    const to = (language: string | null) => recipient('G', { language })
    expect(sending.variant(kept, to('de'))).not.toBe(sending.variant(kept, to('fr')))
    expect(dataOf(rendered(kept, to('de')))).toMatchObject({ alert: 'hallo' })
    expect(dataOf(rendered(kept, to(null)))).toMatchObject({ alert: 'hello' })
  })
})

describe('an operator’s message', () => {
  const neutral: NeutralMessage = {
    ...{ title: 'T', subtitle: 'S', body: 'B', icon: 'i', image: 'https://x', sound: 's', badge: 2 },
    ...{ link: 'https://l', data: { a: 1 }, ttl: 60, priority: 'normal', collapseKey: 'k' },
    ...{ category: 'c', channel: 'ch', group: 'g' },
  }
  const common = { priority: 'normal', ttl: 60, collapse: 'k' }
  const payload = '{"a":1,"nid":"Msg12345"}'

  test('has the words of this dialect on each platform', () => {
    expect(composed(neutral, recipient('G', CLOUD))).toMatchObject({
      ...common,
      json: {
        data: {
          ...{ alert: 'B', androidTitle: 'T', icon: 'i', sound: 's', url: 'https://l', payload },
          interactiveCategory: 'c',
          channel: '{"channelId":"ch","groupId":"g"}',
          style:
            '{"type":"PICTURE_NOTIFICATION","notification_type":"PICTURE_NOTIFICATION","url":"https://x"}',
        },
      },
    })
    expect(composed(neutral, recipient('A'))).toMatchObject({
      ...common,
      json: {
        aps: {
          alert: { title: 'T', subtitle: 'S', body: 'B' },
          ...{ badge: 2, sound: 's', category: 'c', 'thread-id': 'g', 'mutable-content': 1 },
        },
        ...{ payload, url: 'https://l', 'attachment-url': 'https://x' },
      },
    })
    expect(composed(neutral, recipient('WEB_CHROME'))).toMatchObject({
      ...common,
      json: { title: 'T', alert: 'B', iconUrl: 'i', payload },
    })
    expect(composed(neutral, recipient('W'))?.text).toContain('>B<')
  })

  test('can be silent', () => {
    expect(composed({ silent: true }, recipient('A'))?.json).toEqual({
      aps: { 'content-available': 1 },
      payload: '{"nid":"Msg12345"}',
    })
    expect(dataOf(composed({ silent: true }, recipient('G')))).toMatchObject({ type: 'silent' })
  })

  test('is changed by an override, but for what reports need', () => {
    const overrides = {
      fcm: { data: { mid: 'forged', 'has-template': '1', payload: '{"nid":"forged","b":2}', extra: 7 } },
      apns: { aps: { badge: null, sound: 'x' }, payload: { nid: 'forged' } },
      webpush: { payload: { nid: 'forged' }, title: null },
    }
    const of = (platform: PlatformName) => composed({ ...neutral, overrides }, recipient(platform))?.json
    expect(of('G')?.data).toMatchObject({
      ...{ mid: 'Msg12345', 'has-template': '0', extra: '7' },
      payload: '{"nid":"Msg12345","b":2}',
    })
    expect(of('A')).toMatchObject({ aps: { sound: 'x' }, payload })
    expect(of('A')?.aps).not.toHaveProperty('badge')
    expect(of('WEB_CHROME')).toEqual({
      ...{ alert: 'B', iconUrl: 'i' },
      payload,
    })
  })
})

test('a phone that registers with IBM Cloud’s secret gets the words of its SDK', async () => {
  const t = await createTenant()
  const added = await t.h.admin('POST', `/apps/${t.id}/credentials`, {
    ...{ dialect: 'mobilefirst', kind: 'clientSecret' },
  })
  const { secret: clientSecret } = await added.json<{ secret: string }>()
  const app = await t.h.gateway.apps.find('mobilefirst', t.app)
  if (!app) throw new Error('no app')
  const priority = async (deviceId: string) => {
    const device = await t.h.gateway.devices.find({ app, externalId: deviceId })
    const kept = await body({ gcm: { priority: 'max' } })
    return dataOf(rendered(kept, recipient('G', { details: device?.details ?? {} }))).priority
  }
  const { deviceId = '' } = await t.device({ platform: 'G' })
  expect(await priority(deviceId)).toBe('2')
  const own = { deviceId, platform: 'G', token: 'another' }
  const sentBy = { token: null, headers: { clientSecret } }
  await t.ok('PUT', `/devices/${deviceId}`, { body: own, ...sentBy })
  expect(await priority(deviceId)).toBe('max')
  await t.ok('POST', '/devices', { body: { ...own, deviceId: 'cloud', token: 'third' }, ...sentBy })
  expect(await priority('cloud')).toBe('max')
})
