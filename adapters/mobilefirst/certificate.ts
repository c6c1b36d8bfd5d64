import type forge from 'node-forge'
import { roundsOf } from './certificate-rounds.ts'

/** What an APNs certificate says of itself. */
export interface Certificate {
  readonly validUntil: Date
  /** A certificate for development builds alone. */
  readonly sandbox: boolean
}

/** Apple's extensions: which of its push services a certificate is for. */
const DEVELOPMENT = '1.2.840.113635.100.6.3.1'
const PRODUCTION = '1.2.840.113635.100.6.3.2'

/**
 * Rounds of key derivation for one file; exports of Keychain Access, OpenSSL and Java need some thousands. One upload must
 * not hold up all others: the rounds are read from the file before any is made.
 */
const MOST_ROUNDS = 50_000

/**
 * The certificate in a PKCS#12 file, as Keychain Access exports it. Null where the file does not open with the
 * password, asks for too many rounds, holds no certificate with its private key, or the key belongs to another one.
 */
export async function readCertificate(file: Uint8Array, password: string): Promise<Certificate | null> {
  // Loaded with the first certificate: many gateways never see one, and it is large.
  const { default: library } = await import('node-forge')
  try {
    const document = library.asn1.fromDer(library.util.createBuffer(library.util.binary.raw.encode(file)))
    if (roundsOf(library, document, password, MOST_ROUNDS) > MOST_ROUNDS) return null
    return own(library.pkcs12.pkcs12FromAsn1(document, password))
  } catch {
    // Whatever the file is, it is no certificate that could ever be used.
    return null
  }
}

/** The certificate whose private key is there, too. */
function own({ safeContents }: forge.pkcs12.Pkcs12Pfx): Certificate | null {
  const bags = safeContents.flatMap((content) => content.safeBags)
  const keys = bags.flatMap((bag) => (bag.key ? [bag.key as forge.pki.rsa.PrivateKey] : []))
  const found = bags
    .flatMap((bag) => (bag.cert ? [bag.cert] : []))
    .find((certificate) => keys.some((key) => belongs(key, certificate)))
  if (!found) return null
  const has = (oid: string) => found.extensions.some((extension: { id?: string }) => extension.id === oid)
  return { validUntil: found.validity.notAfter, sandbox: has(DEVELOPMENT) && !has(PRODUCTION) }
}

function belongs(key: forge.pki.rsa.PrivateKey, { publicKey }: forge.pki.Certificate): boolean {
  return 'n' in publicKey && publicKey.n.equals(key.n) && publicKey.e.equals(key.e)
}
