import { fromBase64Url, toBase64Url } from '../../../src/domain/encoding.ts'
import { type Json, mapOf, parseJsonText } from '../../../src/wire/json.ts'

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

/** From its three parts; null where they are no JWS, or its JSON is deeper than a body's may be. */
export function signedParts(
  parts: { readonly header?: unknown; readonly payload?: unknown; readonly signature?: unknown },
  maxDepth: number,
): Signed | null {
  const { header, payload, signature } = parts
  if (typeof header !== 'string' || typeof payload !== 'string' || typeof signature !== 'string') return null
  const parsedHeader = jsonOf(header, maxDepth)
  const parsedPayload = jsonOf(payload, maxDepth)
  const bytes = fromBase64Url(signature)
  if (!parsedHeader || !parsedPayload || !bytes) return null
  return { header: parsedHeader, payload: parsedPayload, input: `${header}.${payload}`, signature: bytes }
}

/** From its compact form. */
export function signedCompact(text: string, maxDepth: number): Signed | null {
  const [header, payload, signature, ...more] = text.split('.')
  return more.length > 0 ? null : signedParts({ header, payload, signature }, maxDepth)
}

function jsonOf(base64: string, maxDepth: number): Json | null {
  const bytes = fromBase64Url(base64)
  const document = bytes && parseJsonText(textOf(bytes), maxDepth)
  return Array.isArray(document) ? null : (mapOf(document) ?? null)
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
  return rsaNumbers(found) ? found : null
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

type RsaKey = ClientKey & { readonly alg: 'RS256' }

/**
 * By WebCrypto where both runtimes know such keys; smaller ones in JavaScript, since WebCrypto on Workers may refuse 512
 * bits and jose refuses whatever is below 2048. What such a key protects is one device's own registration, not the
 * gateway.
 */
async function verifiesRsa(key: RsaKey, input: string, signature: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const numbers = rsaNumbers(key)
  if (!numbers) return false
  try {
    return numbers.bits < NATIVE.least
      ? await verifiesSmall(numbers, input, signature)
      : await verifiesNatively(numbers, input, signature)
  } catch {
    return false
  }
}

async function verifiesNatively({ n, e }: RsaNumbers, input: string, signature: Uint8Array<ArrayBuffer>) {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const jwk = { kty: 'RSA', n: toBase64Url(n), e: toBase64Url(e) }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
  return crypto.subtle.verify(algorithm.name, key, signature, new TextEncoder().encode(input))
}

async function verifiesSmall({ n, e }: RsaNumbers, input: string, signature: Uint8Array): Promise<boolean> {
  // Loaded when the first such client comes: many gateways never see one.
  const { default: forge } = await import('node-forge')
  const number = (bytes: Uint8Array) =>
    new forge.jsbn.BigInteger(forge.util.bytesToHex(forge.util.binary.raw.encode(bytes)), 16)
  const digest = forge.md.sha256.create()
  digest.update(input, 'utf8')
  const key = forge.pki.rsa.setPublicKey(number(n), number(e))
  return key.verify(digest.digest().getBytes(), forge.util.binary.raw.encode(signature))
}

/** From so many bits WebCrypto verifies, off the one thread; its exponents have 32 bits at most. */
const NATIVE = { least: 2048, exponentBits: 32 }
/** In JavaScript each bit of the exponent costs a multiplication that holds up everybody: no more than 65537 has. */
const SMALL = { exponentBits: 17 }

interface RsaNumbers {
  /** Without leading zeros. */
  readonly n: Uint8Array<ArrayBuffer>
  readonly e: Uint8Array<ArrayBuffer>
  readonly bits: number
}

/** The two numbers of a key, if they are within bounds. The modulus may start with a zero byte (Android). */
function rsaNumbers({ n, e }: { readonly n: string; readonly e: string }): RsaNumbers | null {
  const modulus = integer(n)
  const exponent = integer(e)
  if (!modulus || !exponent) return null
  const bits = bitsOf(modulus)
  const exponentBits = bitsOf(exponent)
  const most = (bits < NATIVE.least ? SMALL : NATIVE).exponentBits
  const fine =
    bits >= KEY_BITS.least &&
    bits <= KEY_BITS.most &&
    isOdd(modulus) &&
    exponentBits >= 2 &&
    exponentBits <= most &&
    isOdd(exponent)
  return fine ? { n: modulus, e: exponent, bits } : null
}

function integer(base64: string): Uint8Array<ArrayBuffer> | null {
  const bytes = fromBase64Url(base64)
  if (!bytes || bytes.length > KEY_BITS.most / 8 + 1) return null
  const first = bytes.findIndex((byte) => byte !== 0)
  return first < 0 ? null : bytes.slice(first)
}

const bitsOf = (bytes: Uint8Array): number => bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24
const isOdd = (bytes: Uint8Array): boolean => ((bytes.at(-1) ?? 0) & 1) === 1
