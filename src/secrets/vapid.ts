import { exportJWK, generateKeyPair, importJWK } from 'jose'
import { fromBase64Url, toBase64Url } from '../domain/encoding.ts'

/** A key pair for web push (RFC 8292): uncompressed public point, 65 bytes; private scalar, 32 bytes; both base64url. */
export interface VapidPair {
  readonly publicKey: string
  readonly privateKey: string
}

export async function generateVapid(): Promise<VapidPair> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '', d = '' } = await exportJWK(privateKey)
  const point = new Uint8Array(65)
  point[0] = 4
  point.set(fromBase64Url(x) ?? [], 1)
  point.set(fromBase64Url(y) ?? [], 33)
  return { publicKey: toBase64Url(point), privateKey: d }
}

/** Re-encodes a valid pair in the form that browsers require: base64url without padding. */
export const canonicalVapid = ({ publicKey, privateKey }: VapidPair): VapidPair => ({
  publicKey: toBase64Url(fromBase64Url(publicKey) ?? new Uint8Array()),
  privateKey: toBase64Url(fromBase64Url(privateKey) ?? new Uint8Array()),
})

/** The fault of a pair as a sentence, or null. Checks both formats and that the keys belong together. */
export async function vapidFault({ publicKey, privateKey }: VapidPair): Promise<string | null> {
  const point = fromBase64Url(publicKey)
  const scalar = fromBase64Url(privateKey)
  if (point?.length !== 65 || point[0] !== 4)
    return 'publicKey must be an uncompressed P-256 point: 65 bytes in base64url'
  if (scalar?.length !== 32) return 'privateKey must be 32 bytes in base64url'
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: toBase64Url(point.slice(1, 33)),
    y: toBase64Url(point.slice(33)),
    ext: true,
  }
  try {
    const ours = await importJWK({ ...jwk, d: toBase64Url(scalar) }, 'ES256')
    const theirs = await importJWK(jwk, 'ES256')
    if (ours instanceof Uint8Array || theirs instanceof Uint8Array)
      return 'publicKey and privateKey must be P-256 keys'
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const probe = new TextEncoder().encode('pushport')
    const signature = await crypto.subtle.sign(algorithm, ours, probe)
    return (await crypto.subtle.verify(algorithm, theirs, signature, probe))
      ? null
      : 'privateKey does not belong to publicKey'
  } catch {
    return 'publicKey and privateKey are not a P-256 pair'
  }
}
