import { describe, expect, test } from 'vitest'
import { encodePacket } from '../../../adapters/backendless/amf/packet.ts'
import { type AmfValue, amfObject } from '../../../adapters/backendless/amf/values.ts'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { breakable } from '../../contract/tenant.ts'
import { binaryCall, dto, readAnswer } from './amf/calls.ts'
import { type BackendlessTenant, newPhone, openTenant, refusalOf, UUID } from './tenant.ts'

const AMF = { 'Content-Type': 'application/x-amf' }
const send = (t: BackendlessTenant, body: Uint8Array, headers = AMF) =>
  t.call('POST', '/binary', { kind: 'android', headers, body })

describe('answers', () => {
  test('an acknowledgement has every member, and the target that its call names', async () => {
    const t = await openTenant()
    const members = { messageId: 'M-1', clientId: 'C-1' }
    const options = { members, response: '/1' }
    const answer = await t.binary('refreshDeviceToken', ['nobody', 'T'], options)
    expect(answer.target).toBe('/1/onResult')
    expect(answer.className).toBe('flex.messaging.messages.AcknowledgeMessage')
    expect(Object.fromEntries(answer.members)).toEqual({
      body: false,
      clientId: 'C-1',
      correlationId: 'M-1',
      destination: 'GenericDestination',
      headers: amfObject(''),
      messageId: expect.stringMatching(UUID),
      timestamp: 0,
      timeToLive: 0,
    })
  })

  test('a fault has its code as text, and neither detail nor data is null', async () => {
    const t = await openTenant()
    const answer = await t.binary('unregisterDevice', ['nobody'])
    expect(answer.target).toBe('null/onStatus')
    expect(answer.className).toBe('flex.messaging.messages.ErrorMessage')
    expect(Object.fromEntries(answer.members)).toMatchObject({
      body: null,
      faultCode: '5001',
      faultString: 'Unable to cancel device registration - unknown device ID.',
      faultDetail: '',
      extendedData: amfObject(''),
      headers: amfObject(''),
      rootCause: null,
    })
  })

  test('a user-token among the headers of a message is taken and never given back', async () => {
    const t = await openTenant()
    const headers = { 'user-token': 'STALE-TOKEN' }
    const body = binaryCall('registerDevice', [dto(newPhone())], { headers })
    const text = await (await send(t, body)).text()
    expect(text).not.toContain('STALE-TOKEN')
    expect(await t.devices()).toHaveLength(1)
  })

  test.each([
    ['an unknown operation', 'publish', undefined],
    ['an operation that objects have', 'constructor', undefined],
    ['another service', 'registerDevice', 'com.backendless.services.users.UserService'],
  ])('%s is a fault', async (_, operation, source) => {
    const t = await openTenant()
    const options = source === undefined ? {} : { source }
    const answer = await t.binary(operation, [dto(newPhone())], options)
    expect(answer.fault).toBe('404')
    expect(await t.devices()).toEqual([])
  })
})

describe('packets that cannot be read', () => {
  const good = binaryCall('registerDevice', [dto(newPhone())])
  const nested = (levels: number) => {
    let value: AmfValue = []
    for (let n = 0; n < levels; n++) value = [value]
    const bodies = [{ target: 'null', response: 'null', value }]
    return encodePacket({ version: 3, headers: [], bodies }, { maxDepth: 200 })
  }
  const invalidUtf8 = () => {
    const bytes = binaryCall('registerDevice', [dto({ ...newPhone(), os: 'A?DROID' })])
    bytes[bytes.findIndex((byte, at) => byte === 0x3f && bytes[at + 1] === 0x44)] = 0xff
    return bytes
  }
  const twoBodies = () => {
    const body = { target: 'null', response: 'null', value: null }
    return encodePacket({ version: 3, headers: [], bodies: [body, body] })
  }

  test.each<[string, Uint8Array, number]>([
    ['an empty body', new Uint8Array(), 400],
    ['text', new TextEncoder().encode('{"deviceId":"D"}'), 400],
    ['one that is cut off', good.slice(0, -10), 400],
    ['one with bytes behind', new Uint8Array([...good, 0]), 400],
    ['one without a call', encodePacket({ version: 3, headers: [], bodies: [] }), 400],
    ['one with two calls', twoBodies(), 400],
    ['one whose call is null', binaryCallOf(null), 400],
    ['one of another message', binaryCallOf([amfObject('flex.messaging.messages.CommandMessage')]), 400],
    ['33 levels', nested(33), 400],
    ['text that is no UTF-8', invalidUtf8(), 400],
    ['2 MiB', binaryCall('registerDevice', [dto({ ...newPhone(), x: 'x'.repeat(2 * 1024 * 1024) })]), 413],
  ])('%s', async (_, body, status) => {
    const t = await openTenant()
    expect(await refusalOf(await send(t, body))).toEqual([status, 8003])
    expect(await t.devices()).toEqual([])
  })

  test.each(['GET', 'PUT', 'DELETE'])('%s is no call', async (method) => {
    const t = await openTenant()
    expect(await refusalOf(await t.call(method, '/binary'))).toEqual([404, 404])
  })

  test('a call without a content type is a call all the same', async () => {
    const t = await openTenant()
    const response = await t.call('POST', '/binary', { body: good })
    expect(readAnswer(new Uint8Array(await response.arrayBuffer())).fault).toBeNull()
  })

  function binaryCallOf(value: AmfValue) {
    return encodePacket({
      version: 3,
      headers: [],
      bodies: [{ target: 'null', response: 'null', value }],
    })
  }
})

describe('hostile bytes', () => {
  const good = binaryCall('unregisterDevice', ['D', ['a']])

  test('a call with any one byte changed is answered, and never by a fault of ours', async () => {
    const t = await openTenant()
    const statuses = new Set<number>()
    for (const [at, byte] of good.entries()) {
      const body = new Uint8Array(good)
      body[at] = byte ^ 0xff
      const response = await send(t, body)
      await response.arrayBuffer()
      statuses.add(response.status)
    }
    expect([...statuses].sort()).toEqual([200, 400])
    expect(await t.devices()).toEqual([])
  })

  test('a call that is cut off anywhere is refused', async () => {
    const t = await openTenant()
    for (let length = 0; length < good.length; length += 3) {
      expect(await refusalOf(await send(t, good.slice(0, length)))).toEqual([400, 8003])
    }
  })
})

test.each([
  ['a database out of reach', new StoreUnavailable('hidden_detail'), 503],
  ['a fault of ours', new Error('hidden_detail'), 500],
])('%s is no answer that a client takes for one, and heals', async (_, error, status) => {
  const { db, state } = breakable()
  const t = await openTenant({}, { db })
  const phone = newPhone()
  await t.register(phone)
  state.fault = error
  const response = await send(t, binaryCall('getDeviceRegistrationByDeviceId', [phone.deviceId]))
  state.fault = null
  expect(await response.clone().text()).not.toContain('hidden_detail')
  expect(await refusalOf(response)).toEqual([status, status])
  expect((await t.binary('getDeviceRegistrationByDeviceId', [phone.deviceId])).fault).toBeNull()
})
