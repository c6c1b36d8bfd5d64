import { describe, expect, test } from 'vitest'
import { fcmData, ignoredData, inLanguage, mergePatch, present } from '../../src/domain/payload.ts'

test('data for FCM is text: numbers, truth values, lists and objects become their JSON', () => {
  const data = { a: 'x', b: 1.5, c: false, d: [1], e: { f: 'g' }, h: null, i: undefined }
  expect(fcmData(data)).toEqual({ a: 'x', b: '1.5', c: 'false', d: '[1]', e: '{"f":"g"}' })
})

test('keys that FCM refuses are left out, and named', () => {
  const data = { from: 1, message_type: 2, collapse_key: 3, 'google.a': 4, gcm: 5, fromage: 6, a_gcm: 7 }
  expect(fcmData(data)).toEqual({ fromage: '6', a_gcm: '7' })
  expect(ignoredData(data, 'fcm.data')).toEqual([
    'fcm.data.from',
    'fcm.data.message_type',
    'fcm.data.collapse_key',
    'fcm.data.google.a',
    'fcm.data.gcm',
  ])
})

describe('a merge patch (RFC 7396)', () => {
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [{ a: 1 }, undefined, { a: 1 }],
  ])('%j with %j is %j', (document, patch, merged) => expect(mergePatch(document, patch)).toEqual(merged))

  test('a member called __proto__ is a member', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":1}}'))
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":1}}')
  })
})

test('absent and null members are left out', () => {
  expect(present({ a: 0, b: null, c: undefined, d: '' })).toEqual({ a: 0, d: '' })
})

describe('the text of a language', () => {
  const text = { default: 'D', en: 'E', de: 'G', 'zh-Hans': 'C' }
  test.each([
    ['the exact one', text, 'zh-Hans', 'C'],
    ['that of its first part', text, 'de-AT', 'G'],
    ['the default', text, 'fr', 'D'],
    ['English without a default', { en: 'E', de: 'G' }, null, 'E'],
    ['the first one without either', { it: 'I', fr: 'F' }, 'xx', 'I'],
    ['the one there is', 'T', 'de', 'T'],
    ['none where there is none', undefined, 'de', undefined],
    ['the default where the language is a member of every object', text, 'constructor', 'D'],
  ])('is %s', (_, of, language, expected) => expect(inLanguage(of, language)).toBe(expected))
})
