import forge from 'node-forge'
import { fromBase64Url } from '../../../src/wire/encoding.ts'
import type { Json } from '../values.ts'

/** The key that a client registered with; its later assertions are verified with this one alone (section 8). */
export type ClientKey =
  | { readonly alg: 'RS256'; readonly n: string; readonly e: string }
  /** The text itself is the HMAC key, without any decoding. */
  | { readonly alg: 'HS256'; readonly secret: string }

/** A JWS as the SDKs write it: base64 in either alphabet, padded or not, over the text as it was sent. */
export interface Signed {
  readonly header: Json
  readonly payload: Json
  readonly input: string
  readonly signature: Uint8Array<ArrayBuffer>
}

/** From its three parts; null where they are no JWS. */
export function signedParts(header: unknown, payload: unknown, signature: unknown): Signed | null {
  if (typeof header !== 'string' || typeof payload !== 'string' || typeof signature !== 'string') return null
  const parsedHeader = jsonOf(header)
  const parsedPayload = jsonOf(payload)
  const bytes = fromBase64Url(signature)
  if (!parsedHeader || !parsedPayload || !bytes) return null
  return { header: parsedHeader, payload: parsedPayload, input: `${header}.${payload}`, signature: bytes }
}

/** From its compact form. */
export function signedCompact(text: string): Signed | null {
  const [header, payload, signature, ...more] = text.split('.')
  return more.length > 0 ? null : signedParts(header, payload, signature)
}

function jsonOf(base64: string): Json | null {
  try {
    const bytes = fromBase64Url(base64)
    const document: unknown = bytes && JSON.parse(textOf(bytes))
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Json)
      : null
  } catch {
    return null
  }
}

/** UTF-8, or one byte for each character: the web SDK writes what it signs so, a device's name included. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  }
}

/** Android's keys have 512 bits; more than 4096 would cost too much to verify. */
const KEY_BITS = { least: 512, most: 4096 }
const SECRET_LENGTH = { least: 16, most: 500 }

/** The key that a registration presents in its header; null where it is none that is understood. */
export function presentedKey({ alg, jwk, key }: Json): ClientKey | null {
  if (alg === 'HS256') {
    const fine =
      typeof key === 'string' && key.length >= SECRET_LENGTH.least && key.length <= SECRET_LENGTH.most
    return fine ? { alg, secret: key } : null
  }
  if (alg !== 'RS256' || typeof jwk !== 'object' || jwk === null) return null
  const { n, e } = jwk as Json
  if (typeof n !== 'string' || typeof e !== 'string') return null
  const found = { alg, n, e } as const
  return rsaKey(found) ? found : null
}

/** Whether the key made the signature. */
export async function verifies(key: ClientKey, { header, input, signature }: Signed): Promise<boolean> {
  if (header.alg !== key.alg) return false
  return key.alg === 'HS256' ? verifiesHmac(key.secret, input, signature) : verifiesRsa(key, input, signature)
}

async function verifiesHmac(secret: string, input: string, signature: Uint8Array<ArrayBuffer>) {
  const encoder = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['verify'])
  return crypto.subtle.verify(algorithm, key, signature, encoder.encode(input))
}

/**
 * In JavaScript on both runtimes: WebCrypto on Workers may refuse 512 bits, and jose refuses whatever is below 2048. What
 * such a key protects is one device's own registration, not the gateway.
 */
function verifiesRsa(key: ClientKey & { alg: 'RS256' }, input: string, signature: Uint8Array): boolean {
  const publicKey = rsaKey(key)
  if (!publicKey) return false
  const digest = forge.md.sha256.create()
  digest.update(input, 'utf8')
  try {
    return publicKey.verify(digest.digest().getBytes(), forge.util.binary.raw.encode(signature))
  } catch {
    return false
  }
}

/** The modulus may start with a zero byte (Android). */
function rsaKey({ n, e }: { readonly n: string; readonly e: string }) {
  const modulus = integer(n)
  const exponent = integer(e)
  if (!modulus || !exponent) return null
  const bits = modulus.bitLength()
  const exponentFine = exponent.bitLength() >= 2 && exponent.bitLength() <= 32 && exponent.testBit(0)
  if (bits < KEY_BITS.least || bits > KEY_BITS.most || !exponentFine || !modulus.testBit(0)) return null
  return forge.pki.rsa.setPublicKey(modulus, exponent)
}

function integer(base64: string) {
  const bytes = fromBase64Url(base64)
  if (!bytes || bytes.length === 0 || bytes.length > KEY_BITS.most / 8 + 1) return null
  return new forge.jsbn.BigInteger(forge.util.bytesToHex(forge.util.binary.raw.encode(bytes)), 16)
}
