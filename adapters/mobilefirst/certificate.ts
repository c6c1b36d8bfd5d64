import forge from 'node-forge'

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
 * The certificate in a PKCS#12 file, as Keychain Access exports it. Null where the file does not open with the
 * password, holds no certificate with its private key, or the key belongs to another certificate.
 */
export function readCertificate(file: Uint8Array, password: string): Certificate | null {
  try {
    const der = forge.util.createBuffer(forge.util.binary.raw.encode(file))
    const store = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(der), password)
    const bags = store.safeContents.flatMap((content) => content.safeBags)
    const keys = bags.flatMap((bag) => (bag.key ? [bag.key as forge.pki.rsa.PrivateKey] : []))
    const own = bags
      .flatMap((bag) => (bag.cert ? [bag.cert] : []))
      .find((certificate) => keys.some((key) => belongs(key, certificate)))
    if (!own) return null
    const has = (oid: string) => own.extensions.some((extension: { id?: string }) => extension.id === oid)
    return { validUntil: own.validity.notAfter, sandbox: has(DEVELOPMENT) && !has(PRODUCTION) }
  } catch {
    // Whatever the file is, it is no certificate that could ever be used.
    return null
  }
}

function belongs(key: forge.pki.rsa.PrivateKey, { publicKey }: forge.pki.Certificate): boolean {
  return 'n' in publicKey && publicKey.n.equals(key.n) && publicKey.e.equals(key.e)
}
