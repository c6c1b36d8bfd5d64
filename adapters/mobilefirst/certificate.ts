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

/** Rounds of key derivation for one file; exports of Keychain Access, OpenSSL and Java need some thousands. */
const MOST_ROUNDS = 300_000
/** What is left of them while a file is read, which is done without a pause; null in between. */
let left: number | null = null

type Derive = (...values: unknown[]) => unknown
/** The library derives keys for as many rounds as a file says: bounded here, or one upload would hold up all others. */
function bound(owner: Record<string, unknown>, name: string, roundsAt: number): void {
  const derive = owner[name] as Derive
  owner[name] = (...values: unknown[]) => {
    if (left !== null) left -= Number(values[roundsAt]) || 0
    if (left !== null && left < 0) throw new Error('the file asks for too many rounds')
    return derive(...values)
  }
}
// The functions by which the library itself does it, looked up at each call; its types leave two of them out.
const library = forge as unknown as Record<'pkcs5' | 'pkcs12' | 'pbe', Record<string, unknown>>
bound(library.pkcs5, 'pbkdf2', 2)
bound(library.pbe, 'generatePkcs12Key', 3)
bound(library.pkcs12, 'generateKey', 3)

/**
 * The certificate in a PKCS#12 file, as Keychain Access exports it. Null where the file does not open with the
 * password, holds no certificate with its private key, or the key belongs to another certificate.
 */
export function readCertificate(file: Uint8Array, password: string): Certificate | null {
  left = MOST_ROUNDS
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
  } finally {
    left = null
  }
}

function belongs(key: forge.pki.rsa.PrivateKey, { publicKey }: forge.pki.Certificate): boolean {
  return 'n' in publicKey && publicKey.n.equals(key.n) && publicKey.e.equals(key.e)
}
