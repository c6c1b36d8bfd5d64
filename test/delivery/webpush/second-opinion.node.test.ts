import { createECDH } from 'node:crypto'
import { decrypt } from 'http_ece'
import { expect, test } from 'vitest'
import webPush from 'web-push'
import { webEncrypt } from '../../../src/delivery/providers/webpush/cipher.ts'
import { fromBase64Url } from '../../../src/domain/encoding.ts'
import { nodeEncrypt } from '../../../src/node/web-push-cipher.ts'
import { opened, subscribe } from '../../fixtures/push-services/web-push.ts'

test.each([
  ['Node’s', nodeEncrypt],
  ['WebCrypto’s', webEncrypt],
])('http_ece opens what %s cipher makes', async (_, cipher) => {
  const { keys, jwk } = await subscribe('https://push.example', 'one')
  const privateKey = createECDH('prime256v1')
  privateKey.setPrivateKey(fromBase64Url(jwk.d ?? '') ?? new Uint8Array())
  for (const text of ['', 'x', 'ü'.repeat(1996)]) {
    const body = await cipher(new TextEncoder().encode(text), keys)
    const plain = decrypt(Buffer.from(body), { version: 'aes128gcm', privateKey, authSecret: keys.auth })
    expect(plain.toString()).toBe(text)
  }
})

test('the browser of the tests opens what web-push makes', async () => {
  const subscription = await subscribe('https://push.example', 'one')
  const { p256dh, auth } = subscription.keys
  const { cipherText } = webPush.encrypt(p256dh, auth, 'a message', 'aes128gcm')
  expect(await opened(new Uint8Array(cipherText), subscription)).toBe('a message')
})
