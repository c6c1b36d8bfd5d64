import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AmfPacket, decodePacket, encodePacket } from '../../../../adapters/backendless/amf/packet.ts'
import {
  type AmfValue,
  amfInteger,
  amfObject,
  isAmfObject,
  itemsOf,
  membersOf,
} from '../../../../adapters/backendless/amf/values.ts'
import { amf0Value, amf3Value, bytes, hex, record, refusal, registration, remotingPacket } from './kit.ts'

const answer = (value: AmfValue): AmfPacket => ({
  version: 3,
  headers: [],
  bodies: [{ target: 'null/onResult', response: '', value }],
})

const messageMembers = {
  clientId: null,
  correlationId: null,
  destination: null,
  headers: amfObject(''),
  messageId: 'F1D0',
  timestamp: 0,
  timeToLive: 0,
}

describe('an AMF packet', () => {
  test('is written as version, headers and bodies of unknown length', () => {
    expect(hex(encodePacket(answer(true)))).toBe(
      hex(bytes('00 03 00 00 00 01 00 0d "null/onResult" 00 00 ff ff ff ff 11 03')),
    )
  })

  test('is written with real lengths when asked', () => {
    const packet: AmfPacket = {
      version: 3,
      headers: [{ name: 'h', mustUnderstand: true, value: null }],
      bodies: [{ target: 't', response: '/1', value: 'foo' }],
    }
    const encoded = bytes(
      '00 03 00 01 00 01 "h" 01 00 00 00 02 11 01 00 01 00 01 "t" 00 02 "/1" 00 00 00 06 11 06 07 "foo"',
    )
    expect(hex(encodePacket(packet, { lengths: 'exact' }))).toBe(hex(encoded))
    expect(decodePacket(encoded)).toStrictEqual(packet)
  })

  test('of version 0 carries AMF 0', () => {
    const packet: AmfPacket = {
      version: 0,
      headers: [],
      bodies: [{ target: 't', response: '/1', value: [1] }],
    }
    const encoded = bytes(
      '00 00 00 00 00 01 00 01 "t" 00 02 "/1" ff ff ff ff 0a 00 00 00 01 00 3f f0 00 00 00 00 00 00',
    )
    expect(hex(encodePacket(packet))).toBe(hex(encoded))
    expect(decodePacket(encoded)).toStrictEqual(packet)
  })

  test('of either version may hold AMF 3 within AMF 0, as Flash Player sends it', () => {
    const body = '00 00 00 01 00 04 "null" 00 02 "/1" 00 00 00 09 0a 00 00 00 01 11 09 01 01'
    for (const version of ['00 00', '00 03']) {
      expect(decodePacket(bytes(`${version} ${body}`)).bodies).toStrictEqual([
        { target: 'null', response: '/1', value: [[]] },
      ])
    }
  })

  test('starts each header and body with empty reference tables', () => {
    const value = ['a', amfObject('Pt', { a: 'a' })]
    const packet: AmfPacket = {
      version: 3,
      headers: [{ name: '', mustUnderstand: false, value }],
      bodies: [
        { target: '', response: '', value },
        { target: '', response: '', value },
      ],
    }
    expect(decodePacket(encodePacket(packet))).toStrictEqual(packet)
    const dangling = bytes(
      '00 03 00 00 00 02 00 00 00 00 ff ff ff ff 11 06 03 "a" 00 00 00 00 ff ff ff ff 11 06 00',
    )
    expect(refusal(() => decodePacket(dangling)).reason).toBe('malformed')
  })

  const packetOf = <V extends 0 | 3>(version: V, value: fc.Arbitrary<AmfValue>) =>
    record({
      version: fc.constant(version),
      headers: fc.array(record({ name: fc.string(), mustUnderstand: fc.boolean(), value }), {
        maxLength: 2,
      }),
      bodies: fc.array(record({ target: fc.string(), response: fc.string(), value }), { maxLength: 2 }),
    })
  const anyPacket = fc.oneof(packetOf(3, amf3Value), packetOf(0, amf0Value))

  test('is read back as it was written, whichever lengths it carries', () => {
    fc.assert(
      fc.property(anyPacket, fc.constantFrom('unknown' as const, 'exact' as const), (packet, lengths) => {
        expect(decodePacket(encodePacket(packet, { lengths }))).toStrictEqual(packet)
      }),
      { numRuns: 500 },
    )
  })

  test('is refused when it cannot be written', () => {
    const body = { target: '', response: '', value: null }
    const unwritable: AmfPacket[] = [
      { version: 3, headers: [], bodies: [{ ...body, target: 'x'.repeat(65_536) }] },
      { version: 3, headers: [], bodies: Array.from({ length: 65_536 }, () => body) },
      { version: 0, headers: [], bodies: [{ ...body, value: new Uint8Array() }] },
    ]
    for (const packet of unwritable) expect(refusal(() => encodePacket(packet)).reason).toBe('unencodable')
  })
})

describe('flex messages', () => {
  test('a remoting call with a typed argument is read member by member', () => {
    const packet = decodePacket(encodePacket(remotingPacket([registration()])))
    const message = itemsOf(packet.bodies[0]?.value)?.[0]
    expect(isAmfObject(message, 'flex.messaging.messages.RemotingMessage')).toBe(true)
    const call = membersOf(message)
    expect(call?.get('operation')).toBe('registerDevice')
    expect(membersOf(call?.get('headers'))?.get('application-type')).toBe('ANDROID')
    const argument = itemsOf(call?.get('body'))?.[0]
    expect(isAmfObject(argument, 'com.example.DeviceRegistrationDto')).toBe(true)
    expect(membersOf(argument)?.get('channels')).toEqual(['default', 'news', 'default'])
    expect(membersOf(argument)?.get('expiration')).toEqual(new Date(1_000_000_000_000))
  })

  test('a remoting call spelled out by hand is read, with members in any order and trait kind', () => {
    // Array of one RemotingMessage: two sealed members, the rest dynamic; some of its strings by reference.
    const encoded = bytes(`
      00 03 00 00 00 01 00 04 "null" 00 04 "null" ff ff ff ff 11
      09 03 01
      0a 2b 4f "flex.messaging.messages.RemotingMessage" 13 "operation" 09 "body"
        06 21 "unregisterDevice" 09 05 01 06 05 "D1" 01
        0f "headers" 0a 0b 01 21 "application-type" 06 0f "ANDROID" 01
        0d "source" 06 09 "Some" 15 "timeToLive" 04 00 11 "clientId" 01 01`)
    const message = itemsOf(decodePacket(encoded).bodies[0]?.value)?.[0]
    expect(message).toStrictEqual(
      amfObject('flex.messaging.messages.RemotingMessage', {
        operation: 'unregisterDevice',
        body: ['D1', null],
        headers: amfObject('', { 'application-type': 'ANDROID' }),
        source: 'Some',
        timeToLive: 0,
        clientId: null,
      }),
    )
  })

  const answers: [string, AmfValue][] = [
    ['acknowledgement of text', '["A::default",{}]'],
    ['acknowledgement of a typed object', registration()],
    ['acknowledgement of true', true],
  ]
  test.each(answers)('an %s survives the way', (_, body) => {
    const message = amfObject('flex.messaging.messages.AcknowledgeMessage', { ...messageMembers, body })
    expect(decodePacket(encodePacket(answer(message)))).toStrictEqual(answer(message))
  })

  test('an acknowledgement can insist on an AMF integer', () => {
    const message = amfObject('Ack', { body: amfInteger(0) })
    expect(hex(encodePacket(answer(message))).endsWith('0400')).toBe(true)
  })

  test('an error keeps its empty detail and its empty extended data', () => {
    const message = amfObject('flex.messaging.messages.ErrorMessage', {
      ...messageMembers,
      body: null,
      faultCode: '5000',
      faultString: 'no such device',
      faultDetail: '',
      extendedData: amfObject(''),
      rootCause: null,
    })
    const decoded = membersOf(decodePacket(encodePacket(answer(message))).bodies[0]?.value)
    expect(decoded?.get('faultCode')).toBe('5000')
    expect(decoded?.get('faultDetail')).toBe('')
    expect(decoded?.get('extendedData')).toStrictEqual(amfObject(''))
  })
})
