import { expect, test } from 'vitest'
import { reasonOf } from '../../src/delivery/outcome.ts'
import { providers } from '../../src/delivery/providers/index.ts'
import { stableId } from '../../src/delivery/stable-id.ts'
import { PROVIDERS } from '../../src/domain/push-token.ts'

test('every push service is in the list once, under the name that tokens have', () => {
  const kinds = providers.map(({ kind }) => kind)
  expect(new Set(kinds).size).toBe(kinds.length)
  expect(PROVIDERS).toEqual(expect.arrayContaining([...kinds]))
})

test('the id of a message to a token is the same every time, and another for another token or message', () => {
  const id = stableId('send-1', 'token-1')
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(stableId('send-1', 'token-1')).toBe(id)
  expect(new Set([id, stableId('send-2', 'token-1'), stableId('send-1', 'token-2')]).size).toBe(3)
})

test.each([
  ['an address', 'see https://push.example/secret/1 for more', [], 'see … for more'],
  ['a token', 'token abc: unknown', ['abc', ''], 'token …: unknown'],
  ['control characters', 'a\nb\u0000c\u2028d', [], 'a b c d'],
  ['more than 200 characters', 'x'.repeat(300), [], 'x'.repeat(200)],
])('a reason does not hold %s', (_, text, hidden, expected) => {
  expect(reasonOf(text, hidden)).toBe(expected)
})
