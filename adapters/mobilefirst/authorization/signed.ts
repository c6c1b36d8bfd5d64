import { fromBase64Url, toBase64Url } from '../../../src/domain/encoding.ts'
import { type Json, mapOf, parseJsonText } from '../../../src/wire/json.ts'

/** The key that a client registered; its assertions are verified only with this key (section 8). */
export type ClientKey =
  | { readonly alg: 'RS256'; readonly n: string; readonly e: string }
  /** The text itself is the HMAC key, not decoded. */
  | { readonly alg: 'HS256'; readonly secret: string }

/** A JWS in the SDKs' form: base64 in either alphabet, with or without padding; signed over the text as sent. */
export interface Signed {
  readonly header: Json
  readonly payload: Json
  readonly input: string
  readonly signature: Uint8Array<ArrayBuffer>
}

/** Parses a JWS from its three parts; null if it is invalid or its JSON is nested deeper than allowed in a body. */
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

/** Parses the compact form. */
export function signedCompact(text: string, maxDepth: number): Signed | null {
  const [header, payload, signature, ...more] = text.split('.')
  return more.length > 0 ? null : signedParts({ header, payload, signature }, maxDepth)
}

function jsonOf(base64: string, maxDepth: number): Json | null {
  const bytes = fromBase64Url(base64)
  const document = bytes && parseJsonText(textOf(bytes), maxDepth)
  return Array.isArray(document) ? null : (mapOf(document) ?? null)
}

/** Decodes UTF-8 or, if invalid, Latin-1, in which the web SDK signs texts such as a device's name. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  }
}

/** Android's keys have 512 bits; keys above 4096 would be too expensive to verify. */
const KEY_BITS = { least: 512, most: 4096 }
const SECRET_LENGTH = { least: 16, most: 500 }

/** The key in a registration's header; null if it is unsupported. */
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

/** Verifies the signature with the key. */
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
 * Uses WebCrypto for keys that both runtimes support, and JavaScript for smaller ones: WebCrypto on Workers may refuse
 * 512 bits, and jose refuses keys below 2048. A small key only puts its own device's registration at risk, not the
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
  // Loaded on first use: many gateways never need it.
  const { default: forge } = await import('node-forge')
  const number = (bytes: Uint8Array) =>
    new forge.jsbn.BigInteger(forge.util.bytesToHex(forge.util.binary.raw.encode(bytes)), 16)
  const digest = forge.md.sha256.create()
  digest.update(input, 'utf8')
  const key = forge.pki.rsa.setPublicKey(number(n), number(e))
  return key.verify(digest.digest().getBytes(), forge.util.binary.raw.encode(signature))
}

/** Keys that WebCrypto verifies, outside the event loop; its exponents have at most 32 bits. */
const NATIVE = { least: 2048, exponentBits: 32 }
/** In JavaScript, each bit of the exponent costs a multiplication on the event loop; 17 bits allow 65537. */
const SMALL = { exponentBits: 17 }

interface RsaNumbers {
  /** Without leading zeros. */
  readonly n: Uint8Array<ArrayBuffer>
  readonly e: Uint8Array<ArrayBuffer>
  readonly bits: number
}

/** Modulus and exponent of a key, if within bounds. The modulus may start with a zero byte (Android). */
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
