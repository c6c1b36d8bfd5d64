import { describe, expect, test } from 'vitest'
import { BY_TEXT, BY_TEXT_AND_TIME, BY_TIME, cursorsOf } from '../../src/domain/cursor.ts'
import { LENGTHS } from '../../src/domain/lengths.ts'

const devices = cursorsOf('devices', BY_TIME)
const topics = cursorsOf('topics', BY_TEXT)
const subscriptions = cursorsOf('subscriptions', BY_TEXT_AND_TIME)

/** Text in the form of a cursor: JSON in base64url. */
const crafted = (content: unknown) => {
  const json = typeof content === 'string' ? content : JSON.stringify(content)
  return Buffer.from(json).toString('base64url')
}

describe('a cursor', () => {
  test.each([
    [0, ''],
    [1, 'a'],
    [Number.MAX_SAFE_INTEGER, 'Nachrichten 👋🏽'],
  ] as const)('gives back the place that it was made of: %j', (...place) => {
    expect(devices.decode(devices.encode(place))).toEqual(place)
  })

  test.each([
    ['of many bytes', '\u{1d11e}'],
    ['that must be escaped', '\u0001'],
    ['of quotes', '"'],
  ])('holds the longest name, %s', (_, character) => {
    const name = character.repeat(LENGTHS.topic)
    expect(topics.decode(topics.encode([name]))).toEqual([name])
    const longest = [name.slice(0, LENGTHS.id), 1, 'id'] as const
    expect(subscriptions.decode(subscriptions.encode(longest))).toEqual(longest)
  })

  test('needs no escaping in a URL', () => {
    expect(devices.encode([1, '>>>???~~~ÿÿÿ'])).toMatch(/^[\w-]+$/)
  })

  test.each<[string, string]>([
    ['empty', ''],
    ['no base64', '***'],
    ['no text in UTF-8', Buffer.from([0xff, 0xfe]).toString('base64url')],
    ['no JSON', crafted('{')],
    ['null', crafted(null)],
    ['a number', crafted(7)],
    ['an object', crafted({ at: 1, id: 'a' })],
    ['without a list', crafted([1, 1, 'a'])],
    ['of another version', crafted([2, 'devices', 1, 'a'])],
    ['of no version', crafted(['devices', 1, 'a'])],
    ['of another list', cursorsOf('installations', BY_TIME).encode([1, 'a'])],
    ['of a list with other places', topics.encode(['a'])],
    ['too short', crafted([1, 'devices', 1])],
    ['too long', crafted([1, 'devices', 1, 'a', 'b'])],
    ['with a text for a time', crafted([1, 'devices', '1', 'a'])],
    ['with a fraction', crafted([1, 'devices', 1.5, 'a'])],
    ['with a time before all', crafted([1, 'devices', -1, 'a'])],
    ['with a number beyond what is safe', crafted('[1,"devices",9007199254740993,"a"]')],
    ['with infinity', crafted('[1,"devices",1e999,"a"]')],
    ['with an object for an id', crafted([1, 'devices', 1, { toString: 1 }])],
    ['with a list for an id', crafted([1, 'devices', 1, ['a']])],
    ['with half an emoji', crafted('[1,"devices",1,"\\ud83d"]')],
    ['with U+0000', crafted('[1,"devices",1,"\\u0000"]')],
    ['in another spelling of JSON', crafted('[1, "devices", 1, "a"]')],
    ['with a number in another spelling', crafted('[1,"devices",1e0,"a"]')],
    ['padded', `${devices.encode([1, 'ab'])}=`],
    ['of more text than a place can have', devices.encode([1, 'a'.repeat(10_000)])],
    ['very long', 'A'.repeat(1_000_000)],
  ])('that is %s is none', (_, text) => {
    expect(devices.decode(text)).toBeNull()
  })
})
