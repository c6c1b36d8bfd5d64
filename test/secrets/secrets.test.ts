import { describe, expect, test } from 'vitest'
import { fromBase64Url, toBase64Url } from '../../src/domain/encoding.ts'
import { sameHash, sha256Hex } from '../../src/secrets/hash.ts'
import { generateVapid, vapidFault } from '../../src/secrets/vapid.ts'
import { createVault } from '../../src/secrets/vault.ts'

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

describe('the vault', () => {
  test('opens what it sealed, and seals the same text differently each time', async () => {
    const vault = createVault(KEY)
    const [one, two] = [await vault.seal('sécret', 'app'), await vault.seal('sécret', 'app')]
    expect(one).not.toBe(two)
    expect(one).not.toContain('sécret')
    expect(await vault.open(one, 'app')).toBe('sécret')
  })

  test.each([
    ['in another context', KEY, (sealed: string) => sealed, 'other'],
    ['with another key', KEY.replace('AAEC', 'AAED'), (sealed: string) => sealed, 'app'],
    [
      'when a byte is changed',
      KEY,
      (sealed: string) => `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`,
      'app',
    ],
    ['when it is cut', KEY, (sealed: string) => sealed.slice(0, 20), 'app'],
    ['without its version', KEY, (sealed: string) => sealed.slice(3), 'app'],
  ])('does not open %s', async (_, key, spoil, context) => {
    const sealed = await createVault(KEY).seal('secret', 'app')
    await expect(createVault(key).open(spoil(sealed), context)).rejects.toThrow(
      /secret (is damaged|cannot be decrypted)/,
    )
  })

  test('takes the same key in hexadecimal', async () => {
    const hex = Array.from(fromBase64Url(KEY) ?? [], (byte) => byte.toString(16).padStart(2, '0')).join('')
    expect(await createVault(hex).open(await createVault(KEY).seal('secret', 'app'), 'app')).toBe('secret')
  })

  test.each(['', 'short', `${KEY}AAAA`, '*'.repeat(44)])('refuses the master key %j', (key) => {
    expect(() => createVault(key)).toThrow('MASTER_KEY')
  })
})

describe('VAPID pairs', () => {
  test('a generated pair has no fault', async () => {
    const pair = await generateVapid()
    expect(fromBase64Url(pair.publicKey)).toHaveLength(65)
    expect(await vapidFault(pair)).toBeNull()
  })

  test('the halves of two pairs do not belong together', async () => {
    const [one, two] = [await generateVapid(), await generateVapid()]
    expect(await vapidFault({ publicKey: one.publicKey, privateKey: two.privateKey })).not.toBeNull()
  })

  test.each([
    ['a short point', { publicKey: 'BAAA' }],
    ['a compressed point', { publicKey: toBase64Url(new Uint8Array(65).fill(2)) }],
    ['a point off the curve', { publicKey: toBase64Url(new Uint8Array(65).fill(4)) }],
    ['a short scalar', { privateKey: 'AAAA' }],
    ['text that is no base64', { privateKey: '!!!' }],
  ])('%s is a fault', async (_, part) => {
    expect(await vapidFault({ ...(await generateVapid()), ...part })).toEqual(expect.any(String))
  })
})

describe('hashes', () => {
  test('are SHA-256 in hexadecimal', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
  test.each([
    ['ab', 'ab', true],
    ['ab', 'ac', false],
    ['ab', 'abc', false],
    ['', '', true],
  ])('%j and %j are equal: %j', (left, right, expected) => {
    expect(sameHash(left, right)).toBe(expected)
  })
})

describe('base64', () => {
  test.each([
    ['aGk', 'hi'],
    ['aGk=', 'hi'],
    ['-_8', '\xfb\xff'],
    ['+/8=', '\xfb\xff'],
    ['', ''],
  ])('%j is read in either alphabet', (text, expected) => {
    expect(String.fromCharCode(...(fromBase64Url(text) ?? []))).toBe(expected)
  })
  test.each(['a', '*', 'aGk!', 'aaaaa'])('%j is none', (text) => {
    expect(fromBase64Url(text)).toBeNull()
  })
})
