import { describe, expect, test } from 'vitest'
import { Digits, mapOf, nearestNumber, parseJson, parseJsonText, wholeDigits } from '../../src/wire/json.ts'

const read = (text: string) => parseJson(text, 32)
const digits = (text: string) => new Digits(text)

describe('B12a, a number that a double would change', () => {
  test.each([
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '100000000000000000000000000000000',
    '9007199254740993e0',
    '9.007199254740993E15',
    '900719925474099.3e1',
    '0.123456789012345678',
    '1e400',
    '-1E+400',
    '1e-400',
  ])('%s keeps its digits, wherever it stands', (text) => {
    expect(read(text)).toEqual(digits(text))
    expect(read(` { "a" : [ ${text} , {"b":${text}}], "c":${text}}`)).toEqual({
      a: [digits(text), { b: digits(text) }],
      c: digits(text),
    })
  })

  test.each([
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['0', 0],
    ['-0', -0],
    ['42', 42],
    ['1.5', 1.5],
    ['19.950000000000000000', 19.95],
    ['0.10000000000000001', 0.1],
    ['0.30000000000000004', 0.30000000000000004],
    ['1234567890.1234567', 1234567890.1234567],
    ['1700000000123', 1700000000123],
    ['1e3', 1000],
    ['1E+21', 1e21],
    ['0.000000000000000000000', 0],
    ['0e0', 0],
  ])('%s is a plain number', (text, value) => {
    expect(read(text)).toBe(value)
  })

  test('what only looks like one stays what it is', () => {
    const text = '{"12345678901234567890":"9007199254740993","b\\"12345678901234567890":["\\\\",1]}'
    expect(read(text)).toEqual(JSON.parse(text))
  })

  test.each([
    '01234567890123456789',
    '12345678901234567890.',
    '12345678901234567890e',
    '-',
    '[12345678901234567890 1]',
    '{12345678901234567890:1}',
    '1.2.3.4.5.6.7.8.9',
    '12345678901234567890-1',
    '"12345678901234567890',
  ])('%s is no JSON', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'bad_body' }))
  })

  test('names that objects have anyway are members like others, beside it', () => {
    const document = read('{"__proto__":9007199254740993,"constructor":{"__proto__":1}}') as object
    expect(Object.entries(document)).toEqual([
      ['__proto__', digits('9007199254740993')],
      ['constructor', expect.anything()],
    ])
  })

  test('a document that is kept whole keeps the digits, as text', () => {
    expect(JSON.stringify(read('{"a":9007199254740993}'))).toBe('{"a":"9007199254740993"}')
  })

  test.each([
    ['9007199254740993', '9007199254740993', 9007199254740992],
    ['42', '42', 42],
    ['1.5', undefined, 1.5],
    ['1e400', undefined, Number.POSITIVE_INFINITY],
    ['9.007199254740993E15', undefined, 9007199254740992],
    ['1e21', undefined, 1e21],
    ['"42"', undefined, undefined],
    ['null', undefined, undefined],
    ['[42]', undefined, undefined],
  ])('%s has the whole digits %s and is near %s', (text, whole, near) => {
    expect(wholeDigits(read(text))).toBe(whole)
    expect(nearestNumber(read(text))).toBe(near)
  })
})

describe('JSON inside JSON (F9)', () => {
  test.each([
    ['{"a":[1]}', 3, { a: [1] }],
    ['{"a":[1]}', 1, undefined],
    ['{"a":', 3, undefined],
    ['', 3, undefined],
    ['['.repeat(100_000), 32, undefined],
    ['['.repeat(100_000) + ']'.repeat(100_000), 32, undefined],
  ])('%.20s under %i levels is %j', (text, depth, document) => {
    expect(parseJsonText(text, depth)).toEqual(document)
  })
})

test.each([
  ['{}', {}],
  ['{"a":1}', { a: 1 }],
  ['[]', {}],
  ['[1]', undefined],
  ['[[]]', undefined],
  ['null', undefined],
  ['"{}"', undefined],
  ['0', undefined],
  ['9007199254740993', undefined],
])('B13a: %s as a map of names is %j', (text, map) => {
  expect(mapOf(read(text))).toEqual(map)
})
