import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeAmf0 } from '../../../../adapters/backendless/amf/amf0-decoder.ts'
import { encodeAmf0 } from '../../../../adapters/backendless/amf/amf0-encoder.ts'
import {
  type AmfValue,
  amfDouble,
  amfInteger,
  amfObject,
  itemsOf,
} from '../../../../adapters/backendless/amf/values.ts'
import { amf0Value, bytes, graph, hex, refusal, sameGraph } from './kit.ts'

const ecma = (members: [string, AmfValue][]): AmfValue => ({
  kind: 'array',
  dense: [],
  members: new Map(members),
})

/** Name, bytes, value: decoding and encoding agree. */
const vectors: [string, string, AmfValue][] = [
  ['a number', '00 3f f0 00 00 00 00 00 00', 1],
  ['true', '01 01', true],
  ['false', '01 00', false],
  ['a string', '02 00 03 "foo"', 'foo'],
  ['an object', '03 00 01 "a" 05 00 00 09', amfObject('', { a: null })],
  ['an object with an empty name', '03 00 00 01 01 00 00 09', amfObject('', { '': true })],
  ['null', '05', null],
  ['undefined', '06', undefined],
  ['an ECMA array', '08 00 00 00 01 00 01 "a" 05 00 00 09', ecma([['a', null]])],
  ['a strict array', '0a 00 00 00 02 05 01 01', [null, true]],
  ['a date', '0b 42 6d 1a 94 a2 00 00 00 00 00', new Date(1_000_000_000_000)],
  ['XML', '0f 00 00 00 04 "<a/>"', { kind: 'xml', legacy: true, text: '<a/>' }],
  ['a typed object', '10 00 02 "Pt" 00 01 "x" 01 01 00 00 09', amfObject('Pt', { x: true })],
]

describe('AMF 0 values', () => {
  test.each(vectors)('reads %s', (_, encoded, value) => {
    expect(decodeAmf0(bytes(encoded))).toStrictEqual(value)
  })

  test.each(vectors)('writes %s', (_, encoded, value) => {
    expect(hex(encodeAmf0(value))).toBe(hex(bytes(encoded)))
  })

  const onlyRead: [string, string, AmfValue][] = [
    ['an ECMA array whose count is wrong', '08 ff ff ff ff 00 01 "a" 05 00 00 09', ecma([['a', null]])],
    ['a long string that is short', '0c 00 00 00 01 "a"', 'a'],
    ['a date with a time zone, ignored', '0b 00 00 00 00 00 00 00 00 ff c4', new Date(0)],
    ['any byte but zero as true', '01 07', true],
    ['AMF 3 behind the avmplus marker', '11 0a 0b 01 03 "a" 04 01 01', amfObject('', { a: 1 })],
    ['several AMF 3 values with one string table', '0a 00 00 00 02 11 06 03 "a" 11 06 00', ['a', 'a']],
  ]
  test.each(onlyRead)('reads %s', (_, encoded, value) => {
    expect(decodeAmf0(bytes(encoded))).toStrictEqual(value)
  })

  test('gives back any value it wrote', () => {
    fc.assert(
      fc.property(amf0Value, (value) => {
        expect(decodeAmf0(encodeAmf0(value))).toStrictEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  test('gives back any graph with its sharing and cycles', () => {
    fc.assert(
      fc.property(graph, (value) => sameGraph(value, decodeAmf0(encodeAmf0(value)))),
      { numRuns: 300 },
    )
  })

  test('writes a text over 65,535 bytes as a long string', () => {
    const text = 'a'.repeat(65_536)
    expect(hex(encodeAmf0(text).subarray(0, 5))).toBe('0c00010000')
    expect(decodeAmf0(encodeAmf0(text))).toBe(text)
  })

  test('writes the dense part of an associative array as members named by index', () => {
    const mixed: AmfValue = { kind: 'array', dense: ['x'], members: new Map([['a', null]]) }
    expect(decodeAmf0(encodeAmf0(mixed))).toStrictEqual(
      ecma([
        ['a', null],
        ['0', 'x'],
      ]),
    )
  })

  test('writes forced integers and doubles as numbers', () => {
    expect(decodeAmf0(encodeAmf0([amfInteger(1), amfDouble(2)]))).toEqual([1, 2])
  })

  test('writes an object past the reach of references in full', () => {
    const late = [true]
    const filler = Array.from({ length: 65_540 }, (): AmfValue => [])
    const decoded = itemsOf(decodeAmf0(encodeAmf0([...filler, late, late]), { maxValues: 1_000_000 })) ?? []
    expect(decoded.slice(-2)).toEqual([[true], [true]])
  })
})

describe('values that AMF 0 cannot carry', () => {
  const refused: [string, AmfValue][] = [
    ['a byte array', new Uint8Array()],
    ['a vector', { kind: 'vector', of: 'int', fixed: false, items: [] }],
    ['a dictionary', { kind: 'dictionary', weak: false, entries: [] }],
    ['an invalid date', new Date(Number.NaN)],
    ['a member name over 65,535 bytes', amfObject('', { ['é'.repeat(40_000)]: 1 })],
    ['a class name over 65,535 bytes', amfObject('x'.repeat(65_536))],
  ]
  test.each(refused)('are refused: %s', (_, value) => {
    expect(refusal(() => encodeAmf0(value)).reason).toBe('unencodable')
  })
})
