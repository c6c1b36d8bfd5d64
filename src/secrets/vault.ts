import { fromBase64Url, toBase64Url } from '../domain/encoding.ts'

/** Encrypts secrets that must stay readable. */
export interface Vault {
  /** AES-256-GCM with a fresh nonce. `open` needs the same `context`, so a sealed text cannot be moved elsewhere. */
  seal(secret: string, context: string): Promise<string>
  /** Throws if the master key, the sealed text or the context differs. */
  open(sealed: string, context: string): Promise<string>
  /** A keyed hash of text and context, 16 hexadecimal digits; cannot be computed without the master key. */
  fingerprint(text: string, context: string): Promise<string>
}

const NONCE_BYTES = 12
const VERSION = 'v1.'
/** Derives the fingerprint key from the master key (RFC 5869). */
const MARKS = {
  name: 'HKDF',
  hash: 'SHA-256',
  salt: new Uint8Array(),
  info: new TextEncoder().encode('pushport fingerprint'),
}
const MARK_BYTES = 8

/** 32 bytes in base64, base64url or hexadecimal; null for anything else. */
function masterKeyBytes(text: string): Uint8Array<ArrayBuffer> | null {
  const hex = /^[0-9a-f]{64}$/i.test(text) ? text.match(/../g) : null
  const bytes = hex ? Uint8Array.from(hex, (pair) => Number.parseInt(pair, 16)) : fromBase64Url(text)
  return bytes?.length === 32 ? bytes : null
}

/** Whether a text can be a master key. */
export const isMasterKey = (text: string): boolean => masterKeyBytes(text) !== null

/** Throws if `masterKey` does not satisfy `isMasterKey`. */
export function createVault(masterKey: string): Vault {
  const bytes = masterKeyBytes(masterKey)
  if (!bytes) throw new Error('MASTER_KEY must be 32 bytes in base64 or hexadecimal')
  const key = crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const marking = crypto.subtle
    .importKey('raw', bytes, 'HKDF', false, ['deriveKey'])
    .then((base) => crypto.subtle.deriveKey(MARKS, base, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']))
  const algorithm = (iv: Uint8Array<ArrayBuffer>, context: string) => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(context),
  })

  return {
    async seal(secret, context) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
      const text = await crypto.subtle.encrypt(
        algorithm(nonce, context),
        await key,
        new TextEncoder().encode(secret),
      )
      const sealed = new Uint8Array(NONCE_BYTES + text.byteLength)
      sealed.set(nonce)
      sealed.set(new Uint8Array(text), NONCE_BYTES)
      return VERSION + toBase64Url(sealed)
    },

    async fingerprint(text, context) {
      const message = new TextEncoder().encode(JSON.stringify([context, text]))
      const mark = new Uint8Array(await crypto.subtle.sign('HMAC', await marking, message))
      return Array.from(mark.slice(0, MARK_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('')
    },

    async open(sealed, context) {
      const bytes = sealed.startsWith(VERSION) ? fromBase64Url(sealed.slice(VERSION.length)) : null
      if (!bytes) throw new Error('a sealed secret is damaged')
      try {
        const text = await crypto.subtle.decrypt(
          algorithm(bytes.slice(0, NONCE_BYTES), context),
          await key,
          bytes.slice(NONCE_BYTES),
        )
        return new TextDecoder().decode(text)
      } catch (error) {
        throw new Error('a sealed secret does not open: MASTER_KEY is not the one it was sealed with', {
          cause: error,
        })
      }
    },
  }
}
