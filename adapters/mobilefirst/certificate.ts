import type forge from 'node-forge'
import { type Contents, contentsOf } from './certificate-contents.ts'
import { turn } from './certificate-keys.ts'

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
 * not take more of the one thread: no file gets more than so many, in slices.
 */
const MOST_ROUNDS = 50_000

/**
 * The certificate in a PKCS#12 file, as Keychain Access exports it. Null where the file does not open with the
 * password, asks for too many rounds, holds no certificate with its private key, or the key belongs to another one.
 */
export async function readCertificate(file: Uint8Array, password: string): Promise<Certificate | null> {
  // Loaded with the first certificate: many gateways never see one, and it is large.
  const { default: library } = await import('node-forge')
  await turn()
  try {
    const document = library.asn1.fromDer(library.util.createBuffer(library.util.binary.raw.encode(file)))
    return own(await contentsOf(library, document, { password, most: MOST_ROUNDS }))
  } catch {
    // Whatever the file is, it is no certificate that could ever be used.
    return null
  }
}

/** The certificate whose private key is there, too. */
function own({ certificates, keys }: Contents): Certificate | null {
  const found = certificates.find((certificate) => keys.some((key) => belongs(key, certificate)))
  if (!found) return null
  const has = (oid: string) => found.extensions.some((extension: { id?: string }) => extension.id === oid)
  return { validUntil: found.validity.notAfter, sandbox: has(DEVELOPMENT) && !has(PRODUCTION) }
}

function belongs(key: forge.pki.rsa.PrivateKey, { publicKey }: forge.pki.Certificate): boolean {
  return 'n' in publicKey && publicKey.n.equals(key.n) && publicKey.e.equals(key.e)
}
