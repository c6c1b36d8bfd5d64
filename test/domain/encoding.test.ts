import { expect, test } from 'vitest'
import { fromBase64Url, toBase64Url } from '../../src/domain/encoding.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

test.each([
  ['no bytes', bytes(), ''],
  ['one byte, which would be padded', bytes(255), '_w'],
  ['two bytes, which would be padded', bytes(251, 255), '-_8'],
  ['three bytes', bytes(251, 255, 254), '-__-'],
])('writes and reads base64url: %s', (_, plain, text) => {
  expect(toBase64Url(plain)).toBe(text)
  expect(fromBase64Url(text)).toEqual(plain)
})

test('writes a file of a megabyte', () => {
  expect(toBase64Url(new Uint8Array(3 * 350_000))).toBe('AAAA'.repeat(350_000))
})
