import { expect, test } from 'vitest'
import { nativeSha256 } from '../../src/node/hash.ts'
import { sha256Hex } from '../../src/secrets/hash.ts'

// A hash stored by one of them is looked up by the other, on another runtime.
test.each([
  ['nothing', ''],
  ['ASCII', 'abc'],
  ['letters of two and three bytes', 'Grüße, 漢字'],
  ['a pair of surrogates', '👋🏽'],
  ['a lone surrogate', 'a\ud800b'],
  ['the end of a pair, alone', '\udc00'],
  ['NUL', 'a\0b'],
  ['a byte order mark', '\ufeffa'],
  ['more than a block', 'token '.repeat(10_000)],
])('Node’s own SHA-256 is that of the other runtimes: %s', (_, text) => {
  expect(nativeSha256(text)).toBe(sha256Hex(text))
})
