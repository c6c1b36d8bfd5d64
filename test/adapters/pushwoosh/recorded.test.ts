import { describe, expect, test } from 'vitest'
import { playedBy } from '../../harness/played.ts'
import { type Json, openTenant, type Tenant } from './kit.ts'

/**
 * What shipped SDKs send at their starts, in their order, written down from their open source: Android 6.10.0
 * (PushRequest, AppOpenRequest, RegisterDeviceRequest, RegisterUserRequest, MergeUserRequest), iOS 7.1.3
 * (PWRequest, PWAppOpenRequest, PWRegisterDeviceRequest, PWRegisterEmail), web 3.55.0 (Api.ts).
 */
type Step = readonly [method: string, request: Json, response: unknown]

async function replay(t: Tenant, headers: Record<string, string>, steps: readonly Step[]) {
  for (const [method, request, response] of steps) {
    const answer = await t.send(method, request, headers)
    expect([method, answer.status, answer.body]).toEqual([
      method,
      200,
      { status_code: 200, status_message: 'OK', response },
    ])
  }
}

const NATIVE = { 'Content-Type': 'application/json; charset=utf-8' }

describe('Android', () => {
  playedBy({ name: 'Pushwoosh Android SDK', version: '6.10.0', evidence: 'recorded' })
  const hwid = 'c0a8f1e2-5b6d-4c3a-9f10-8b7a6c5d4e3f'
  const base = { hwid, v: '6.10.0', device_type: 3 }
  const open = {
    ...base,
    language: 'zh-Hans-CN',
    timezone: 28_800,
    android_package: 'com.example.shop',
    device_model: 'Google Pixel 8',
    device_name: 'Phone',
    os_version: '14',
    app_version: '2.4.1',
    notificationTypes: 7,
  }
  const push_token = `${'e'.repeat(22)}:APA91b${'F'.repeat(134)}`
  const headers = { ...NATIVE, Authorization: 'Token null' }

  test('a first start', async () => {
    const t = await openTenant()
    await replay(t, headers, [
      ['registerUser', { ...base, userId: hwid }, null],
      ['applicationOpen', open, null],
      ['registerDevice', { ...open, push_token, tags: { Source: 'store' }, sounds: ['ding'] }, null],
      ['getInApps', { ...base, language: 'zh' }, { inApps: [] }],
      [
        'postEvent',
        {
          ...base,
          attributes: { device_type: 3, application_version: '2.4.1' },
          event: 'PW_ApplicationOpen',
          timestampUTC: 1795608000,
          timestampCurrent: 1795636800,
        },
        null,
      ],
    ])
    expect(await t.devices()).toMatchObject([
      {
        externalId: hwid,
        platform: 'android',
        provider: 'fcm',
        token: push_token,
        userId: null,
        name: 'Phone',
        model: 'Google Pixel 8',
        osVersion: '14',
        appVersion: '2.4.1',
        sdkVersion: '6.10.0',
        language: 'zh-Hans-CN',
        timezone: '28800',
        tags: { Source: 'store' },
      },
    ])
  })

  test('a phone in use: tags, a user, a message opened, an address and a number', async () => {
    const t = await openTenant()
    await replay(t, headers, [
      ['registerDevice', { ...open, push_token }, null],
      ['setTags', { ...base, tags: { Level: { operation: 'increment', value: 1 }, Gone: null } }, null],
      ['registerUser', { ...base, userId: 'ann' }, null],
      ['getTags', { ...base, userId: 'ann' }, expect.objectContaining({ result: expect.any(Object) })],
      ['messageDeliveryEvent', { ...base, userId: 'ann', hash: 'Zm9v', metaData: '{"a":1}' }, null],
      ['pushStat', { ...base, userId: 'ann', hash: 'Zm9v', metaData: '{"a":1}' }, null],
      [
        'registerEmail',
        { ...base, userId: 'ann', email: 'ann@example.com', language: 'English', tz_offset: 3600 },
        null,
      ],
      ['registerEmailUser', { ...base, email: 'ann@example.com', tz_offset: 3600, userId: 'ann' }, null],
      [
        'registerDevice',
        { ...open, userId: 'ann', hwid: '+14155552671', push_token: '+14155552671', device_type: 18 },
        null,
      ],
      [
        'registerDevice',
        {
          ...open,
          userId: 'ann',
          hwid: 'whatsapp:+14155552671',
          push_token: '+14155552671',
          device_type: 21,
        },
        null,
      ],
      [
        'mergeUser',
        { ...base, userId: 'ann', oldUserId: 'ann', newUserId: 'anna', merge: true, ts: 1795611600 },
        null,
      ],
    ])
    const devices = (await t.devices()).map((one) => [one.platform, one.userId, one.active])
    expect(devices.sort()).toEqual([
      ['android', 'anna', true],
      ['email', 'anna', true],
      ['sms', 'anna', true],
      ['whatsapp', 'anna', true],
    ])
  })
})

describe('iOS', () => {
  playedBy({ name: 'Pushwoosh iOS SDK', version: '7.1.3', evidence: 'recorded' })
  const hwid = '1CA6E5D4-8DAC-4B3A-9C21-B756288B6D3C'
  const base = { userId: hwid, hwid, v: '7.1.3', device_type: 1 }
  const open = {
    ...base,
    package: 'com.example.shop',
    timezone: '3600',
    app_version: '2.4.1',
    os_version: '17.4.1',
    device_model: 'iPhone15,2',
    language: 'de',
    time_sensitive_notifications: false,
    scheduled_summary: true,
    notificationTypes: 7,
  }
  const push_token = 'dec301908b9ba8df85e57a58e40f96f523f4c2068674f5fe2ba25cdc250a2a41'
  const headers = { ...NATIVE, Authorization: 'Token (null)' }

  test('a first start', async () => {
    const t = await openTenant()
    await replay(t, headers, [
      ['applicationOpen', open, null],
      ['getTags', base, { result: expect.objectContaining({ Language: 'de', 'OS Version': '17.4.1' }) }],
      ['getInApps', base, { inApps: [] }],
      ['registerUser', { ...base, tz_offset: 3600 }, null],
      [
        'postEvent',
        { ...base, event: 'PW_ApplicationOpen', attributes: { device_type: '1' }, timestampUTC: 1 },
        null,
      ],
      [
        'registerDevice',
        { ...open, push_token, gateway: 'sandbox', sounds: ['ding.caf'], voip_push_token: 'ab' },
        null,
      ],
    ])
    expect(await t.devices()).toMatchObject([
      {
        externalId: hwid,
        platform: 'ios',
        provider: 'apns',
        environment: 'sandbox',
        token: push_token,
        userId: null,
        timezone: '3600',
        sdkVersion: '7.1.3',
      },
    ])
  })

  test('an address and a number without a user of their own are not tied to the id of the phone', async () => {
    const t = await openTenant()
    const { hwid: _, device_type: __, ...nobody } = base
    await replay(t, headers, [
      ['applicationOpen', open, null],
      ['registerEmail', { ...nobody, email: 'ann@example.com', language: 'de', tz_offset: 3600 }, null],
      ['setEmailTags', { ...nobody, email: 'ann@example.com', tags: { a: 1 } }, null],
      [
        'registerDevice',
        { ...open, hwid: '+14155552671', push_token: '+14155552671', device_type: 18 },
        null,
      ],
      [
        'registerDevice',
        { ...open, hwid: 'whatsapp:+14155552671', push_token: 'whatsapp:+14155552671', device_type: 21 },
        null,
      ],
    ])
    expect((await t.devices()).map((one) => [one.platform, one.userId]).sort()).toEqual([
      ['email', null],
      ['ios', null],
      ['sms', null],
      ['whatsapp', null],
    ])
  })

  test('a new hwid takes the tags of the old one along', async () => {
    const t = await openTenant()
    await replay(t, headers, [
      ['registerDevice', { ...open, push_token }, null],
      ['setTags', { ...base, tags: { Level: 3, Liked: ['a', 'b'] } }, null],
    ])
    const result = await t.tags(base)
    const moved = {
      ...open,
      hwid: 'A0000000-8DAC-4B3A-9C21-B756288B6D3C',
      userId: 'A0000000-8DAC-4B3A-9C21-B756288B6D3C',
    }
    await replay(t, headers, [
      ['setTags', { ...moved, tags: result }, null],
      ['unregisterDevice', base, null],
      ['registerDevice', { ...moved, push_token }, null],
      ['getTags', moved, { result }],
    ])
  })

  test('a queued report that is sent again counts as one message', async () => {
    const t = await openTenant()
    const report: Step = ['pushStat', { ...base, hash: 'Zm9v', metaData: '{}' }, null]
    await replay(t, headers, [['applicationOpen', open, null], report])
    await replay(t, { ...headers, 'X-Retry-Count': '2' }, [report])
    const { receipts } = await (await t.h.admin('GET', `/apps/${t.id}/receipts`)).json<{
      receipts: unknown[]
    }>()
    expect(receipts).toMatchObject([{ messageId: 'Zm9v', kind: 'opened', count: 2 }])
  })
})

describe('web', () => {
  playedBy({ name: 'web-push-notifications', version: '3.55.0', evidence: 'recorded' })
  test('a first visit with the permission granted', async () => {
    const t = await openTenant()
    const hwid = `${t.code}_0b1c2d3e-4f50-4162-8374-95a6b7c8d9e0`
    const about = {
      device_type: 11,
      device_model: 'Chrome 131',
      timezone: 3600,
      language: 'en-US',
      v: '3.55.0',
    }
    const base = { hwid, userId: hwid, ...about }
    const { hwid: _, device_type: __, ...email } = base
    const none = { exist: true, push_token_exist: false }
    const push_token = 'https://fcm.googleapis.com/fcm/send/abc'
    await replay(t, { 'Content-Type': 'text/plain;charset=UTF-8' }, [
      [
        'getConfig',
        { ...base, features: ['vapid_key'] },
        expect.objectContaining({ features: expect.any(Object) }),
      ],
      ['applicationOpen', base, null],
      ['registerUser', { ...base, userId: 'ann', ts_offset: 3600 }, null],
      ['setEmailTags', { ...email, userId: 'ann', email: 'ann@example.com', tags: { a: 1 } }, null],
      ['setTags', { ...base, userId: 'ann', tags: { a: 1 } }, null],
      ['registerEmail', { ...email, userId: 'ann', email: 'ann@example.com', ts_offset: 3600 }, null],
      ['registerDevice', { userId: 'ann', hwid: '+14155552671', device_type: 18 }, null],
      ['registerDevice', { userId: 'ann', hwid: '+14155552671', device_type: 21 }, null],
      ['unregisterDevice', base, null],
      ['checkDevice', base, none],
      ['registerDevice', { ...base, userId: 'ann', push_token, auth_token: 'a', public_key: 'b' }, null],
      ['checkDevice', base, { exist: true, push_token_exist: true }],
      ['getInboxMessages', { ...base, count: 0, last_code: '' }, expect.objectContaining({ messages: [] })],
    ])
    expect((await t.devices()).map((one) => [one.platform, one.userId]).sort()).toEqual([
      ['email', 'ann'],
      ['sms', 'ann'],
      ['web', 'ann'],
      ['whatsapp', 'ann'],
    ])
  })
})
