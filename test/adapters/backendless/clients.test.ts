import { describe, expect, test } from 'vitest'
import { playedBy } from '../../harness/played.ts'
import { readAnswer } from './amf/calls.ts'
import { bytes, hex } from './amf/kit.ts'
import { idsOf, newPhone, openTenant, UUID } from './tenant.ts'

const FROM_HERE = { 'Content-Type': 'application/x-amf' }

/** The packet of the Android SDK: sealed members, and references to strings written before. */
const ANDROID = `
  00 03 00 00 00 01 00 04 "null" 00 04 "null" ff ff ff ff 11 09 03 01
  0a 81 33 4f "flex.messaging.messages.RemotingMessage"
    0d "source" 13 "operation" 09 "body" 17 "destination" 0f "headers" 11 "clientId" 13 "messageId"
    1b "correlationId" 1d "messageRefType" 15 "timeToLive" 13 "timestamp"
    06 79 "com.backendless.services.messaging.DeviceRegistrationService"
    06 1d "registerDevice"
    09 03 01 0a 73 61 "com.backendless.management.DeviceRegistrationDto"
      05 "id" 17 "deviceToken" 11 "deviceId" 05 "os" 13 "osVersion" 11 "channels" 15 "expiration"
      06 01 06 15 "x:APA91bff" 06 21 "9774d56d682e549c" 06 0f "ANDROID" 06 05 "34"
      09 03 01 06 0f "default" 08 01 42 7b a6 0d 33 87 b0 00
    06 25 "GenericDestination"
    0a 0b 01 21 "application-type" 06 30 17 "api-version" 06 07 "1.0" 01
    01 01 01 01 04 00 04 00`

/** The same structure as the Objective-C SDK writes it: dynamic members, no string references. */
const OBJECTIVE_C = `
  00 03 00 00 00 01 00 04 "null" 00 04 "null" ff ff ff ff 11 09 03 01
  0a 0b 4f "flex.messaging.messages.RemotingMessage"
    13 "operation" 06 21 "unregisterDevice"
    0d "source" 06 79 "com.backendless.services.messaging.DeviceRegistrationService"
    09 "body" 09 03 01 06 05 "D9"
    17 "destination" 06 25 "GenericDestination"
    0f "headers" 0a 0b 01 21 "application-type" 06 07 "IOS" 17 "api-version" 06 07 "1.0" 01
    11 "clientId" 01 13 "messageId" 01 1b "correlationId" 01 15 "timeToLive" 04 00 13 "timestamp" 04 00 01`

describe('the packets of the binary SDKs', () => {
  playedBy({ name: 'Backendless Android and Objective-C SDK', version: '6.3.1', evidence: 'recorded' })

  test('of Android: a registration with an expiration', async () => {
    const t = await openTenant()
    const response = await t.call('POST', '/binary', {
      kind: 'android',
      headers: FROM_HERE,
      body: bytes(ANDROID),
    })
    const answer = new Uint8Array(await response.arrayBuffer())
    expect(response.headers.get('Content-Type')).toBe('application/x-amf')
    expect(hex(answer)).toContain(
      hex(bytes('00 03 00 00 00 01 00 0d "null/onResult" 00 00 ff ff ff ff 11 0a')),
    )
    const [id, templates] = JSON.parse(String(readAnswer(answer).value))
    expect(Object.keys(idsOf(id))).toEqual(['default'])
    expect(templates).toEqual({})
    // Many phones share its id (identity R21), so the token identifies it.
    expect(await t.read('9774d56d682e549c')).toBe(5000)
    expect(await t.devices()).toMatchObject([
      { externalId: expect.stringMatching(/^shared:/), token: 'x:APA91bff', osVersion: '34' },
    ])
  })

  test('of Objective-C: on its first start it cancels a device that nobody knows', async () => {
    const t = await openTenant()
    const call = () =>
      t.call('POST', '/binary', { kind: 'ios', headers: FROM_HERE, body: bytes(OBJECTIVE_C) })
    const unknown = await call()
    expect(unknown.status).toBe(200)
    expect(readAnswer(new Uint8Array(await unknown.arrayBuffer())).fault).toBe('5001')
    await t.register({ deviceId: 'D9', deviceToken: 'aa11', os: 'IOS' })
    expect(readAnswer(new Uint8Array(await (await call()).arrayBuffer())).value).toBe(true)
    expect(await t.devices()).toEqual([])
  })
})

describe('the Swift SDK', () => {
  playedBy({ name: 'Backendless Swift SDK', version: '7.0.4', evidence: 'recorded' })

  const headers = {
    'Content-Type': 'application/json',
    Accept: '*/*',
    'User-Agent': 'MyApp/1 CFNetwork/1490 Darwin/23',
  }

  test('registers, then asks for templates, reads a list, and leaves one channel through the Data API', async () => {
    const t = await openTenant()
    const kind = 'ios'
    const deviceId = newPhone().deviceId
    const deviceToken = 'ab'.repeat(32)
    const body = { deviceToken, deviceId, os: 'IOS', osVersion: '17.1', channels: ['news', 'sport'] }
    const registered = await t.call('POST', '/messaging/registrations', { kind, headers, body })
    const { registrationId } = await registered.json<{ registrationId: string }>()
    expect(Object.keys(idsOf(registrationId)).sort()).toEqual(['news', 'sport'])
    expect(await (await t.call('GET', '/messaging/pushtemplates', { kind })).json()).toEqual({})

    // JSONDecoder: a list, with every member present and of its type.
    const read = await (await t.call('GET', `/messaging/registrations/${deviceId}`, { kind })).json()
    expect(read).toEqual([{ id: expect.stringMatching(UUID), ...body }])

    const query = {
      where: `deviceId='${deviceId}'`,
      ...{ pageSize: 10, offset: 0, relationsPageSize: 10, distinct: false },
    }
    const find = await t.call('POST', '/data/DeviceRegistration/find', { kind, headers, body: query })
    const rows = await find.json<{ objectId: string; channelName: string }[]>()
    const row = rows.find(({ channelName }) => channelName === 'news')
    const gone = await t.call('DELETE', `/data/DeviceRegistration/${row?.objectId}`, { kind, headers })
    expect(await gone.text()).toMatch(/^\{"deletionTime":\d+\}$/)
    expect(await t.devices()).toMatchObject([{ topics: ['sport'] }])

    const cancelled = await t.call('DELETE', `/messaging/registrations/${deviceId}`, { kind, headers })
    expect(await cancelled.text()).toBe('{"result":true}')
  })

  test('no success of it looks like a fault, or is empty', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const body = { ...phone, os: 'IOS', channels: ['code', 'message'] }
    const answers = [
      await t.call('POST', '/messaging/registrations', { body }),
      await t.call('GET', `/messaging/registrations/${phone.deviceId}`),
      await t.call('GET', '/messaging/pushtemplates'),
      await t.call('GET', '/info'),
      await t.call('DELETE', `/messaging/registrations/${phone.deviceId}`),
    ]
    for (const answer of answers) {
      const document = await answer.json<Record<string, unknown>>()
      expect([answer.status, 'code' in document, 'message' in document]).toEqual([200, false, false])
    }
  })
})

describe('the Flutter 8 SDK', () => {
  playedBy({ name: 'Backendless Flutter SDK', version: '8.0.0-alpha', evidence: 'recorded' })

  test('sends explicit nulls and a date without a zone, and finds the parts that it cuts at', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const headers = { 'Content-Type': 'application/json; charset=utf-8' }
    const body = {
      id: null,
      ...phone,
      os: 'ANDROID',
      osVersion: '34',
      channels: null,
      expiration: '2030-03-17T17:46:40.123456',
    }
    const registered = await t.call('POST', '/messaging/registrations', { kind: 'android', headers, body })
    const { registrationId } = await registered.json<{ registrationId: string }>()
    for (const part of registrationId.split(',')) expect(part).toMatch(/^[0-9A-F-]{36}::[^:,]+$/)
    const templates = await t.call('GET', '/messaging/pushtemplates/android', { kind: 'android', headers })
    expect(await templates.json()).toEqual({})
  })
})
