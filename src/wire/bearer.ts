/**
 * Reads the token of an `Authorization: Bearer` header (RFC 6750); the scheme is case-insensitive. `missing` without a
 * header, `malformed` for another scheme or an empty token.
 */
export function bearerToken(header: string | undefined): { token: string } | 'missing' | 'malformed' {
  if (header === undefined) return 'missing'
  const match = /^bearer +(\S+) *$/i.exec(header)
  return match?.[1] ? { token: match[1] } : 'malformed'
}
