import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Aes } from '../secrets/vault.ts'

const ALGORITHM = 'aes-256-gcm'
const TAG_BYTES = 16

/** AES-256-GCM by OpenSSL, in the thread of its caller. */
export const nativeAes: Aes = {
  seal(key, nonce, context, text) {
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(context)
    return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
  },
  open(key, nonce, context, sealed) {
    const end = sealed.length - TAG_BYTES
    if (end < 0) throw new Error('a sealed secret is damaged')
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(context)
    decipher.setAuthTag(sealed.subarray(end))
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()])
  },
}
