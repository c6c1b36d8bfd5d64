/** Base64url without padding (RFC 4648, section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  let characters = ''
  // In chunks, because each byte becomes an argument of the call.
  for (let at = 0; at < bytes.length; at += PIECE)
    characters += String.fromCharCode(...bytes.subarray(at, at + PIECE))
  const text = btoa(characters)
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

const PIECE = 8192

/** Decodes base64 in either alphabet, with or without padding; null for invalid text. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  const plain = text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '')
  if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) return null
  const characters = atob(plain)
  const bytes = new Uint8Array(characters.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at)
  return bytes
}

/** Random bytes as lower-case hexadecimal. */
export const randomHex = (bytes: number): string => toHex(crypto.getRandomValues(new Uint8Array(bytes)))

/** Lower-case hexadecimal. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Random bytes as base64url. */
export const randomBase64Url = (bytes: number): string =>
  toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)))

/** The bytes of all parts, one after another. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
