import { createLocks, type Forge } from './locks.ts'
import { bytesOf, child, children, type Node, needed } from './nodes.ts'
import { type Certificate, type PrivateKey, x509 } from './x509.ts'

export interface Contents {
  readonly certificates: readonly Certificate[]
  readonly keys: readonly PrivateKey[]
}

/**
 * Decrypts the contents of a PKCS#12 file (RFC 7292). node-forge could do it too, but blocks the event loop while it
 * derives keys. Throws for invalid files, a wrong password, or more than `most` rounds of key derivation.
 */
export async function contentsOf(
  library: Forge,
  file: Node,
  { password, most }: { readonly password: string; readonly most: number },
): Promise<Contents> {
  const { asn1 } = library
  const read = x509(library)
  const { nameOf, verify, decrypted } = createLocks(library, password, most)
  const parsed = (bytes: string) => asn1.fromDer(library.util.createBuffer(bytes))
  const certificates: Certificate[] = []
  const keys: PrivateKey[] = []

  async function take(bag: Node): Promise<void> {
    const [kind, held] = [nameOf(child(bag, 0)), child(child(bag, 1), 0)]
    if (kind === 'certBag' && nameOf(child(held, 0)) === 'x509Certificate') {
      const der = bytesOf(child(child(held, 1), 0))
      certificates.push(...readable(() => read.certificate(der)))
    }
    if (kind !== 'keyBag' && kind !== 'pkcs8ShroudedKeyBag') return
    const key = kind === 'keyBag' ? held : await decrypted(child(held, 0), child(held, 1))
    keys.push(...readable(() => read.privateKey(key)))
  }

  const [, safe, seal] = children(file)
  const content = bytesOf(child(child(needed(safe), 1), 0))
  if (seal) await verify(content, seal)
  for (const part of children(parsed(content))) {
    const inside = child(child(part, 1), 0)
    const encrypted = nameOf(child(part, 0)) === 'encryptedData' ? child(inside, 1) : null
    const bags = encrypted
      ? await decrypted(child(encrypted, 1), child(encrypted, 2))
      : parsed(bytesOf(inside))
    for (const bag of children(bags)) await take(bag)
  }
  return { certificates, keys }
}

/** Returns nothing for entries of another kind, such as elliptic-curve keys. */
function readable<Found>(read: () => Found): readonly Found[] {
  try {
    return [read()]
  } catch {
    return []
  }
}
