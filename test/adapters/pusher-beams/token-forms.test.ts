import { describe, expect, test } from 'vitest'
import { type BeamsPlatform, openBeams, webToken } from './kit.ts'

// Identity R18, as each platform's SDK sends tokens.

describe('a token is never refused for its form', () => {
  test.each<[string, BeamsPlatform, string]>([
    ['apns: short hexadecimal', 'apns', 'abcdef'],
    ['apns: 160 bytes', 'apns', 'ab'.repeat(160)],
    ['apns: text', 'apns', 'simulator token'],
    ['apns: odd length', 'apns', 'abc'],
    ['fcm: 4 KB', 'fcm', 'f'.repeat(4096)],
    ['fcm: odd characters', 'fcm', 'é😀 "\'\\%2F'],
    ['web: no base64', 'web', 'not base64!'],
    ['web: base64 of no JSON', 'web', btoa('hello')],
    ['web: base64 of JSON without an endpoint', 'web', btoa('{"keys":{}}')],
    ['web: base64 of a list', 'web', btoa('[1]')],
    ['web: 2 KB', 'web', webToken(`https://push.test/${'x'.repeat(1500)}`)],
  ])('%s', async (_, platform, form) => {
    const beams = await openBeams()
    const first = await beams.register(platform, { token: form })
    expect(await beams.admin()).toMatchObject([{ externalId: first.id, token: form, active: true }])
    expect((await beams.register(platform, { token: form })).id).toBe(first.id)
  })
})

describe('two forms of one token', () => {
  const endpoint = `https://push.test/${crypto.randomUUID()}`
  const subscription = { endpoint, expirationTime: null, keys: { p256dh: 'BPublic', auth: 'secret' } }
  const json = JSON.stringify(subscription)
  test.each<[string, BeamsPlatform, string, string, boolean]>([
    ['apns in upper case', 'apns', 'abcdef0123456789', 'ABCDEF0123456789', true],
    ['apns with blanks and brackets', 'apns', 'abcdef0123456789', '<abcdef01 23456789>', true],
    ['apns text in upper case', 'apns', 'simulator', 'SIMULATOR', false],
    ['fcm in upper case', 'fcm', 'abcdef', 'ABCDEF', false],
    ['fcm with a blank behind', 'fcm', 'abcdef', 'abcdef ', false],
    ['web with other keys', 'web', webToken(endpoint), webToken(endpoint, { p256dh: 'C', auth: 'd' }), true],
    ['web without padding', 'web', btoa(json), btoa(json).replace(/=+$/, ''), true],
    [
      'web in another order',
      'web',
      btoa(json),
      btoa(JSON.stringify({ keys: subscription.keys, endpoint })),
      true,
    ],
    ['web with another endpoint', 'web', webToken(endpoint), webToken(`${endpoint}2`), false],
  ])('%s', async (_, platform, one, other, same) => {
    const beams = await openBeams()
    const first = await beams.register(platform, { token: one })
    const second = await beams.register(platform, { token: other })
    expect(second.id === first.id).toBe(same)
    const device = (await beams.admin()).find(({ externalId }) => externalId === second.id)
    expect(device).toMatchObject({ token: other })
  })
})
