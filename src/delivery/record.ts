import { fromBase64Url, joined } from '../domain/encoding.ts'
import type { WebPushKeys } from '../domain/push-token.ts'

/** The single record of a Web Push message (RFC 8188, RFC 8291), shared by its implementations. */
const RECORD_SIZE = 4096
export const SALT_BYTES = 16
const POINT_BYTES = 65

const encoder = new TextEncoder()
export const KEY_INFO = encoder.encode('Content-Encoding: aes128gcm\0')
export const NONCE_INFO = encoder.encode('Content-Encoding: nonce\0')
const PUSH_INFO = encoder.encode('WebPush: info\0')
/** The delimiter after the plaintext of the last record. */
const LAST = Uint8Array.of(2)

/** The keys of a subscription as bytes. Throws for invalid keys. */
export function keyBytes({ p256dh, auth }: WebPushKeys) {
  const [point, secret] = [fromBase64Url(p256dh), fromBase64Url(auth)]
  if (point?.length !== POINT_BYTES || point[0] !== 4) throw new Error('p256dh is no uncompressed point')
  if (secret?.length !== SALT_BYTES) throw new Error('auth is not 16 bytes')
  return { point, secret }
}

export const pushInfo = (theirs: Uint8Array, ours: Uint8Array) => joined([PUSH_INFO, theirs, ours])

export const padded = (text: Uint8Array) => joined([text, LAST])

/** Salt, record size and our public point, which precede the ciphertext. */
export function body(salt: Uint8Array, ours: Uint8Array, ...ciphertext: readonly Uint8Array[]) {
  const size = new Uint8Array(4)
  new DataView(size.buffer).setUint32(0, RECORD_SIZE)
  return joined([salt, size, Uint8Array.of(ours.length), ours, ...ciphertext])
}
