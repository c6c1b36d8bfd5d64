import { describe, expect, test } from 'vitest'
import { decodeAmf0 } from '../../../../adapters/backendless/amf/amf0-decoder.ts'
import { decodeAmf3 } from '../../../../adapters/backendless/amf/amf3-decoder.ts'
import type { AmfErrorReason } from '../../../../adapters/backendless/amf/errors.ts'
import { decodePacket, encodePacket } from '../../../../adapters/backendless/amf/packet.ts'
import { type AmfValue, itemsOf } from '../../../../adapters/backendless/amf/values.ts'
import { bytes, footprint, refusal, registration, remotingPacket } from './kit.ts'

const megabyte = 1_048_576
const collection = '0a 07 43 "flex.messaging.io.ArrayCollection"'

/** Name, reason, bytes. */
type Case = [string, AmfErrorReason, string]

describe('hostile AMF 3', () => {
  const refused: Case[] = [
    ['nothing at all', 'truncated', ''],
    ['an unknown marker', 'malformed', '12'],
    ['the highest marker', 'malformed', 'ff'],
    ['bytes after the value', 'malformed', '01 01'],
    ['a string longer than the input', 'truncated', '06 ff ff ff ff'],
    ['a byte array longer than the input', 'truncated', '0c ff ff ff ff'],
    ['an XML text longer than the input', 'truncated', '0b ff ff ff ff "<a/>"'],
    ['an array of 268 million items', 'truncated', '09 ff ff ff ff 01'],
    ['an associative array of 268 million items', 'truncated', '09 ff ff ff ff 03 "a" 01 01'],
    ['an associative array whose items ran out', 'truncated', '09 0b 03 "a" 01 01 01 01'],
    ['a class of 33 million members', 'truncated', '0a ff ff ff f3 01'],
    ['a vector of 268 million int', 'truncated', '0d ff ff ff ff 00 00 00 00 01'],
    ['a vector of 268 million uint', 'truncated', '0e ff ff ff ff 00 00 00 00 01'],
    ['a vector of 268 million double', 'truncated', '0f ff ff ff ff 00 00 00 00 01'],
    ['a vector of 268 million objects', 'truncated', '10 ff ff ff ff 00 01 01'],
    ['a vector of int one byte short', 'truncated', '0d 05 00 00 00 00 01 00 00 00'],
    ['a dictionary of 268 million pairs', 'truncated', '11 ff ff ff ff 00 01'],
    ['a dictionary without its last value', 'truncated', '11 03 00 01'],
    ['an array whose names never end', 'truncated', '09 01 03 "a" 01'],
    ['an object whose names never end', 'truncated', '0a 0b 01 03 "a" 01'],
    ['an integer cut short', 'truncated', '04 ff ff ff'],
    ['a double cut short', 'truncated', '05 00 00 00 00 00 00 00'],
    ['a string reference to nothing', 'malformed', '06 00'],
    ['a string reference past the table', 'malformed', '09 05 01 06 03 "a" 06 02'],
    ['a string reference to the empty string', 'malformed', '09 05 01 06 01 06 00'],
    ['a member name that refers to nothing', 'malformed', '0a 0b 01 02 01 01'],
    ['a class name that refers to nothing', 'malformed', '0a 03 00'],
    ['an object reference to nothing', 'malformed', '0a 00'],
    ['an array reference to nothing', 'malformed', '09 02'],
    ['a date reference to nothing', 'malformed', '08 00'],
    ['the highest object reference', 'malformed', '0a ff ff ff fe'],
    ['a trait reference to nothing', 'malformed', '0a 01'],
    ['the highest trait reference', 'malformed', '0a ff ff ff fd'],
    ['traits that refer to themselves', 'malformed', '0a 05'],
    ['an ArrayCollection that wraps itself', 'malformed', `${collection} 0a 00`],
    ['an ArrayCollection that wraps itself by way of another', 'malformed', `${collection} 0a 01 0a 00`],
    ['an externalizable of an unknown class', 'unsupported', '0a 07 07 "DSK" 01'],
    ['an externalizable without a class name', 'unsupported', '0a 07 01 01'],
    ['a string of a lone continuation byte', 'malformed', '06 03 80'],
    ['a string with an overlong NUL, as Java modifies UTF-8', 'malformed', '06 05 c0 80'],
    ['a string of half a surrogate pair', 'malformed', '06 07 ed a0 80'],
    ['a string that ends within a character', 'malformed', '06 05 e2 82'],
    ['a string above the last code point', 'malformed', '06 09 f4 90 80 80'],
    ['a member name that is not UTF-8', 'malformed', '0a 0b 01 03 ff 01 01'],
    ['a class name that is not UTF-8', 'malformed', '0a 03 03 ff'],
    ['XML that is not UTF-8', 'malformed', '0b 03 ff'],
    ['a date that is not a number', 'malformed', '08 01 7f f8 00 00 00 00 00 00'],
    ['a date at infinity', 'malformed', '08 01 7f f0 00 00 00 00 00 00'],
    ['a date past what a Date holds', 'malformed', '08 01 43 f0 00 00 00 00 00 00'],
  ]
  test.each(refused)('is refused: %s', (_, reason, encoded) => {
    expect(refusal(() => decodeAmf3(bytes(encoded))).reason).toBe(reason)
  })

  test('is refused with the place where reading stopped, and with no more of the input than a clipped name', () => {
    const cut = refusal(() => decodeAmf3(bytes('09 03 01 05 00')))
    expect(cut.offset).toBe(4)
    expect(cut.message).toBe('8 bytes needed but 1 left (at byte 4)')
    const long = refusal(() => decodeAmf3(bytes(`0a 07 9f 21 "${'n'.repeat(1_998)}\n\n"`)))
    expect(long.message.length).toBeLessThan(200)
    expect(long.name).toBe('AmfError')
  })
})

describe('hostile AMF 0', () => {
  const refused: Case[] = [
    ['nothing at all', 'truncated', ''],
    ['an unknown marker', 'malformed', '12'],
    ['a movie clip', 'unsupported', '04'],
    ['an object end without an object', 'unsupported', '09'],
    ['an unsupported value', 'unsupported', '0d'],
    ['a record set', 'unsupported', '0e'],
    ['bytes after the value', 'malformed', '05 05'],
    ['a strict array of four billion items', 'truncated', '0a ff ff ff ff 05'],
    ['an ECMA array that never ends', 'truncated', '08 00 00 00 00 00 01 "a" 05'],
    ['an object that never ends', 'truncated', '03 00 00'],
    ['an object end under a name', 'unsupported', '03 00 01 "a" 09'],
    ['a string longer than the input', 'truncated', '02 ff ff "a"'],
    ['a long string of four gigabytes', 'truncated', '0c ff ff ff ff "a"'],
    ['XML of four gigabytes', 'truncated', '0f ff ff ff ff "a"'],
    ['a reference to nothing', 'malformed', '07 00 00'],
    ['a reference past the table', 'malformed', '0a 00 00 00 01 07 00 01'],
    ['a date that is not a number', 'malformed', '0b 7f f8 00 00 00 00 00 00 00 00'],
    ['a string that is not UTF-8', 'malformed', '02 00 01 ff'],
    ['AMF 3 that refers to an AMF 0 object', 'malformed', '0a 00 00 00 01 11 09 00'],
  ]
  test.each(refused)('is refused: %s', (_, reason, encoded) => {
    expect(refusal(() => decodeAmf0(bytes(encoded))).reason).toBe(reason)
  })
})

describe('a hostile packet', () => {
  const head = '00 03 00 00 00 01 00 00 00 00'
  const refused: Case[] = [
    ['nothing at all', 'truncated', ''],
    ['version 1', 'malformed', '00 01 00 00 00 00'],
    ['JSON', 'malformed', '"{}{}{}"'],
    ['65,535 headers in no bytes', 'truncated', '00 03 ff ff 00 00'],
    ['65,535 bodies in no bytes', 'truncated', '00 03 00 00 ff ff'],
    ['bytes after the packet', 'malformed', '00 03 00 00 00 00 00'],
    ['a body longer than the packet', 'truncated', `${head} 00 00 00 03 11 01`],
    ['a body of two gigabytes', 'truncated', `${head} 7f ff ff ff 11 01`],
    ['a body shorter than its value', 'malformed', `${head} 00 00 00 01 11 01`],
    ['a body longer than its value', 'malformed', `${head} 00 00 00 03 11 01 01`],
    ['a body of no bytes', 'malformed', `${head} 00 00 00 00 05`],
    ['a length of minus two', 'truncated', `${head} ff ff ff fe 05`],
    ['a target longer than the packet', 'truncated', '00 03 00 00 00 01 ff ff 00 00 00 00 00 00 00 00'],
    ['a target that is not UTF-8', 'malformed', '00 03 00 00 00 01 00 01 ff 00 00 ff ff ff ff 05'],
  ]
  test.each(refused)('is refused: %s', (_, reason, encoded) => {
    expect(refusal(() => decodePacket(bytes(encoded))).reason).toBe(reason)
  })

  test('is refused wherever it is cut', () => {
    const encoded = encodePacket(remotingPacket([registration(), registration(), everyKind]))
    expect(decodePacket(encoded).bodies.length).toBe(1)
    for (let size = 0; size < encoded.length; size += 1) {
      refusal(() => decodePacket(encoded.slice(0, size)))
    }
  })

  test('never gets past AmfError with any one byte changed in many ways', () => {
    const encoded = encodePacket(remotingPacket([registration(), everyKind]))
    let refusals = 0
    for (let at = 0; at < encoded.length; at += 1) {
      for (let flip = 1; flip < 256; flip += 5) {
        const changed = encoded.slice()
        changed[at] = (changed[at] ?? 0) ^ flip
        refusals += outcome(() => decodePacket(changed))
      }
    }
    expect(refusals).toBeGreaterThan(1_000)
  })
})

describe('limits', () => {
  const nested = (open: string, levels: number, close: string) =>
    bytes(`${open.repeat(levels)} 01 ${close.repeat(levels)}`)

  const deep: [string, (levels: number) => Uint8Array][] = [
    ['arrays', (levels) => nested('09 03 01', levels, '')],
    ['associative arrays', (levels) => nested('09 01 03 61', levels, '01')],
    ['anonymous objects', (levels) => nested('0a 0b 01 03 61', levels, '01')],
    ['sealed objects', (levels) => nested('0a 13 01 03 61', levels, '')],
    ['object vectors', (levels) => nested('10 03 00 01', levels, '')],
    ['dictionary keys', (levels) => nested('11 03 00', levels, '01')],
    ['dictionary values', (levels) => nested('11 03 00 01', levels, '')],
  ]
  test.each(deep)('let %s nest 32 levels and no more', (_, make) => {
    decodeAmf3(make(32))
    expect(refusal(() => decodeAmf3(make(33))).reason).toBe('limit')
    expect(refusal(() => decodeAmf3(make(100_000))).reason).toBe('limit')
  })

  test('can be set, but not so that the stack runs out', () => {
    const arrays = (levels: number) => nested('09 03 01', levels, '')
    expect(refusal(() => decodeAmf3(arrays(3), { maxDepth: 2 })).reason).toBe('limit')
    decodeAmf3(arrays(256), { maxDepth: 256 })
    expect(refusal(() => decodeAmf3(arrays(100_000), { maxDepth: 1_000_000 })).reason).toBe('limit')
  })

  test('count wrapped collections, AMF 0 levels and the AMF 3 levels within them alike', () => {
    const wrapped = (levels: number) => bytes(`${collection} ${'0a 01'.repeat(levels - 1)} 01`)
    decodeAmf3(wrapped(32))
    expect(refusal(() => decodeAmf3(wrapped(33))).reason).toBe('limit')
    const mixed = (levels: number) =>
      bytes(`${'0a 00 00 00 01'.repeat(20)} 11 ${'09 03 01'.repeat(levels - 20)} 01`)
    decodeAmf0(mixed(32))
    expect(refusal(() => decodeAmf0(mixed(33))).reason).toBe('limit')
    expect(refusal(() => decodeAmf0(nested('03 00 01 61', 33, '00 00 09'))).reason).toBe('limit')
    expect(refusal(() => decodeAmf0(nested('08 00 00 00 00 00 01 61', 33, '00 00 09'))).reason).toBe('limit')
  })

  test('are given back when a level ends', () => {
    expect(itemsOf(decodeAmf3(bytes(`09 81 49 01 ${'09 01 01'.repeat(100)}`)))?.length).toBe(100)
  })

  test('bound the values of a whole packet', () => {
    const packet = encodePacket({
      version: 3,
      headers: [],
      bodies: [1, 2, 3].map((value) => ({ target: '', response: '', value: [value, value] })),
    })
    // Each body counts four: the AMF 0 value that wraps it, the array and its two items.
    expect(decodePacket(packet, { maxValues: 12 }).bodies.length).toBe(3)
    expect(refusal(() => decodePacket(packet, { maxValues: 11 })).reason).toBe('limit')
  })

  const many: [string, string, string][] = [
    ['null', '', '01'],
    ['empty objects', '0a 0b 01 01', '0a 01 01'],
    ['empty arrays', '', '09 01 01'],
    ['references', '', '09 00'],
    ['empty strings', '', '06 01'],
  ]
  test.each(many)('stop a megabyte of %s, and raised cost no more than the bytes', (_, first, item) => {
    const count = Math.floor(megabyte / bytes(item).length)
    const input = arrayOf(count, bytes(first), bytes(item))
    const started = performance.now()
    expect(refusal(() => decodeAmf3(input)).reason).toBe('limit')
    expect(performance.now() - started).toBeLessThan(10_000)
    const value = decodeAmf3(input, { maxValues: megabyte * 2 })
    expect(footprint(value).objects).toBeLessThanOrEqual(count + 2)
    expect(performance.now() - started).toBeLessThan(30_000)
  })

  test('count vector items and member names', () => {
    const vector = new Uint8Array(400_005)
    vector.set(bytes('0d 8c 9a 41 00'))
    expect(refusal(() => decodeAmf3(vector, { maxValues: 100_000 })).reason).toBe('limit')
    expect(itemsOf(decodeAmf3(vector, { maxValues: 100_001 }))?.length).toBe(100_000)
    const traits = bytes(`0a 8c 43 01 ${'01'.repeat(100)} ${'01'.repeat(100)}`)
    expect(refusal(() => decodeAmf3(traits, { maxValues: 200 })).reason).toBe('limit')
    decodeAmf3(traits, { maxValues: 201 })
  })
})

describe('reference bombs', () => {
  test('stay as small as their bytes: arrays that double at each level', () => {
    const levels = 31
    const inner = '09 05 01'
    const tail = Array.from(
      { length: levels - 1 },
      (_, at) => `09 ${((levels - 1 - at) * 2).toString(16).padStart(2, '0')}`,
    )
    const value = decodeAmf3(bytes(`${inner.repeat(levels)} 01 01 ${tail.join(' ')}`))
    expect(footprint(value).objects).toBe(levels)
  })

  test('stay as small as their bytes: one long string referred to many times', () => {
    const text = 'x'.repeat(10_000)
    const value = decodeAmf3(arrayOf(50_000, bytes(`06 81 9c 21 "${text}"`), bytes('06 00')))
    expect(itemsOf(value)?.length).toBe(50_001)
    expect(footprint(value).content).toBe(10_000)
  })
})

const everyKind: AmfValue[] = [
  undefined,
  0.5,
  Uint8Array.of(1, 2, 3),
  { kind: 'xml', legacy: false, text: '<a/>' },
  { kind: 'array', dense: [1], members: new Map([['a', true]]) },
  { kind: 'vector', of: 'int', fixed: false, items: [1] },
  { kind: 'vector', of: 'object', className: 'Pt', fixed: true, items: [false] },
  { kind: 'dictionary', weak: false, entries: [['k', 'v']] },
]

/** A dense array of `first`, if any, and `count` times `item`. */
function arrayOf(count: number, first: Uint8Array, item: Uint8Array): Uint8Array {
  const size = count + (first.length > 0 ? 1 : 0)
  const head = size * 2 + 1
  const input = new Uint8Array(6 + first.length + count * item.length)
  input.set([
    0x09,
    (head >> 22) | 0x80,
    ((head >> 15) & 0x7f) | 0x80,
    ((head >> 8) & 0x7f) | 0x80,
    head & 0xff,
    0x01,
  ])
  input.set(first, 6)
  for (let at = 0; at < count; at += 1) input.set(item, 6 + first.length + at * item.length)
  return input
}

/** 1 when `act` is refused with an AmfError, 0 when it succeeds; anything else is thrown on. */
function outcome(act: () => unknown): number {
  let succeeded = false
  try {
    refusal(() => {
      act()
      succeeded = true
    })
  } catch (error) {
    if (!succeeded) throw error
  }
  return succeeded ? 0 : 1
}
