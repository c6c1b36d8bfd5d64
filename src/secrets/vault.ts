import { fromBase64Url, joined, toBase64Url } from '../domain/encoding.ts'

/** Encrypts secrets that must stay readable. */
export interface Vault {
  /** AES-256-GCM with a fresh nonce. `open` needs the same `context`, so a sealed text cannot be moved elsewhere. */
  seal(secret: string, context: string): Promise<string>
  /** Throws if the master key, the sealed text or the context differs. */
  open(sealed: string, context: string): Promise<string>
  /** The same text, sealed with the current key; null if it already is. Throws like `open`. */
  reseal(sealed: string, context: string): Promise<string | null>
  /** A value that identifies the master key and reveals nothing about it. */
  keyMark(): Promise<string>
  /** The key of keyed hashes, for storage; it stays the same when the master key changes. */
  marksKey(): Promise<string>
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
const KEY_MARK = { ...MARKS, info: new TextEncoder().encode('pushport key mark') }
/** The block size of SHA-256. */
const MARKS_KEY_BITS = 512
const HMAC = { name: 'HMAC', hash: 'SHA-256' }
/** The context under which the key of keyed hashes is sealed. */
export const MARKS_CONTEXT = 'vault/marks'

/** 32 bytes in base64, base64url or hexadecimal; null for anything else. */
function masterKeyBytes(text: string): Uint8Array<ArrayBuffer> | null {
  const hex = /^[0-9a-f]{64}$/i.test(text) ? text.match(/../g) : null
  const bytes = hex ? Uint8Array.from(hex, (pair) => Number.parseInt(pair, 16)) : fromBase64Url(text)
  return bytes?.length === 32 ? bytes : null
}

/** Whether a text can be a master key. */
export const isMasterKey = (text: string): boolean => masterKeyBytes(text) !== null

export interface VaultOptions {
  /** The previous master key; texts that it sealed can still be opened. */
  readonly previous?: string | undefined
  /** Reads the stored key of keyed hashes, if there is one; called once. */
  readonly marks?: () => Promise<string | null>
}

/** AES-256-GCM; the tag follows the ciphertext. `open` throws if the tag does not match. */
interface Aes {
  seal(key: Uint8Array, nonce: Uint8Array, context: Uint8Array, text: Uint8Array): Uint8Array
  open(key: Uint8Array, nonce: Uint8Array, context: Uint8Array, sealed: Uint8Array): Uint8Array
}

let aes: Aes | undefined

/**
 * Sets the runtime's own AES, if it has a synchronous one: each WebCrypto call goes through another thread.
 */
export function sealBy(own: Aes): void {
  aes = own
}

/** AES-GCM and the key of keyed hashes for one master key. */
function sealing(masterKey: string) {
  const bytes = masterKeyBytes(masterKey)
  if (!bytes) throw new Error('MASTER_KEY must be 32 bytes in base64 or hexadecimal')
  const key = crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const algorithm = (iv: Uint8Array<ArrayBuffer>, context: string) => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(context),
  })
  return {
    async derived(of: typeof MARKS, bits: number): Promise<Uint8Array<ArrayBuffer>> {
      const base = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits'])
      return new Uint8Array(await crypto.subtle.deriveBits(of, base, bits))
    },
    async seal(secret: string, context: string): Promise<string> {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
      const of = algorithm(nonce, context)
      const plain = new TextEncoder().encode(secret)
      const text =
        aes?.seal(bytes, nonce, of.additionalData, plain) ??
        new Uint8Array(await crypto.subtle.encrypt(of, await key, plain))
      return VERSION + toBase64Url(joined([nonce, text]))
    },
    async open(sealed: string, context: string): Promise<string> {
      const whole = sealed.startsWith(VERSION) ? fromBase64Url(sealed.slice(VERSION.length)) : null
      if (!whole) throw new Error('an encrypted secret is damaged')
      const [iv, rest] = [whole.slice(0, NONCE_BYTES), whole.slice(NONCE_BYTES)]
      const of = algorithm(iv, context)
      const text =
        aes?.open(bytes, iv, of.additionalData, rest) ?? (await crypto.subtle.decrypt(of, await key, rest))
      return new TextDecoder().decode(text)
    },
  }
}

/**
 * Seals with the master key; opens with it or, if there is one, with the previous key. Throws for an invalid
 * text.
 */
export function createVault(masterKey: string, { previous, marks }: VaultOptions = {}): Vault {
  const own = sealing(masterKey)
  const before = previous === undefined ? null : sealing(previous)
  // Stored hashes must stay findable: until a key is stored, it is derived from the first master key.
  const derived = () => (before ?? own).derived(MARKS, MARKS_KEY_BITS)
  let found: Promise<Uint8Array<ArrayBuffer>> | undefined
  const marksBytes = (): Promise<Uint8Array<ArrayBuffer>> => {
    found ??= (async () => {
      const kept = (await marks?.()) ?? null
      return kept === null ? derived() : (fromBase64Url(await open(kept, MARKS_CONTEXT)) ?? derived())
    })()
    found.catch(() => {
      found = undefined
    })
    return found
  }
  let marking: Promise<CryptoKey> | undefined
  const markingKey = (): Promise<CryptoKey> => {
    marking ??= marksBytes().then((key) => crypto.subtle.importKey('raw', key, HMAC, false, ['sign']))
    marking.catch(() => {
      marking = undefined
    })
    return marking
  }
  async function open(sealed: string, context: string): Promise<string> {
    try {
      return await own.open(sealed, context).catch((error) => {
        if (!before) throw error
        return before.open(sealed, context)
      })
    } catch (error) {
      throw new Error('a secret cannot be decrypted: MASTER_KEY is not the key it was encrypted with', {
        cause: error,
      })
    }
  }

  return {
    seal: own.seal,
    open,
    async reseal(sealed, context) {
      const current = await own.open(sealed, context).then(
        () => true,
        () => false,
      )
      return current ? null : own.seal(await open(sealed, context), context)
    },
    keyMark: async () => toBase64Url(await own.derived(KEY_MARK, 128)),
    marksKey: async () => toBase64Url(await marksBytes()),
    async fingerprint(text, context) {
      const message = new TextEncoder().encode(JSON.stringify([context, text]))
      const mark = new Uint8Array(await crypto.subtle.sign('HMAC', await markingKey(), message))
      return Array.from(mark.slice(0, MARK_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('')
    },
  }
}
