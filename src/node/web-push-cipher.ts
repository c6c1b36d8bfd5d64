import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import type { Encrypt } from '../delivery/provider.ts'
import { body, KEY_INFO, keyBytes, NONCE_INFO, padded, pushInfo, SALT_BYTES } from '../delivery/record.ts'

/** RFC 8291 with Node's own cryptography, which is four times as fast as WebCrypto on Node. */
export const nodeEncrypt: Encrypt = async (text, keys, ephemeral) => {
  const { point, secret } = keyBytes(keys)
  const ecdh = createECDH('prime256v1')
  if (ephemeral) ecdh.setPrivateKey(ephemeral.privateKey)
  else ecdh.generateKeys()
  const ours = ecdh.getPublicKey()
  const salt = ephemeral?.salt ?? randomBytes(SALT_BYTES)
  const derive = (from: Uint8Array, with_: Uint8Array, info: Uint8Array, bytes: number) =>
    new Uint8Array(hkdfSync('sha256', from, with_, info, bytes))
  const ikm = derive(ecdh.computeSecret(point), secret, pushInfo(point, ours), 32)
  const cipher = createCipheriv(
    'aes-128-gcm',
    derive(ikm, salt, KEY_INFO, 16),
    derive(ikm, salt, NONCE_INFO, 12),
  )
  return body(salt, ours, cipher.update(padded(text)), cipher.final(), cipher.getAuthTag())
}
