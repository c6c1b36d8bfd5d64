import type forge from 'node-forge'
import { turn } from '../../src/domain/turn.ts'
import { type Contents, contentsOf } from './certificate-contents.ts'

/** Properties of an APNs certificate. */
export interface Certificate {
  readonly validUntil: Date
  /** Valid only for development builds. */
  readonly sandbox: boolean
}

/** Apple's extensions that mark which push services a certificate is for. */
const DEVELOPMENT = '1.2.840.113635.100.6.3.1'
const PRODUCTION = '1.2.840.113635.100.6.3.2'

/**
 * Most rounds of key derivation per file, so that one upload cannot occupy the event loop. Exports of Keychain Access,
 * OpenSSL and Java need some thousands.
 */
const MOST_ROUNDS = 50_000

/**
 * Reads the certificate in a PKCS#12 file, as exported by Keychain Access. Null if the password is wrong, the file needs
 * too many rounds, or it contains no certificate with its own private key.
 */
export async function readCertificate(file: Uint8Array, password: string): Promise<Certificate | null> {
  // Loaded on first use: node-forge is large, and many gateways never need it.
  const { default: library } = await import('node-forge')
  await turn()
  try {
    const document = library.asn1.fromDer(library.util.createBuffer(library.util.binary.raw.encode(file)))
    return own(await contentsOf(library, document, { password, most: MOST_ROUNDS }))
  } catch {
    // Any error means that the file is not a usable certificate.
    return null
  }
}

/** The certificate that comes with its private key. */
function own({ certificates, keys }: Contents): Certificate | null {
  const found = certificates.find((certificate) => keys.some((key) => belongs(key, certificate)))
  if (!found) return null
  const has = (oid: string) => found.extensions.some((extension: { id?: string }) => extension.id === oid)
  return { validUntil: found.validity.notAfter, sandbox: has(DEVELOPMENT) && !has(PRODUCTION) }
}

function belongs(key: forge.pki.rsa.PrivateKey, { publicKey }: forge.pki.Certificate): boolean {
  return 'n' in publicKey && publicKey.n.equals(key.n) && publicKey.e.equals(key.e)
}
