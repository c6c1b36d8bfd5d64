import { createCipheriv, createDecipheriv } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const TAG_BYTES = 16

/** AES-256-GCM by OpenSSL, in the thread of its caller. */
export const nativeAes = {
  seal(key: Uint8Array, nonce: Uint8Array, context: Uint8Array, text: Uint8Array): Uint8Array {
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(context)
    return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
  },
  open(key: Uint8Array, nonce: Uint8Array, context: Uint8Array, sealed: Uint8Array): Uint8Array {
    const end = sealed.length - TAG_BYTES
    if (end < 0) throw new Error('an encrypted secret is damaged')
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(context)
    decipher.setAuthTag(sealed.subarray(end))
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()])
  },
}
