import { toBase64Url } from '../../../domain/encoding.ts'
import type { Encrypt, Ephemeral } from '../../provider.ts'
import { body, KEY_INFO, keyBytes, NONCE_INFO, padded, pushInfo, SALT_BYTES } from '../../record.ts'

const CURVE = { name: 'ECDH', namedCurve: 'P-256' }

/** RFC 8291 with WebCrypto, for runtimes without a faster implementation. */
export const webEncrypt: Encrypt = async (text, keys, ephemeral) => {
  const { point, secret } = keyBytes(keys)
  const theirs = await crypto.subtle.importKey('raw', point, CURVE, false, [])
  const { privateKey, ours } = await pairOf(ephemeral)
  const salt = ephemeral?.salt ?? crypto.getRandomValues(new Uint8Array(SALT_BYTES))
  // The types name this member `$public` to avoid the keyword; runtimes read `public`.
  const derivation = { name: 'ECDH', public: theirs } as unknown as SubtleCryptoDeriveKeyAlgorithm
  const common = new Uint8Array(await crypto.subtle.deriveBits(derivation, privateKey, 256))
  const ikm = await derive(common, secret, pushInfo(point, ours), 32)
  const [key, nonce] = [await derive(ikm, salt, KEY_INFO, 16), await derive(ikm, salt, NONCE_INFO, 12)]
  const cipher = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, cipher, padded(text))
  return body(salt, ours, new Uint8Array(sealed))
}

async function pairOf(given: Ephemeral | undefined): Promise<{ privateKey: CryptoKey; ours: Uint8Array }> {
  if (given) {
    const { publicKey: ours, privateKey: scalar } = given
    const [x, y, d] = [ours.slice(1, 33), ours.slice(33), scalar].map(toBase64Url)
    const jwk = { kty: 'EC', crv: 'P-256', ...(x && { x }), ...(y && { y }), ...(d && { d }) }
    return { privateKey: await crypto.subtle.importKey('jwk', jwk, CURVE, false, ['deriveBits']), ours }
  }
  // Safe cast: this algorithm generates key pairs.
  const pair = (await crypto.subtle.generateKey(CURVE, false, ['deriveBits'])) as CryptoKeyPair
  // Safe cast: a raw key is exported as bytes.
  const raw = (await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer
  return { privateKey: pair.privateKey, ours: new Uint8Array(raw) }
}

async function derive(from: Uint8Array, salt: Uint8Array, info: Uint8Array, bytes: number) {
  const key = await crypto.subtle.importKey('raw', from, 'HKDF', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, bytes * 8)
  return new Uint8Array(bits)
}
