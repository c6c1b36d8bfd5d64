import { describe, expect, test } from 'vitest'
import { isNothing, isSharedId } from '../../src/domain/absent.ts'
import { isStorable, isStorableDocument, repaired, repairedDocument } from '../../src/domain/text.ts'

describe('R19, words for nothing', () => {
  test.each([
    '',
    'null',
    'NULL',
    'Null',
    '(null)',
    '(NULL)',
    'undefined',
    'nil',
    'None',
    'NaN',
    '[object Object]',
    'BLACKLISTED',
    'blacklisted',
    ' null',
    'null\n',
  ])('%j is none', (text) => {
    expect(isNothing(text)).toBe(true)
  })

  test.each([
    '0',
    'false',
    'nullable',
    'null:1',
    'x-null',
    'nil nil',
    '()',
    'none.',
    'null null',
    ' ',
    'no',
    '(nil)',
  ])('%j is a text like others', (text) => {
    expect(isNothing(text)).toBe(false)
  })
})

describe('R21, ids that many phones have', () => {
  test.each([
    'unknown',
    'UNKNOWN',
    '00000000-0000-0000-0000-000000000000',
    '0000000000000000',
    '00000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    'FFFFffffFFFF',
    '0123456789ABCDEF',
    '0123456789abcdef',
    '9774d56d682e549c',
    '9774D56D682E549C',
    'xxxxxxxx',
    '😀'.repeat(8),
  ])('%s says nothing', (id) => {
    expect(isSharedId(id)).toBe(true)
  })

  test.each([
    '',
    '0000000',
    '0',
    'unknown-1',
    'unknown:abc',
    '0123456789ABCDE',
    '9774d56d682e549d',
    '00000000-0000-0000-0000-000000000001',
    'abababab',
    '--------',
    'shared:00000000',
  ])('%s says which phone it is', (id) => {
    expect(isSharedId(id)).toBe(false)
  })
})

const BROKEN = ['\ud83d', 'a\ud83db', '\ude00', '\ude00\ud83d', 'x\0', '\0', 'ok 😀\ud83d']
const WHOLE = ['', 'plain', '😀', '🇩🇪👩‍👩‍👧', 'שלום "x" \\', '\ufffd', '\u0001', '\uffff']

describe('R22, what can be stored', () => {
  test.each(BROKEN)('%j cannot, but its repaired form can', (text) => {
    expect(isStorable(text)).toBe(false)
    expect(isStorable(repaired(text))).toBe(true)
    expect(repaired(text)).toContain('\ufffd')
  })

  test.each(WHOLE)('%j can, as it is', (text) => {
    expect(isStorable(text)).toBe(true)
    expect(repaired(text)).toBe(text)
  })

  test('half of a pair costs its own place alone', () => {
    expect(repaired('phone \ud83d 😀\0.')).toBe('phone \ufffd 😀\ufffd.')
  })

  test('a document is repaired at every depth, names included, and is itself where nothing is broken', () => {
    const whole = { a: ['😀', { b: 1, c: null }] }
    expect(isStorableDocument(whole)).toBe(true)
    expect(repairedDocument(whole)).toBe(whole)
    const broken = JSON.parse('{"a\\u0000":["\\ud83d",{"__proto__":"\\ude00"}],"n":1}')
    expect(isStorableDocument(broken)).toBe(false)
    expect(JSON.stringify(repairedDocument(broken))).toBe(
      '{"a\ufffd":["\ufffd",{"__proto__":"\ufffd"}],"n":1}',
    )
  })
})
