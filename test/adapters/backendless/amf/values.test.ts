import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeAmf3 } from '../../../../adapters/backendless/amf/amf3-decoder.ts'
import { encodeAmf3 } from '../../../../adapters/backendless/amf/amf3-encoder.ts'
import {
  type AmfValue,
  amfDouble,
  amfInteger,
  amfObject,
  isAmfObject,
  itemsOf,
  membersOf,
} from '../../../../adapters/backendless/amf/values.ts'
import { amf3Value, bytes, graph, hex, refusal, sameGraph } from './kit.ts'

const point = (x: number) => amfObject('Pt', { x })
const array = (dense: AmfValue[], members: [string, AmfValue][]): AmfValue => {
  return { kind: 'array', dense, members: new Map(members) }
}

/** Name, bytes, value: decoding and encoding agree. */
const vectors: [string, string, AmfValue][] = [
  ['undefined', '00', undefined],
  ['null', '01', null],
  ['false', '02', false],
  ['true', '03', true],
  ['integer 0', '04 00', 0],
  ['the last one-byte integer', '04 7f', 127],
  ['the first two-byte integer', '04 81 00', 128],
  ['the last two-byte integer', '04 ff 7f', 16_383],
  ['the first three-byte integer', '04 81 80 00', 16_384],
  ['the last three-byte integer', '04 ff ff 7f', 2_097_151],
  ['the first four-byte integer', '04 80 c0 80 00', 2_097_152],
  ['the greatest integer', '04 bf ff ff ff', 2 ** 28 - 1],
  ['minus one', '04 ff ff ff ff', -1],
  ['the least integer', '04 c0 80 80 00', -(2 ** 28)],
  ['the first number above the integers', '05 41 b0 00 00 00 00 00 00', 2 ** 28],
  ['the first number below the integers', '05 c1 b0 00 00 01 00 00 00', -(2 ** 28) - 1],
  ['a fraction', '05 3f e0 00 00 00 00 00 00', 0.5],
  ['minus zero', '05 80 00 00 00 00 00 00 00', -0],
  ['not a number', '05 7f f8 00 00 00 00 00 00', Number.NaN],
  ['minus infinity', '05 ff f0 00 00 00 00 00 00', Number.NEGATIVE_INFINITY],
  ['the empty string', '06 01', ''],
  ['an ASCII string', '06 07 "foo"', 'foo'],
  ['a string of two-byte characters', '06 05 c3 a9', 'é'],
  ['a string beyond the basic plane', '06 09 f0 9f 98 80', '😀'],
  ['a byte order mark', '06 07 ef bb bf', '\ufeff'],
  ['a NUL character', '06 03 00', '\0'],
  ['string references', '09 07 01 06 03 "a" 06 03 "b" 06 00', ['a', 'b', 'a']],
  [
    'empty strings, which make no reference',
    '09 0b 01 06 01 06 03 "a" 06 01 06 00 06 01',
    ['', 'a', '', 'a', ''],
  ],
  ['the legacy XML document', '07 09 "<a/>"', { kind: 'xml', legacy: true, text: '<a/>' }],
  ['XML', '0b 09 "<a/>"', { kind: 'xml', legacy: false, text: '<a/>' }],
  ['the epoch', '08 01 00 00 00 00 00 00 00 00', new Date(0)],
  ['a date', '08 01 42 6d 1a 94 a2 00 00 00', new Date(1_000_000_000_000)],
  ['a date before the epoch', '08 01 bf f0 00 00 00 00 00 00', new Date(-1)],
  ['the empty array', '09 01 01', []],
  ['a dense array', '09 07 01 04 01 01 06 03 "a"', [1, null, 'a']],
  ['an associative array', '09 01 07 "foo" 04 01 01', array([], [['foo', 1]])],
  [
    'an array with both parts',
    '09 03 03 "a" 04 01 03 "b" 03 01 04 02',
    array(
      [2],
      [
        ['a', 1],
        ['b', true],
      ],
    ),
  ],
  ['the empty anonymous object', '0a 0b 01 01', amfObject('')],
  ['an anonymous object', '0a 0b 01 03 "a" 04 01 01', amfObject('', { a: 1 })],
  ['a typed object', '0a 13 05 "Pt" 03 "x" 04 01', point(1)],
  ['a typed object without members', '0a 03 05 "Pt"', amfObject('Pt')],
  ['trait references', '09 05 01 0a 13 05 "Pt" 03 "x" 04 01 0a 01 04 02', [point(1), point(2)]],
  [
    'the traits of anonymous objects, once too',
    '09 05 01 0a 0b 01 03 "a" 04 01 01 0a 01 00 04 02 01',
    [amfObject('', { a: 1 }), amfObject('', { a: 2 })],
  ],
  ['an anonymous object with an empty name', '0a 13 01 01 04 01', amfObject('', { '': 1 })],
  ['a byte array', '0c 05 00 ff', Uint8Array.of(0, 255)],
  ['the empty byte array', '0c 01', new Uint8Array()],
  [
    'a vector of int',
    '0d 05 01 00 00 00 01 ff ff ff ff',
    { kind: 'vector', of: 'int', fixed: true, items: [1, -1] },
  ],
  [
    'a vector of uint',
    '0e 03 00 ff ff ff ff',
    { kind: 'vector', of: 'uint', fixed: false, items: [2 ** 32 - 1] },
  ],
  [
    'a vector of double',
    '0f 03 00 3f e0 00 00 00 00 00 00',
    { kind: 'vector', of: 'double', fixed: false, items: [0.5] },
  ],
  [
    'a vector of objects',
    '10 05 00 05 "Pt" 0a 13 00 03 "x" 04 01 01',
    { kind: 'vector', of: 'object', className: 'Pt', fixed: false, items: [point(1), null] },
  ],
  [
    'a dictionary',
    '11 03 01 0a 03 05 "Pt" 04 01',
    { kind: 'dictionary', weak: true, entries: [[amfObject('Pt'), 1]] },
  ],
]

describe('AMF 3 values', () => {
  test.each(vectors)('reads %s', (_, encoded, value) => {
    expect(decodeAmf3(bytes(encoded))).toStrictEqual(value)
  })

  test.each(vectors)('writes %s', (_, encoded, value) => {
    expect(hex(encodeAmf3(value))).toBe(hex(bytes(encoded)))
  })

  const onlyRead: [string, string, AmfValue][] = [
    ['an integer in more bytes than it needs', '04 80 80 80 01', 1],
    [
      'a typed object with dynamic members',
      '0a 1b 05 "Pt" 03 "x" 04 01 03 "y" 04 02 01',
      amfObject('Pt', { x: 1, y: 2 }),
    ],
    ['an anonymous object with sealed members', '0a 13 01 03 "x" 04 01', amfObject('', { x: 1 })],
    ['the last of two members of one name', '0a 0b 01 03 "a" 04 01 00 04 02 01', amfObject('', { a: 2 })],
    ['a date of a fraction, cut', '08 01 3f f8 00 00 00 00 00 00', new Date(1)],
    ['an ArrayCollection as its array', '0a 07 43 "flex.messaging.io.ArrayCollection" 09 03 01 04 01', [1]],
    [
      'an ObjectProxy as its object',
      '0a 07 3b "flex.messaging.io.ObjectProxy" 0a 0b 01 03 "a" 04 01 01',
      amfObject('', { a: 1 }),
    ],
    [
      'a second ArrayCollection by its traits',
      '09 05 01 0a 07 43 "flex.messaging.io.ArrayCollection" 09 01 01 0a 01 09 03 01 03',
      [[], [true]],
    ],
  ]
  test.each(onlyRead)('reads %s', (_, encoded, value) => {
    expect(decodeAmf3(bytes(encoded))).toStrictEqual(value)
  })

  test('gives back any value it wrote, and writes that the same again', () => {
    fc.assert(
      fc.property(amf3Value, (value) => {
        const encoded = encodeAmf3(value)
        const decoded = decodeAmf3(encoded)
        expect(decoded).toStrictEqual(value)
        expect(hex(encodeAmf3(decoded))).toBe(hex(encoded))
      }),
      { numRuns: 1_000 },
    )
  })

  test('reads the same from the middle of a larger buffer', () => {
    const encoded = encodeAmf3(['a', 0.5, new Date(5)])
    const larger = new Uint8Array(encoded.length + 7)
    larger.set(encoded, 3)
    expect(decodeAmf3(larger.subarray(3, 3 + encoded.length))).toEqual(['a', 0.5, new Date(5)])
  })

  test('copies byte arrays, so that the input may be reused', () => {
    const input = bytes('0c 03 01')
    const value = decodeAmf3(input)
    input[2] = 9
    expect(value).toEqual(Uint8Array.of(1))
  })

  test('writes and reads long strings and arrays as they outgrow the buffer', () => {
    const value = ['é'.repeat(100_000), Array.from({ length: 5_000 }, (_, at) => `channel ${at}`)]
    expect(decodeAmf3(encodeAmf3(value))).toEqual(value)
  })
})

describe('AMF 3 references', () => {
  const list: AmfValue[] = [1]
  const shared: [string, AmfValue][] = [
    ['an array', list],
    ['an object', point(1)],
    ['an associative array', array([], [['a', 1]])],
    ['a date', new Date(5)],
    ['a byte array', Uint8Array.of(1)],
    ['an XML text', { kind: 'xml', legacy: false, text: '<a/>' }],
    ['a vector', { kind: 'vector', of: 'int', fixed: false, items: [1] }],
    ['an object vector', { kind: 'vector', of: 'object', className: '', fixed: false, items: [1] }],
    ['a dictionary', { kind: 'dictionary', weak: false, entries: [[1, 2]] }],
  ]
  test.each(shared)('keeps %s that is met twice one and the same', (_, value) => {
    const decoded = itemsOf(decodeAmf3(encodeAmf3([value, 'between', value]))) ?? []
    expect(decoded[0]).toStrictEqual(value)
    expect(decoded[2]).toBe(decoded[0])
  })

  test('keeps equal but distinct objects apart', () => {
    const decoded = itemsOf(decodeAmf3(encodeAmf3([point(1), point(1)]))) ?? []
    expect(decoded[0]).not.toBe(decoded[1])
  })

  test('resolves a reference to an ArrayCollection to the wrapped array, and counts both in the table', () => {
    const collection = '0a 07 43 "flex.messaging.io.ArrayCollection" 09 03 01 04 01'
    const decoded = itemsOf(decodeAmf3(bytes(`09 07 01 ${collection} 0a 02 09 04`))) ?? []
    expect(decoded[0]).toEqual([1])
    expect(decoded[1]).toBe(decoded[0])
    expect(decoded[2]).toBe(decoded[0])
  })

  test('closes cycles', () => {
    const loop: AmfValue[] = []
    loop.push(loop)
    expect(hex(encodeAmf3(loop))).toBe('0903010900')
    const decoded = itemsOf(decodeAmf3(bytes('09 03 01 09 00'))) ?? []
    expect(decoded[0]).toBe(decoded)
  })

  test('gives back any graph with its sharing and cycles', () => {
    fc.assert(
      fc.property(graph, (value) => sameGraph(value, decodeAmf3(encodeAmf3(value)))),
      { numRuns: 500 },
    )
  })
})

describe('members that look like JavaScript', () => {
  test('are data, __proto__ too', () => {
    const decoded = decodeAmf3(bytes('0a 0b 01 13 "__proto__" 0a 01 03 "a" 03 01 17 "constructor" 01 01'))
    expect([...(membersOf(decoded)?.keys() ?? [])]).toEqual(['__proto__', 'constructor'])
    expect(membersOf(decoded)?.get('a')).toBeUndefined()
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false)
  })
})

describe('numbers whose type the receiver cares about', () => {
  test.each([
    ['a double of an integral value', amfDouble(1), '05 3f f0 00 00 00 00 00 00'],
    ['an integer', amfInteger(1), '04 01'],
    ['minus zero as an integer', amfInteger(-0), '04 00'],
  ])('are written as told: %s', (_, value, encoded) => {
    expect(hex(encodeAmf3(value))).toBe(hex(bytes(encoded)))
  })
})

describe('values that AMF 3 cannot carry', () => {
  const deep = (levels: number): AmfValue => (levels === 0 ? 1 : [deep(levels - 1)])
  const refused: [string, AmfValue][] = [
    ['a forced integer of 30 bits', amfInteger(2 ** 28)],
    ['a forced integer of 30 bits below zero', amfInteger(-(2 ** 28) - 1)],
    ['a forced integer with a fraction', amfInteger(0.5)],
    ['a forced integer that is not a number', amfInteger(Number.NaN)],
    ['an invalid date', new Date(Number.NaN)],
    ['an empty name in an associative array', array([], [['', 1]])],
    ['a vector item out of range', { kind: 'vector', of: 'uint', fixed: false, items: [-1] }],
    ['a vector item with a fraction', { kind: 'vector', of: 'int', fixed: false, items: [0.5] }],
    [
      'an array of more than 28 bits of items',
      Array.from({ length: 1 }).concat(new Array(2 ** 28)) as AmfValue[],
    ],
    ['a plain record that escaped the types', JSON.parse('{"a":1}')],
    ['a record of an unknown kind', JSON.parse('{"kind":"x"}')],
  ]
  test.each(refused)('are refused: %s', (_, value) => {
    expect(refusal(() => encodeAmf3(value)).reason).toBe('unencodable')
  })

  test('are those nested deeper than the limit', () => {
    expect(refusal(() => encodeAmf3(deep(33))).reason).toBe('limit')
    expect(refusal(() => encodeAmf3(deep(1_000), { maxDepth: 100_000 })).reason).toBe('limit')
    expect(encodeAmf3(deep(32)).length).toBe(32 * 3 + 2)
    expect(encodeAmf3(deep(256), { maxDepth: 256 }).length).toBe(256 * 3 + 2)
  })
})

describe('looking into values', () => {
  test('tells objects by class', () => {
    expect(isAmfObject(point(1))).toBe(true)
    expect(isAmfObject(point(1), 'Pt')).toBe(true)
    expect(isAmfObject(point(1), 'Other')).toBe(false)
    expect(isAmfObject(array([], []))).toBe(false)
    expect(isAmfObject([])).toBe(false)
    expect(isAmfObject(null)).toBe(false)
  })

  test('finds members and items where there are any', () => {
    expect(membersOf(point(1))?.get('x')).toBe(1)
    expect(membersOf(array([], [['a', 1]]))?.get('a')).toBe(1)
    expect(membersOf([1])).toBeNull()
    expect(membersOf(new Date(0))).toBeNull()
    expect(itemsOf([1])).toEqual([1])
    expect(itemsOf(array([2], []))).toEqual([2])
    expect(itemsOf({ kind: 'vector', of: 'int', fixed: false, items: [3] })).toEqual([3])
    expect(itemsOf(point(1))).toBeNull()
    expect(itemsOf('text')).toBeNull()
  })
})
