import { beforeEach, describe, expect, test } from 'vitest'
import { openTenant, type Tenant, unique } from './kit.ts'

let t: Tenant
beforeEach(async () => {
  t = await openTenant()
})

describe('getConfig', () => {
  test("gives the app's key for web push, always the same, and nothing that makes the SDK send more", async () => {
    const features = [
      'page_visit',
      'vapid_key',
      'web_in_apps',
      'events',
      'subscription_prompt',
      'popup_forms',
    ]
    const config = { features: { vapid_key: t.vapidKey, subscription_prompt: { use_case: 'not-set' } } }
    expect(await t.ok('getConfig', { hwid: unique('h'), features })).toEqual(config)
    t.h.clock.advance(86_400_000)
    expect(await t.ok('getConfig', {})).toEqual(config)
    expect(atob(t.vapidKey.replaceAll('-', '+').replaceAll('_', '/'))).toHaveLength(65)
    expect(t.vapidKey).toMatch(/^[A-Za-z0-9_-]{87}$/)
    expect(await t.devices()).toEqual([])
  })

  test('two apps have two keys', async () => {
    expect((await openTenant()).vapidKey).not.toBe(t.vapidKey)
  })
})

describe('checkDevice', () => {
  const none = { exist: false, push_token_exist: false }
  test('an unknown device does not exist, and is not made by asking', async () => {
    expect(await t.ok('checkDevice', { hwid: 'h' })).toEqual(none)
    expect(await t.devices()).toEqual([])
  })

  test('a device without a token exists', async () => {
    await t.ok('registerUser', { hwid: 'h', userId: 'ann' })
    expect(await t.ok('checkDevice', { hwid: 'h' })).toEqual({ exist: true, push_token_exist: false })
  })

  test("another app's device does not exist", async () => {
    await t.ok('registerDevice', { hwid: 'h', device_type: 3, push_token: unique('t') })
    const other = await openTenant()
    expect(await other.ok('checkDevice', { hwid: 'h' })).toEqual(none)
  })
})

const inbox = { messages: [], next: '', deleted: [], new_inbox: 0 }
const ANSWERS = [
  ['getInboxMessages', { count: 0, last_code: '', last_request_time: '' }, inbox],
  ['getInboxMessages', {}, inbox],
  ['inboxStatus', { inbox_code: '1', status: 2, time: 1 }, null],
  ['getInApps', { language: 'en' }, { inApps: [] }],
  ['triggerInAppAction', { inapp: 'code' }, null],
  ['richMediaAction', { rich_media_code: 'code', action_type: 1 }, null],
  ['pageVisit', { title: 'Home', url_path: '/', url: 'https://shop.example/' }, null],
  ['getPopupForms', {}, { popup_forms: [] }],
  ['recordPopupFormEvent', { code: 'c', event: 1 }, null],
  ['createTestDevice', { name: 'phone', description: '', push_token: 't', auto_created: false }, null],
  ['getNearestZone', { lat: 48.1, lng: 11.5 }, { geozones: [] }],
  ['getNearestZone', { lat: null, lng: null }, { geozones: [] }],
  ['setActivityToken', { activity_token: 'a', activity_id: 'b' }, null],
  ['setActivityPushToStartToken', { activity_push_to_start_token: 'a' }, null],
  ['setPurchase', { productIdentifier: 'shoe', price: 1 }, null],
  ['postEvent', { event: 'PW_SiteOpened', attributes: {} }, null],
  ['setBadge', { badge: 1 }, null],
] as const

test.each(ANSWERS)('%s %j is answered, and makes no device', async (method, request, response) => {
  expect(await t.ok(method, { hwid: unique('h'), userId: 'ann', ...request })).toEqual(response)
  expect(await t.devices()).toEqual([])
})

const NEEDS_HWID = [
  ...new Set(ANSWERS.map(([method]) => method).filter((method) => method !== 'getPopupForms')),
  ...[
    'registerUser',
    'deleteDevice',
    'unregisterDevice',
    'checkDevice',
    'applicationOpen',
    'setMADID',
    'mergeUser',
  ],
]
test.each(NEEDS_HWID)('%s without a hwid is an argument error', async (method) => {
  for (const hwid of [undefined, '', null]) {
    const request = { hwid, event: 'e', badge: 1, oldUserId: 'a', newUserId: 'b', merge: true }
    expect(await t.refused(method, request)).toBe('hwid is required')
  }
})

const METHODS = [
  ...NEEDS_HWID,
  ...[
    'registerDevice',
    'registerEmail',
    'registerEmailUser',
    'setEmailTags',
    'deleteEmail',
    'multiRegisterDevice',
  ],
  ...[
    'setTags',
    'getTags',
    'pushStat',
    'messageDeliveryEvent',
    'getConfig',
    'getPopupForms',
    'getPopupFormContent',
  ],
]
test.each(METHODS)('%s of an unknown application is an argument error', async (method) => {
  for (const application of ['ZZZZZ-00000', '', undefined, null, 5, {}]) {
    expect(await t.refused(method, { application, hwid: 'h', device_type: 3 })).toBe('Application not found')
  }
})

test('there is no popup form to show', async () => {
  expect(await t.refused('getPopupFormContent', { code: 'c' })).toBe('Popup form not found')
})

describe('setMADID', () => {
  const advertisingId = async (hwid: string) => {
    const app = await t.h.gateway.apps.find('pushwoosh', t.code)
    return app && (await t.h.gateway.devices.find({ app, externalId: hwid }))?.details.advertisingId
  }

  test.each(['/json/1.3/setMADID', '/api/v2/device-api/setMADID'])(
    '%s takes a body without envelope',
    async (path) => {
      const hwid = unique('h')
      await t.ok('registerDevice', { hwid, device_type: 3 })
      for (const madid of ['38400000-8cf0-11bd-b23e-10b96e40000d', null]) {
        const answer = await t.h.request('POST', path, { body: { application: t.code, hwid, madid } })
        expect(await answer.json()).toEqual({ status_code: 200, status_message: 'OK', response: null })
        expect((await advertisingId(hwid)) ?? null).toBe(madid)
      }
    },
  )

  test('an envelope is understood too, and an unknown device is fine', async () => {
    expect(await t.ok('setMADID', { hwid: unique('h'), madid: 'x' })).toBeNull()
    expect(await t.devices()).toEqual([])
  })
})

test('no answer points the SDK at another address', async () => {
  for (const [method, request] of ANSWERS) {
    const { body } = await t.send(method, { hwid: 'h', ...request })
    expect(body).not.toHaveProperty('base_url')
    expect(typeof body.status_code).toBe('number')
  }
})
