import { turn } from '../domain/turn.ts'
import { type Contents, contentsOf } from './pkcs12/contents.ts'
import { belongs, pem } from './pkcs12/x509.ts'

/** A certificate that authenticates an app's back end to APNs. */
export interface ApnsCertificate {
  /** The app's bundle id: the subject's UID, if it has one. */
  readonly topic: string | null
  readonly validUntil: Date
  /** The environments that it names. */
  readonly environments: readonly ('production' | 'sandbox')[]
  /** In PEM, the own certificate first. */
  readonly chain: string
  readonly key: string
}

/** Apple's extensions that mark which push services a certificate is for. */
const MARKS = [
  ['production', '1.2.840.113635.100.6.3.2'],
  ['sandbox', '1.2.840.113635.100.6.3.1'],
] as const
const UID = '0.9.2342.19200300.100.1.1'

/**
 * Most rounds of key derivation per file, so that one upload cannot occupy the event loop. Exports of Keychain Access,
 * OpenSSL and Java need some thousands.
 */
const MOST_ROUNDS = 50_000

/**
 * Reads the certificate in a PKCS#12 file, as exported by Keychain Access. Null if the password is wrong, the file needs
 * too many rounds, or it contains no certificate with its own private key.
 */
export async function readApnsCertificate(
  file: Uint8Array,
  password: string,
): Promise<ApnsCertificate | null> {
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
function own({ certificates, keys }: Contents): ApnsCertificate | null {
  for (const certificate of certificates) {
    const key = keys.find((one) => belongs(one, certificate))
    if (!key) continue
    const chain = [certificate, ...certificates.filter((one) => one !== certificate)]
    return {
      topic: certificate.subject(UID),
      validUntil: certificate.notAfter,
      environments: MARKS.filter(([, oid]) => certificate.extensions.has(oid)).map(([place]) => place),
      chain: chain.map(({ der }) => pem('CERTIFICATE', der)).join(''),
      key: pem('RSA PRIVATE KEY', key.der),
    }
  }
  return null
}
