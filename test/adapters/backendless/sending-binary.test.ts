import { describe, expect, test } from 'vitest'
import { type AmfValue, amfObject, isAmfObject, membersOf } from '../../../adapters/backendless/amf/values.ts'
import type { Json } from '../../../src/domain/message.ts'
import { binaryCall, readAnswer } from './amf/calls.ts'
import { kept } from './sending-kit.ts'
import { type BackendlessTenant, openTenant } from './tenant.ts'

const source = 'com.backendless.services.messaging.MessagingService'
const NEW = 'com.backendless.messaging.MessageStatus'
const OLD = 'com.backendless.services.messaging.MessageStatus'
const PUBLISH_OPTIONS = 'com.backendless.services.messaging.PublishOptions'
const DELIVERY_OPTIONS = 'com.backendless.services.messaging.DeliveryOptions'
const LATER = new Date('2027-01-01T00:00:00.000Z')
const later = amfObject(DELIVERY_OPTIONS, { publishAt: LATER })

const call = (t: BackendlessTenant, operation: string, args: AmfValue[]) =>
  t.binary(operation, args, { source })
const statusOf = (value: AmfValue) => Object.fromEntries(membersOf(value) ?? [])
async function published(t: BackendlessTenant, args: AmfValue[]) {
  const { fault, value } = await call(t, 'publish', args)
  expect(fault).toBeNull()
  return kept(t, String(statusOf(value).messageId))
}

describe('publish (sending.md 6.5)', () => {
  test('answers the status of the message', async () => {
    const t = await openTenant()
    const { value } = await call(t, 'publish', ['news', 'hello', null, null])
    expect(isAmfObject(value, NEW)).toBe(true)
    expect(statusOf(value)).toEqual({
      messageId: expect.stringMatching(/^message:/),
      status: 'SCHEDULED',
      errorMessage: null,
    })
  })

  test('reads the options by their names', async () => {
    const t = await openTenant()
    const options = amfObject(PUBLISH_OPTIONS, {
      publisherId: 'P',
      subtopic: 'S',
      headers: {
        kind: 'array',
        dense: [],
        members: new Map<string, AmfValue>([
          ['android-content-title', 'T'],
          ['n', 3],
        ]),
      },
      unheardOf: true,
    })
    const delivery = amfObject(DELIVERY_OPTIONS, {
      pushBroadcast: 3,
      pushSinglecast: [],
      publishPolicy: 'PUSH',
      publishAt: LATER,
      repeatEvery: 60,
      repeatExpiresAt: null,
      segmentQuery: null,
    })
    expect(await published(t, ['news', 'hello', options, delivery])).toMatchObject({
      body: {
        message: 'hello',
        publisherId: 'P',
        subtopic: 'S',
        headers: { 'android-content-title': 'T', n: '3' },
      },
      audience: { to: { topics: ['news'] }, platforms: ['ios', 'android'] },
      schedule: { at: LATER, every: 60 },
      ignored: ['unheardOf'],
    })
  })

  test.each<[string, AmfValue, Json]>([
    ['ids in a list', amfObject(DELIVERY_OPTIONS, { pushSinglecast: ['A'] }), { to: { devices: ['A'] } }],
    ['the old policy', amfObject(DELIVERY_OPTIONS, { pushPolicy: 'ONLY' }), { to: { topics: ['news'] } }],
    ['a mask that is not set', amfObject(DELIVERY_OPTIONS, { pushBroadcast: 0 }), { to: { devices: [] } }],
    ['nothing', null, { to: { devices: [] } }],
  ])('delivery options with %s', async (_, options, audience) => {
    const t = await openTenant()
    expect((await published(t, ['news', 'hello', null, options])).audience).toMatchObject(audience)
  })

  test.each<[string, AmfValue, string]>([
    ['an object', amfObject('app.Order', { id: 7, tags: ['a'] }), '{"id":7,"tags":["a"]}'],
    ['a list', [1, null, 'b'], '[1,null,"b"]'],
    ['a date', LATER, JSON.stringify(LATER)],
    ['a number', 3.5, '3.5'],
  ])('a message that is %s is its JSON text', async (_, message, text) => {
    const t = await openTenant()
    expect((await published(t, ['news', message, null, null])).body).toMatchObject({ message: text })
  })

  test('a channel that is null is the default one', async () => {
    const t = await openTenant()
    const push = amfObject(DELIVERY_OPTIONS, { publishPolicy: 'PUSH' })
    expect((await published(t, [null, 'm', null, push])).audience).toEqual({ to: { topics: ['default'] } })
  })

  const endless: AmfValue[] = []
  endless.push(endless)
  test.each<[string, AmfValue[], string]>([
    ['no message', ['news', null, null, null], '5030'],
    ['headers that are a text', ['news', 'm', amfObject('', { headers: 'x' }), null], '5031'],
    ['an unknown policy', ['news', 'm', null, amfObject('', { publishPolicy: 'X' })], '5031'],
    ['options that are a text', ['news', 'm', 'x', null], '8003'],
    ['a message that refers to itself', ['news', endless, null, null], '8003'],
  ])('refuses %s', async (_, args, code) => {
    const t = await openTenant()
    expect((await call(t, 'publish', args)).fault).toBe(code)
  })
})

describe('the other operations (sending.md 6.5)', () => {
  test('a message is found and cancelled', async () => {
    const t = await openTenant()
    const { externalId } = await published(t, ['news', 'hello', null, later])
    const answers = []
    for (const operation of ['getMessageStatus', 'cancel', 'getMessageStatus']) {
      const { value } = await call(t, operation, [externalId])
      expect(isAmfObject(value, NEW)).toBe(true)
      answers.push(statusOf(value))
    }
    const status = (word: string) => ({ messageId: externalId, status: word, errorMessage: null })
    expect(answers).toEqual(['SCHEDULED', 'CANCELLED', 'CANCELLED'].map(status))
    expect((await call(t, 'cancel', [externalId])).fault).toBe('5040')
  })

  test('an unknown message has a status, and cannot be cancelled', async () => {
    const t = await openTenant()
    expect(statusOf((await call(t, 'getMessageStatus', ['message:X'])).value)).toMatchObject({
      status: 'UNKNOWN',
    })
    expect((await call(t, 'cancel', ['message:X'])).fault).toBe('5040')
  })

  test('a template is pushed by its name, with values', async () => {
    const t = await openTenant({ pushTemplates: { hi: { message: 'Hi {name}' } } })
    for (const [values, message] of [
      [amfObject('', { name: 'Ann' }), 'Hi Ann'],
      [null, 'Hi '],
    ] as const) {
      const { value } = await call(t, 'pushWithTemplate', ['hi', values])
      expect((await kept(t, String(statusOf(value).messageId))).body).toMatchObject({
        message,
        template: 'hi',
      })
    }
    expect((await call(t, 'pushWithTemplate', ['nobody', null])).fault).toBe('5032')
  })

  test.each(['pollMessages', 'subscribeForPollingAccess', 'toString'])('%s is a fault', async (operation) => {
    const t = await openTenant()
    expect((await call(t, operation, ['news'])).fault).toBe('404')
  })
})

describe('the old form, with the app and its version first', () => {
  async function old(t: BackendlessTenant, kind: 'android' | 'dotnet', operation: string, args: AmfValue[]) {
    const response = await t.call('POST', '/binary', {
      kind,
      headers: { 'Content-Type': 'application/x-amf' },
      body: binaryCall(operation, [t.id, 'v1', ...args], { source }),
    })
    return readAnswer(new Uint8Array(await response.arrayBuffer()))
  }

  test('as .NET sends it, which reads a boolean of a cancellation', async () => {
    const t = await openTenant()
    const { value } = await old(t, 'dotnet', 'publish', ['news', 'hello', null, later])
    expect(isAmfObject(value, OLD)).toBe(true)
    const { messageId } = statusOf(value)
    expect(statusOf((await old(t, 'dotnet', 'getMessageStatus', [messageId])).value).status).toBe('SCHEDULED')
    expect((await old(t, 'dotnet', 'cancel', [messageId])).value).toBe(true)
  })

  test('as Android sent it before version 4', async () => {
    const t = await openTenant({ v3: true })
    const headers = { 'application-id': t.id, 'secret-key': t.keys.android }
    const v3 = async (operation: string, args: AmfValue[]) => {
      const response = await t.h.request('POST', '/v1/binary', {
        headers: { 'Content-Type': 'application/x-amf' },
        body: binaryCall(operation, [t.id, 'v1', ...args], { source, headers }),
      })
      return readAnswer(new Uint8Array(await response.arrayBuffer())).value
    }
    const { messageId } = statusOf(await v3('publish', ['news', 'hello', null, later]))
    const cancelled = await v3('cancel', [messageId])
    expect(isAmfObject(cancelled, OLD)).toBe(true)
    expect(statusOf(cancelled)).toMatchObject({ messageId, status: 'CANCELLED' })
  })
})
