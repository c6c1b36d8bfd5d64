import type { Forge } from './locks.ts'
import { bytesOf, child, children, type Node, needed } from './nodes.ts'

/** The numbers of a public RSA key, as bytes. */
interface RsaPublic {
  readonly modulus: string
  readonly exponent: string
}

/**
 * The parts of a certificate that are used (RFC 5280). node-forge reads all of them, but takes up a fifth of
 * the Worker's bundle.
 */
export interface Certificate {
  /** Bytes. */
  readonly der: string
  readonly notAfter: Date
  /** The first value of an attribute of the subject, by its object identifier. */
  subject(oid: string): string | null
  readonly extensions: ReadonlySet<string>
  /** Null for keys of other kinds. */
  readonly publicKey: RsaPublic | null
}

/** A private RSA key (RFC 8017). */
export interface PrivateKey extends RsaPublic {
  /** Bytes. */
  readonly der: string
}

const RSA = '1.2.840.113549.1.1.1'
const CONTEXT_SPECIFIC = 0x80

/** Parsers of certificates and keys. They throw for invalid input and for unsupported kinds. */
export function x509({ asn1, util }: Forge) {
  // Bit strings are kept as bytes and not parsed further.
  const parsed = (der: string): Node =>
    asn1.fromDer(util.createBuffer(der), { decodeBitStrings: false } as never)
  const oidOf = (node: Node) => asn1.derToOid(bytesOf(node))
  const tagged = (node: Node, tag: number) =>
    Number(node.tagClass) === CONTEXT_SPECIFIC && Number(node.type) === tag
  const numbers = (modulus: Node, exponent: Node): RsaPublic => ({
    modulus: bytesOf(modulus),
    exponent: bytesOf(exponent),
  })

  function dateOf(node: Node): Date {
    const text = bytesOf(node)
    return node.type === asn1.Type.UTCTIME ? asn1.utcTimeToDate(text) : asn1.generalizedTimeToDate(text)
  }

  function publicKeyOf(info: Node): RsaPublic | null {
    if (oidOf(child(child(info, 0), 0)) !== RSA) return null
    // The first byte is the number of unused bits in the last one.
    const key = parsed(bytesOf(child(info, 1)).slice(1))
    return numbers(child(key, 0), child(key, 1))
  }

  return {
    certificate(der: string): Certificate {
      const fields = children(child(parsed(der), 0))
      const [, , , validity, subject, info] = tagged(needed(fields[0]), 0) ? fields.slice(1) : fields
      const attributes = children(needed(subject)).flatMap((set) => children(set))
      const extensions = fields.find((field) => tagged(field, 3))
      return {
        der,
        notAfter: dateOf(child(needed(validity), 1)),
        subject(oid) {
          const found = attributes.find((attribute) => oidOf(child(attribute, 0)) === oid)
          return found ? bytesOf(child(found, 1)) : null
        },
        extensions: new Set(
          extensions ? children(child(extensions, 0)).map((extension) => oidOf(child(extension, 0))) : [],
        ),
        publicKey: publicKeyOf(needed(info)),
      }
    },

    /** A key in PKCS#8. */
    privateKey(info: Node): PrivateKey {
      if (oidOf(child(child(info, 1), 0)) !== RSA) throw new Error('the key is not an RSA key')
      const der = bytesOf(child(info, 2))
      const key = parsed(der)
      return { der, ...numbers(child(key, 1), child(key, 2)) }
    },
  }
}

/** Whether a private key belongs to a certificate. */
export const belongs = (key: PrivateKey, { publicKey }: Certificate): boolean =>
  publicKey?.modulus === key.modulus && publicKey.exponent === key.exponent

/** As PEM. */
export function pem(label: 'CERTIFICATE' | 'RSA PRIVATE KEY', der: string): string {
  const lines = btoa(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
