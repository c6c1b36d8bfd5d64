import type forge from 'node-forge'
import { turn } from '../../domain/turn.ts'

/** Inputs of a key derivation: the password, and parameters from the file. */
export interface Derivation {
  readonly password: string
  /** Bytes in node-forge's form: one character each. */
  readonly salt: string
  readonly rounds: number
  /** Bytes of the key. */
  readonly length: number
}

/** Hashes between two yields to other requests: a few milliseconds. */
const SLICE = 500

/** Digests that WebCrypto's PBKDF2 supports, by their names in the standard; no exporter uses others. */
const DIGESTS: Readonly<Record<string, string>> = {
  hmacWithSHA1: 'SHA-1',
  hmacWithSHA256: 'SHA-256',
  hmacWithSHA384: 'SHA-384',
  hmacWithSHA512: 'SHA-512',
}

/** PBKDF2 (RFC 8018); WebCrypto computes it outside the event loop. */
export async function pbkdf2(pseudorandom: string, of: Derivation): Promise<string> {
  const hash = DIGESTS[pseudorandom]
  if (hash === undefined) throw new Error(`no key derivation by ${pseudorandom}`)
  const key = await crypto.subtle.importKey('raw', octets(of.password), 'PBKDF2', false, ['deriveBits'])
  const how = { name: 'PBKDF2', hash, salt: octets(of.salt), iterations: of.rounds }
  const bits = await crypto.subtle.deriveBits(how, key, of.length * 8)
  return String.fromCharCode(...new Uint8Array(bits))
}

/** node-forge's hash; its types lack `start`, which resets it. */
export interface Digest extends forge.md.MessageDigest {
  start(): void
}

/** The purpose of a derived key (RFC 7292, B.3). */
export const PURPOSE = { key: 1, vector: 2, seal: 3 } as const

/** PKCS#12 key derivation (RFC 7292, B.2), which WebCrypto lacks; computed in slices, serving other requests between. */
export async function pkcs12Key(
  digest: Digest,
  purpose: number,
  { password, salt, rounds, length }: Derivation,
): Promise<string> {
  if (!(rounds >= 1)) throw new Error('a key without any round')
  const block = digest.blockLength
  let input = filled(salt, block) + filled(utf16(`${password}\0`), block)
  let derived = ''
  for (let made = 0; derived.length < length; ) {
    let hash = String.fromCharCode(purpose).repeat(block) + input
    for (let round = 0; round < rounds; round++) {
      digest.start()
      hash = digest.update(hash).digest().getBytes()
      if (++made % SLICE === 0) await turn()
    }
    derived += hash
    input = advanced(input, filled(hash, block).slice(0, block))
  }
  return derived.slice(0, length)
}

/** Adds `by` and one to each block of the input, as integers. */
function advanced(input: string, by: string): string {
  const bytes = octets(input)
  for (let end = bytes.length; end > 0; end -= by.length) {
    let carry = 1
    for (let at = by.length - 1; at >= 0; at--) {
      const place = end - by.length + at
      carry += (bytes[place] ?? 0) + by.charCodeAt(at)
      bytes[place] = carry & 0xff
      carry >>= 8
    }
  }
  return String.fromCharCode(...bytes)
}

/** Repeats the text up to a multiple of the block size; empty for an empty text. */
function filled(text: string, block: number): string {
  const length = block * Math.ceil(text.length / block)
  return length === 0 ? '' : text.repeat(Math.ceil(length / text.length)).slice(0, length)
}

const octets = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** UTF-16, most significant byte first. */
const utf16 = (text: string): string =>
  text.replace(/[\s\S]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) >> 8, unit.charCodeAt(0) & 0xff))
